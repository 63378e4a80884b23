"""How new rows look: as the rows around them do, in what belongs to the table and not to one row. Pure.

From a row are taken the kind of each cell, its class, alignment and width, the ``content-wrapper`` that
Data Center's editor puts around content, and the alignment of its paragraphs. Never taken are ids,
highlight colours, spans and anything inside the paragraphs, such as markers of inline comments.

Content stays in a ``<p>`` where a neighbour has bare text: Confluence's editors refuse macros and links
directly in a cell, and put bare text into a ``<p>`` themselves. Only Data Center's own numbers stay bare.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape
from typing import NamedTuple

from confluence_changelog.placement import Places
from confluence_changelog.storage.prepared import are_single, is_prepared
from confluence_changelog.storage.rows import Row
from confluence_changelog.storage.scan import Cell, cells
from confluence_changelog.storage.table import LogTable
from confluence_changelog.storage.xml import unescape
from confluence_changelog.text import clean

NUMBERING = "numberingColumn"
"""The class of cells in which Data Center's editor keeps literal numbers (CONFDEV-33599)."""

_FARTHEST = 50
"""Rows, above and below, among which one is sought to look like."""
_KEPT = ("class", "style", "scope", "align", "valign", "dir")
_STYLES = re.compile(r"text-align|vertical-align|white-space|width|(?:min|max)-width|direction")
_OF_ONE_ROW = re.compile(r"highlight-|auto-cursor-target|inline-comment")
"""Classes of what was done to one place, not to the table."""
_NEVER = re.compile(
    r"(?:.*-)?id|(?:col|row)span|on.*|.*:.*|data-(?!highlight-colour$).*", re.DOTALL
)
"""Attributes that no row takes over, not even from the one whose place it takes."""
_QUOTED = r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+"""
_TAG = re.compile(rf"<t[rdh](?P<attributes>{_QUOTED})>")
_WRAPPER = re.compile(rf"\s*<div(?=\s)(?P<attributes>{_QUOTED})>")
_PARAGRAPH = re.compile(rf"\s*<p(?=[\s>])(?P<attributes>{_QUOTED})(?<!/)>")
_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_INSIDE = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<(/?)(?:[uo]l|blockquote|ac:rich-text-body)\b[^<>]*>|<p>", re.DOTALL
)
_NEEDS_PARAGRAPH = re.compile(r"<ri:user\s|<ac:structured-macro ac:name=\"jira\"")  # for editors
_ONE_LINE = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


class CellLook(NamedTuple):
    """The shape of a cell; attributes begin with a space, or there are none."""

    name: str = "td"
    attributes: str = ""
    is_wrapped: bool = False
    """Whether its content stands in Data Center's ``content-wrapper``."""
    paragraph: str = ""
    """Attributes of its paragraphs."""
    is_bare: bool = False
    """Whether a number stands in it without a paragraph."""


_NUMBERED = CellLook(attributes=f' class="{NUMBERING}"', is_bare=True)


class Look(NamedTuple):
    """The shape of a row."""

    attributes: str
    cells: tuple[CellLook, ...]


def looks_of(
    text: str,
    log: LogTable,
    where: Places,
    replaced: Mapping[int, str],
    numbers: Collection[int],
    *,
    upwards: bool,
) -> dict[str, Look]:
    """Return how each new row looks: like those around it, or like the one whose place it takes.

    Args:
        text: the page body.
        log: its log table.
        where: where new rows go.
        replaced: the index of a table row to the commit that takes it over.
        numbers: the columns that show a running number.
        upwards: whether rows are like those above, where they can.

    """
    taking = {**where.filled, **replaced}
    found = {commit: look_of(text, log.table.rows[at], own=True) for at, commit in taking.items()}
    for index, commits in where.inserted:
        look = neighbour_look(text, log, index, numbers, upwards=upwards)
        found.update(dict.fromkeys(commits, look))
    return found


def neighbour_look(
    text: str, log: LogTable, index: int, numbers: Collection[int], *, upwards: bool
) -> Look:
    """Return how a row looks that will stand before row `index`: like the nearest that it can be like.

    That is one of the log's body with a cell for each column and no spans. A prepared row is taken
    where there is no other; where there is none at all, cells are plain.

    Args:
        text: the page body.
        log: its log table.
        index: of a table row.
        numbers: the columns that show a running number.
        upwards: whether to look above first.

    """
    above = range(index - 1, max(log.first, index - _FARTHEST) - 1, -1)
    below = range(index, min(len(log.table.rows), index + _FARTHEST))
    width = len(log.headings)
    spare: Row | None = None
    for at in (*above, *below) if upwards else (*below, *above):
        row = log.table.rows[at]
        if not _is_like_ours(text, row, width):
            continue
        if not is_prepared(text, row, width, numbers):
            return look_of(text, row)
        spare = spare or row
    if spare:
        return look_of(text, spare)
    literal = numbering_columns(text, log)
    return Look("", tuple(_NUMBERED if at in literal else CellLook() for at in range(width)))


