"""A first configuration: what the columns of a table show, by their headers, and the file. Pure."""

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from confluence_changelog.columns import map_headings
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.fields import carries
from confluence_changelog.settings import RowSettings
from confluence_changelog.text import plain

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Draft(NamedTuple):
    """What the file is to say."""

    url: str
    page: str
    """The id of the page."""
    title: str
    """Of the page, for a comment."""
    flavour: str
    number: int | None
    """Of the table; None where its headers are enough to find it."""
    columns: dict[str, str]
    since: str
    since_is: str
    """What that is, for a comment."""
    order: str = "newest-first"
    repository: str = RowSettings().repository
    """Its name in the identity of rows."""


def fields_by_name(headers: Sequence[str]) -> dict[str, str]:
    """Return what columns show by their headers, each field once; those that say nothing are left out."""
    folded = [_folded(header) for header in headers]
    found: dict[str, str] = {}
    for header, name, field in zip(headers, folded, map_headings(headers), strict=True):
        if field and name and folded.count(name) == 1 and field not in found.values():
            found[header] = field
    return found


def is_recognisable(columns: dict[str, str]) -> bool:
    """Tell whether a row with these columns can carry its identity."""
    try:
        return any(map(carries, columns.values()))
    except ConfigurationError:
        return False


def likely_logs(tables: Sequence[Sequence[str]]) -> list[int]:
    """Return which of the tables, given by their headers, are most like a log: indices from 0."""
    found = [fields_by_name(headers) for headers in tables]
    scores = [len(columns) if is_recognisable(columns) else 0 for columns in found]
    most = max(scores, default=0)
    return [at for at, score in enumerate(scores) if score == most and score > 1]


def render(draft: Draft) -> str:
    """Return the configuration file."""
    number = (
        ""
        if draft.number is None
        else f"# The log is this table of the page.\nnumber = {draft.number}\n"
    )
    order = (
        '# New rows go to the end.\norder = "oldest-first"\n'
        if draft.order == "oldest-first"
        else ""
    )
    columns = "".join(
        f"{_key(header)} = {_text(field)}\n" for header, field in draft.columns.items()
    )
    row = ""
    if draft.repository != RowSettings().repository:
        row = (
            "\n[row]\n# The name of this repository in the log, which others may share. It never changes.\n"
            f"repository = {_text(draft.repository)}\n"
        )
    return f"""\
# What confluence-changelog does for this repository; docs/configuration.md lists what else can be said.
# Credentials never stand here: they come from `confluence-changelog login` or the environment.

[page]
url = {_text(draft.url)}
# {plain(draft.title)}
id = {draft.page}
# Said here, so that publishing costs two requests.
flavour = {_text(draft.flavour)}

[table]
{number}{order}# Header of the table's column = what it shows; other columns stay empty.
[table.columns]
{columns}{row}
[scope]
# {plain(draft.since_is)}
since = {_text(draft.since)}
"""


def _key(text: str) -> str:
    return text if _BARE_KEY.fullmatch(text) else _text(text)


def _text(text: str) -> str:
    """Return a TOML string; what JSON escapes, TOML does likewise, and DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _folded(text: str) -> str:
    return " ".join(text.split()).rstrip("?:").casefold()
