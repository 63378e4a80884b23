"""Lays an entry out as a table row in storage format, with its identity.

Every cell holds block content (``<td><p>…</p></td>``): Confluence's own editor refuses macros and
links directly in a ``<td>``. Nothing of the commit becomes mark-up.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from confluence_changelog.entry import Entry
from confluence_changelog.identity import Identity, anchor_name, digest, link_fragment
from confluence_changelog.reverts import Links, link_reverts, no_links
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage.visible import visible_text
from confluence_changelog.text import blocks, cut, inline

_WIDE = re.compile("[\U00010000-\U0010ffff]")
_HASH_BEFORE_HASH = re.compile("#(?=#)")
_LONGEST_LINE = 1000
"""Characters of a subject or a name that are shown: a commit can hold more than a page can."""

EMPTY_CELL = "<p><br /></p>"
"""How Confluence's editors store an empty cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """A laid-out row."""

    identity: Identity
    storage: str
    cells: tuple[str, ...]
    """The text of each cell, as a reader sees it."""


def lay_out(
    entry: Entry,
    fields: Sequence[str | None],
    settings: RowSettings,
    links: Links = no_links,
) -> Row:
    """Lay an entry out as a row.

    Args:
        entry: the entry.
        fields: for each column of the table, from left to right, the field that it shows; None
            leaves the cell empty. One of them is ``commit`` or ``date``: it carries the identity.
        settings: texts and bounds.
        links: where the ids of reverted commits lead.

    """
    contents = [_content(name, entry, settings, links) for name in fields]
    identity = Identity(entry.id, settings.repository, digest("".join(contents)))
    return make_row(identity, contents, identity_field(fields), _mark(entry, identity))


def make_row(identity: Identity, contents: Sequence[str], place: int, mark: str) -> Row:
    """Make a row of the contents of its cells, with the mark beside what stands at `place`."""
    marked = [*contents]
    marked[place] = _with_mark(marked[place], mark)
    return Row(
        identity=identity,
        storage="<tr>" + "".join(f"<td>{content}</td>" for content in marked) + "</tr>",
        cells=tuple(visible_text(content) for content in marked),
    )


def identity_field(fields: Sequence[str | None]) -> int:
    """Return the column that carries the identity: the commit's, or else the date's."""
    return fields.index("commit" if "commit" in fields else "date")


def _content(name: str | None, entry: Entry, settings: RowSettings, links: Links) -> str:
    content = _CONTENT[name](entry, settings) if name else EMPTY_CELL
    if name == "body":
        content = link_reverts(content, len(entry.abbreviated), links)
    return storable(content, settings)


def storable(content: str, settings: RowSettings) -> str:
    """Return the content of a cell, without what CI takes for a command where the row is printed.

    Azure Pipelines and TeamCity obey ``##[``, ``##vso[`` and ``##teamcity[`` anywhere in a log's line.
    """
    if settings.wide_characters == "replace":
        content = _WIDE.sub("\N{REPLACEMENT CHARACTER}", content)
    return _HASH_BEFORE_HASH.sub("&#35;", content)


def _with_mark(content: str, mark: str) -> str:
    """Put what carries the identity beside the date, behind a space that Confluence's editors keep."""
    before = content.removesuffix("</p>").removesuffix("<br />")
    space = "" if before == "<p>" else "&#160;"
    return f"{before}{space}{mark}</p>"


def _mark(entry: Entry, identity: Identity) -> str:
    if entry.url:
        address = inline(entry.url.partition("#")[0])
        fragment = link_fragment(identity.repository, identity.digest)
        return f'<a href="{_attribute(address)}#{fragment}">{entry.abbreviated}</a>'
    return anchor(anchor_name(identity))


def anchor(name: str) -> str:
    """Return an anchor macro, which no reader sees."""
    return (
        '<ac:structured-macro ac:name="anchor" ac:schema-version="1">'
        f'<ac:parameter ac:name="">{name}</ac:parameter></ac:structured-macro>'
    )


def _attribute(escaped: str) -> str:
    return escaped.replace('"', "&quot;")


def date_content(day: date) -> str:
    """Return the content of a cell that shows a date."""
    return f'<p><time datetime="{day.isoformat()}" /></p>'


def line(text: str, *, code: bool = False) -> str:
    """Return a text as one line of mark-up, cut where it is too long to be one."""
    shown, was_cut = cut(text, _LONGEST_LINE)
    return inline(f"{shown} …" if was_cut else shown, code=code)


def _authors(entry: Entry) -> str:
    return (
        f"{entry.author} (with {', '.join(entry.co_authors)})" if entry.co_authors else entry.author
    )


def _body(entry: Entry, settings: RowSettings) -> str:
    if not entry.body.strip():
        return f"<p>{inline(settings.missing_reason)}</p>"
    text, was_cut = cut(entry.body, settings.body_limit)
    shown = blocks(text) or f"<p>{inline(settings.missing_reason)}</p>"
    if not was_cut:
        return shown
    rest = "continues in the commit"
    if entry.url:
        rest = f'<a href="{_attribute(inline(entry.url))}">{rest}</a>'
    return f"{shown}<p>… {rest}</p>"


_CONTENT: dict[str, Callable[[Entry, RowSettings], str]] = {
    "date": lambda entry, _: date_content(entry.date),
    "author": lambda entry, _: f"<p>{line(_authors(entry))}</p>",
    "committer": lambda entry, _: f"<p>{line(entry.committer)}</p>",
    "subject": lambda entry, settings: (
        f"<p>{line(entry.subject, code=True) or inline(settings.missing_subject)}</p>"
    ),
    "body": _body,
    "commit": lambda _entry, _settings: EMPTY_CELL,
}