def numbering_columns(text: str, log: LogTable) -> frozenset[int]:
    """Return the columns of literal numbers: Data Center's editor gives their cells a class.

    They are looked for in the rows around the lines where new rows begin, and in the header rows.
    """
    rows, first = log.table.rows, log.first
    last = max(first, len(rows) - _FARTHEST)
    for row in (*rows[first : first + _FARTHEST], *rows[last:], *rows[:first]):
        if text.find(NUMBERING, row.start, row.end) < 0:
            continue
        found = cells(text, row)
        if len(found) != len(log.headings) or not are_single(found):
            continue
        if columns := [at for at, cell in enumerate(found) if _is_numbering(text, row, cell)]:
            return frozenset(columns)
    return frozenset()


def look_of(text: str, row: Row, *, own: bool = False) -> Look:
    """Return the shape of a row.

    Args:
        text: the page body.
        row: a row without spans.
        own: whether a new row takes its place; then it keeps its colours, and loses ids alone.

    """
    return Look(
        _attributes(text, row.start, own=own),
        tuple(_cell(text, row, cell, own=own) for cell in cells(text, row)),
    )


def dressed(content: str, look: CellLook) -> str:
    """Return a cell with this content, which is blocks: ``<p>``, lists, quotes."""
    line = _ONE_LINE.fullmatch(content) if look.is_bare else None
    if line and not _NEEDS_PARAGRAPH.search(content):
        content = line[1]
    if look.paragraph:
        content = _aligned(content, look.paragraph)
    if look.is_wrapped:
        content = f'<div class="content-wrapper">{content}</div>'
    return f"<{look.name}{look.attributes}>{content}</{look.name}>"


def _is_like_ours(text: str, row: Row, width: int) -> bool:
    if row.section in ("thead", "tfoot"):
        return False
    found = cells(text, row)
    is_header = all(cell.header for cell in found)
    return len(found) == width and are_single(found) and not is_header


def _is_numbering(text: str, row: Row, cell: Cell) -> bool:
    tag = text[text.rfind("<", row.start, cell.start) : cell.start]
    values = (
        double or single for name, double, single in _ATTRIBUTE.findall(tag) if name == "class"
    )
    return any(NUMBERING in value.split() for value in values)


def _cell(text: str, row: Row, cell: Cell, *, own: bool) -> CellLook:
    attributes = _attributes(text, text.rfind("<", row.start, cell.start), own=own)
    at, is_wrapped = cell.start, False
    if wrapper := _WRAPPER.match(text, at, cell.end):
        is_wrapped = "content-wrapper" in wrapper["attributes"]
        at = wrapper.end()
    paragraph = _PARAGRAPH.match(text, at, cell.end)
    return CellLook(
        "th" if cell.header else "td",
        attributes,
        is_wrapped,
        _joined(paragraph["attributes"], own=own) if paragraph else "",
        NUMBERING in attributes and not paragraph,
    )


def _attributes(text: str, start: int, *, own: bool) -> str:
    """Return the attributes to take over from the tag that begins at `start`."""
    tag = _TAG.match(text, start)
    return _joined(tag["attributes"].removesuffix("/"), own=own) if tag else ""


def _joined(attributes: str, *, own: bool) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in _taken(attributes, own=own))


def _taken(attributes: str, *, own: bool) -> Iterator[tuple[str, str]]:
    for name, double, single in _ATTRIBUTE.findall(attributes):
        value = " ".join(unescape(double or single).split())
        if not own:
            value = _of_table(name, value)
        is_kept = not _NEVER.fullmatch(name) if own else name in _KEPT
        if value and is_kept and value == clean(value) and "##" not in value:  # see row.storable
            yield name, value


def _of_table(name: str, value: str) -> str:
    """Return what of a value belongs to the table: no colours, no marks of the editor."""
    if name == "class":
        return " ".join(each for each in value.split() if not _OF_ONE_ROW.match(each))
    if name == "style":
        parts = (each.strip() for each in value.split(";"))
        kept = [each for each in parts if _STYLES.fullmatch(each.partition(":")[0].strip().lower())]
        return " ".join(f"{each};" for each in kept)
    return value


def _aligned(content: str, attributes: str) -> str:
    """Give attributes to the paragraphs of a cell that stand in no list and no quote."""
    depth, position, pieces = 0, 0, list[str]()
    for tag in _INSIDE.finditer(content):
        if tag[1] is not None:
            depth += -1 if tag[1] else 1
        elif tag[0] == "<p>" and not depth:
            pieces += (content[position : tag.start()], f"<p{attributes}>")
            position = tag.end()
    return "".join((*pieces, content[position:]))
