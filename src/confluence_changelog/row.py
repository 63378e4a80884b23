"""Lays an entry out as a table row in storage format, with its identity.

Every cell holds block content (``<td><p>…</p></td>``): Confluence's own editor refuses macros and
links directly in a ``<td>``. Its shape is that of the rows around it (see `looks`). Nothing of the
commit becomes mark-up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from confluence_changelog.content import cell_content
from confluence_changelog.entry import Entry
from confluence_changelog.fields import carries, is_dated, pieces, shows
from confluence_changelog.given import NOWHERE, Target
from confluence_changelog.identity import Identity, anchor_name, digest, link_fragment
from confluence_changelog.looks import CellLook, Look, dressed
from confluence_changelog.macros import parts
from confluence_changelog.reverts import Links, link_reverts, no_links
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage.visible import visible_text
from confluence_changelog.text import attribute, inline

_WIDE = re.compile("[\U00010000-\U0010ffff]")
_FOLDED = re.compile(
    r"<ac:rich-text-body>(?:<!\[CDATA\[.*?\]\]>|.)*?</ac:rich-text-body>", re.DOTALL
)
_HASH_BEFORE_HASH = re.compile("#(?=#)")


@dataclass(frozen=True, slots=True)
class Row:
    """A laid-out row."""

    identity: Identity
    storage: str
    cells: tuple[str, ...]
    """The text of each cell, as a reader sees it before unfolding any."""


def lay_out(
    entry: Entry,
    fields: Sequence[str | None],
    settings: RowSettings,
    links: Links = no_links,
    *,
    place: int | None = None,
    number: str = "",
    look: Look | None = None,
    target: Target = NOWHERE,
) -> Row:
    """Lay an entry out as a row.

    Args:
        entry: the entry.
        fields: for each column of the table, from left to right, what it shows (see `fields`); None
            leaves the cell empty.
        settings: texts and bounds.
        links: where the ids of reverted commits lead.
        place: the column that carries the identity; None: as `identity_field` says.
        number: the running number of the row.
        look: the shape of the row; None: a plain one.
        target: what the row is laid out for.

    """

    def made(target: Target) -> list[str]:
        return cell_contents(entry, fields, settings, links, number=number, target=target)

    contents = made(target)
    identity = Identity(entry.id, settings.repository, digest("".join(contents)))
    place = identity_field(fields) if place is None else place
    row = make_row(identity, contents, place, _mark(entry, identity), look)
    if not target.mentions:
        return row
    named = made(target._replace(mentions={}))
    return replace(row, cells=make_row(identity, named, place, _mark(entry, identity)).cells)


def cell_contents(
    entry: Entry,
    fields: Sequence[str | None],
    settings: RowSettings,
    links: Links = no_links,
    *,
    number: str = "",
    target: Target = NOWHERE,
) -> list[str]:
    """Return the content of each cell of an entry's row, without its identity; as for `lay_out`."""
    return [_content(shown, entry, settings, links, (number, target)) for shown in fields]


def make_row(
    identity: Identity, contents: Sequence[str], place: int, mark: str, look: Look | None = None
) -> Row:
    """Make a row of the contents of its cells, with the mark beside what stands at `place`."""
    marked = [*contents]
    marked[place] = _with_mark(marked[place], mark)
    shape = look or Look("", (CellLook(),) * len(marked))
    cells = "".join(map(dressed, marked, shape.cells))
    return Row(
        identity=identity,
        storage=f"<tr{shape.attributes}>{cells}</tr>",
        cells=tuple(visible_text(_FOLDED.sub("", cell), references=True) for cell in marked),
    )


def identity_field(fields: Sequence[str | None]) -> int:
    """Return the column that carries the identity: the commit's, or else a date's."""
    return identity_fields(fields)[0]


def identity_fields(fields: Sequence[str | None]) -> list[int]:
    """Return the columns that can carry the identity, the one that does where none has any first."""
    dated = [index for index, shown in enumerate(fields) if shown and is_dated(shown)]
    dated.sort(key=lambda index: fields[index] != "date")
    return [*([fields.index("commit")] if "commit" in fields else []), *dated]


def _content(
    shown: str | None,
    entry: Entry,
    settings: RowSettings,
    links: Links,
    place: tuple[str, Target],
) -> str:
    """Return the content of a cell; in one that can carry an identity no text becomes a link."""
    number, target = place
    content = cell_content(pieces(shown or ""), entry, settings, number, target)
    if shown and shows(shown, "body") and not carries(shown):
        content = link_reverts(content, len(entry.abbreviated), links)
    return storable(content, settings)


def storable(content: str, settings: RowSettings) -> str:
    """Return the content of a cell, without what CI takes for a command where the row is printed.

    Azure Pipelines and TeamCity obey ``##[``, ``##vso[`` and ``##teamcity[`` anywhere in a log's line.
    In CDATA, where no reference is read, the section is split between the two.
    """
    if settings.wide_characters == "replace":
        content = _WIDE.sub("\N{REPLACEMENT CHARACTER}", content)
    return "".join(
        _HASH_BEFORE_HASH.sub("#]]><![CDATA[" if number % 2 else "&#35;", part)
        for number, part in enumerate(parts(content))
    )


def _with_mark(content: str, mark: str) -> str:
    """Put what carries the identity beside the date, behind a space that Confluence's editors keep."""
    before = content.removesuffix("</p>").removesuffix("<br />")
    if before == content:
        return f"{content}<p>{mark}</p>"
    space = "" if before == "<p>" else "&#160;"
    return f"{before}{space}{mark}</p>"


def _mark(entry: Entry, identity: Identity) -> str:
    if entry.url:
        address = inline(entry.url.partition("#")[0])
        fragment = link_fragment(identity.repository, identity.digest)
        return f'<a href="{attribute(address)}#{fragment}">{entry.abbreviated}</a>'
    return anchor(anchor_name(identity))


def anchor(name: str) -> str:
    """Return an anchor macro, which no reader sees."""
    return (
        '<ac:structured-macro ac:name="anchor" ac:schema-version="1">'
        f'<ac:parameter ac:name="">{name}</ac:parameter></ac:structured-macro>'
    )
