"""Finds tables, rows and cells in storage-format text, as offsets into it.

One pass visits only the tags that make tables and macros, comments and CDATA; the text of cells is
not looked at. The scanner refuses what it sees to be wrong and takes the rest for well-formed:
every edit is judged by lxml before it is sent (see `proof`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from confluence_changelog.errors import MalformedStorageError
from confluence_changelog.storage.rows import OpenTable, Row, Table
from confluence_changelog.storage.tags import (
    CLOSE,
    EMPTY,
    OPEN,
    Tag,
    misplaced,
    next_tag,
    place,
    tag_pattern,
    tags,
)
from confluence_changelog.storage.xml import MAX_CHARACTERS, MAX_DEPTH, unescape

_STRUCTURE = tag_pattern(r"t(?:r|able|body|head|foot)|ac:[\w.:-]+")
_CELL = tag_pattern(r"t[dh]|table")
_SPANNING = re.compile(r"""\s(colspan|rowspan)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_IN_TABLES = frozenset(("tr", "tbody", "thead", "tfoot"))
_LAYOUT = frozenset(("ac:layout", "ac:layout-section", "ac:layout-cell"))
_RICH = frozenset(("ac:structured-macro", "ac:macro", "ac:rich-text-body"))
"""Macros whose body is storage format; ``ac:macro`` is what Confluence 4 called them."""


class Cell(NamedTuple):
    """A table cell: ``text[start:end]`` is its content, without the ``<td>`` around it."""

    start: int
    end: int
    header: bool
    colspan: int
    rowspan: int


def scan(text: str) -> tuple[Table, ...]:
    """Return the tables of a page body: the top-level ones, then those inside macros.

    Both in document order. A table in a layout (``ac:layout``, ``ac:layout-section``,
    ``ac:layout-cell``) is top-level; one in the rich-text body of macros is inside; one in any other
    ``ac:`` element, or in another table's cell, is not among them.

    Raises:
        MalformedStorageError: the text is too long, nested too deep, or its tags do not match.

    """
    if len(text) > MAX_CHARACTERS:
        raise MalformedStorageError(
            f"The page body has {len(text):,} characters, more than the {MAX_CHARACTERS:,} that are "
            "read; start a new page for the log."
        )
    top: list[Table] = []
    inside: list[Table] = []
    open_names: list[str] = []
    table: OpenTable | None = None
    level = position = 0
    while tag := next_tag(text, _STRUCTURE, position, len(text)):
        position = tag.end
        if tag.name in _IN_TABLES:
            if table is not None and len(open_names) == level:
                position = table.add(tag, text)
        elif tag.name not in _LAYOUT:
            if tag.name == "table" and table is None and tag.kind != CLOSE:
                table = OpenTable(tag.start) if _RICH.issuperset(open_names) else None
                level = len(open_names) + 1
            _follow(open_names, tag, text)
            if table is not None and len(open_names) < level:
                found = inside if level > 1 else top
                found.append(table.close(len(found) + 1, tag, text, inside=level > 1))
                table = None
    if open_names:
        raise MalformedStorageError(
            f"The page body ends inside <{open_names[-1]}>; repair the page in Confluence's editor."
        )
    return (*top, *(replace(found, number=len(top) + found.number) for found in inside))


def _follow(open_names: list[str], tag: Tag, text: str) -> None:
    """Keep the tables and macros that are open."""
    if tag.kind == OPEN:
        open_names.append(tag.name)
        if len(open_names) > MAX_DEPTH:
            raise _too_deep(text, tag)
    elif tag.kind == CLOSE and (not open_names or open_names.pop() != tag.name):
        raise misplaced(text, tag)


def cells(text: str, row: Row) -> tuple[Cell, ...]:
    """Return the cells of a row; those of tables inside its cells are not among them."""
    return tuple(each_cell(text, row))


def each_cell(text: str, row: Row) -> Iterator[Cell]:
    """Yield the cells of a row; what stands behind the cell yielded last has not been looked at."""
    depth = 0
    opened: Tag | None = None
    for tag in tags(text, _CELL, row.start, row.end):
        if tag.name == "table":
            depth += (1, -1, 0)[tag.kind]
        elif depth:
            continue
        elif tag.kind == OPEN and opened is None:
            opened = tag
        elif tag.kind == CLOSE and opened is not None and opened.name == tag.name:
            yield _cell(text, opened, tag.start)
            opened = None
        elif tag.kind == EMPTY and opened is None:
            yield _cell(text, tag, tag.end)
        else:
            raise misplaced(text, tag)
    if opened is not None or depth:
        raise misplaced(text, Tag("tr", CLOSE, row.end, row.end))


def without_tables(text: str, cell: Cell) -> str:
    """Return the content of a cell with the tables inside it blanked out."""
    if text.find("<table", cell.start, cell.end) < 0:
        return text[cell.start : cell.end]
    pieces: list[str] = []
    position, depth = cell.start, 0
    for tag in tags(text, _CELL, cell.start, cell.end):
        if tag.name != "table" or tag.kind == EMPTY:
            continue
        if depth == 0:
            pieces.append(text[position : tag.start])
        depth += 1 if tag.kind == OPEN else -1
        position = tag.end
    pieces.append(text[position : cell.end])
    return " ".join(pieces)


def _cell(text: str, tag: Tag, end: int) -> Cell:
    colspan = rowspan = 1
    if "span" in text[tag.start : tag.end]:
        for name, double, single in _SPANNING.findall(text, tag.start, tag.end):
            number = _span(unescape(double or single))
            if name == "colspan":
                colspan = max(1, number)
            else:
                rowspan = number
    return Cell(tag.end, end, tag.name == "th", colspan, rowspan)


def _span(value: str) -> int:
    """Return the value of a colspan or rowspan as HTML reads it: 1 when it is no number."""
    digits = value.strip()
    return min(int(digits[:5]), 65534) if digits.isascii() and digits.isdigit() else 1


def _too_deep(text: str, tag: Tag) -> MalformedStorageError:
    return MalformedStorageError(
        f"{place(text, tag.start)} of the page body nests macros and tables more than {MAX_DEPTH} "
        "deep; repair the page in Confluence's editor."
    )
