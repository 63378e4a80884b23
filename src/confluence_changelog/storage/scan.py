"""Finds tables, rows and cells in storage-format text, as offsets into it.

One pass visits only the tags that make tables and macros, comments and CDATA; the text of cells is
not looked at. The scanner refuses what it sees to be wrong and takes the rest for well-formed:
every edit is judged by lxml before it is sent (see `proof`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from confluence_changelog.errors import MalformedStorageError
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
_AFTER_PLAIN_ROW = re.compile(r"<(?:/(?:tr><tr>|t(?:[abfor]|he)|ac:)|t(?:[abfor]|he)|ac:|[!?])")
"""``</tr><tr>``, or where anything of `_STRUCTURE` begins (a little else is found as well)."""
_SPANNING = re.compile(r"""\s(colspan|rowspan)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_IN_TABLES = frozenset(("tr", "tbody", "thead", "tfoot"))
_LAYOUT = frozenset(("ac:layout", "ac:layout-section", "ac:layout-cell"))


class Row(NamedTuple):
    """A table row: ``text[start:end]`` is the whole ``<tr>…</tr>``."""

    start: int
    end: int
    section: str
    """``thead``, ``tbody``, ``tfoot``, or empty where the row stands directly in the table."""


class Cell(NamedTuple):
    """A table cell: ``text[start:end]`` is its content, without the ``<td>`` around it."""

    start: int
    end: int
    header: bool
    colspan: int
    rowspan: int


class Section(NamedTuple):
    """A ``thead``, ``tbody`` or ``tfoot``: ``start`` is where its content begins."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class Table:
    """A top-level table: not in a cell, a macro, CDATA or a comment."""

    number: int
    """Counted from 1 in document order."""
    start: int
    end: int
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    """Sections that are not empty elements, in document order."""


@dataclass(slots=True)
class _OpenTable:
    """The top-level table that is being read."""

    start: int
    rows: list[Row] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    section: str = ""
    row_start: int = -1

    def add(self, tag: Tag, text: str) -> int:
        """Take a tag that stands in the table itself, not in a cell; return where to go on."""
        if tag.name == "tr":
            return self._add_row(tag, text)
        if tag.kind == OPEN and not self.section and self.row_start < 0:
            self.section = tag.name
            self.sections.append(Section(tag.name, tag.end))
        elif tag.kind == CLOSE and self.section == tag.name and self.row_start < 0:
            self.section = ""
        elif tag.kind != EMPTY:
            raise misplaced(text, tag)
        return tag.end

    def _add_row(self, tag: Tag, text: str) -> int:
        if tag.kind == OPEN and self.row_start < 0:
            return self._add_plain_rows(tag, text)
        if tag.kind == CLOSE and self.row_start >= 0:
            self.rows.append(Row(self.row_start, tag.end, self.section))
            self.row_start = -1
        elif tag.kind == EMPTY and self.row_start < 0:
            self.rows.append(Row(tag.start, tag.end, self.section))
        else:
            raise misplaced(text, tag)
        return tag.end

    def _add_plain_rows(self, tag: Tag, text: str) -> int:
        """Take the row that `tag` opens and those directly behind it, as far as they are plain.

        A plain row holds no tag of `_STRUCTURE` and ends in ``</tr><tr>``. The row behind the last
        plain one stays open. Return where its content begins.
        """
        start, inside, section = tag.start, tag.end, self.section
        add, new = self.rows.append, tuple.__new__  # half the cost of calling Row, for thousands
        for match in _AFTER_PLAIN_ROW.finditer(text, inside):
            if match[0] != "</tr><tr>":
                break
            inside = match.end()
            end = inside - len("<tr>")
            add(new(Row, (start, end, section)))
            start = end
        self.row_start = start
        return inside

    def close(self, number: int, tag: Tag, text: str) -> Table:
        """Return the table that this tag ends."""
        if self.row_start >= 0 or self.section:
            raise misplaced(text, tag)
        return Table(number, self.start, tag.end, tuple(self.rows), tuple(self.sections))


def scan(text: str) -> tuple[Table, ...]:
    """Return the top-level tables of a page body, in document order.

    A table in a layout (``ac:layout``, ``ac:layout-section``, ``ac:layout-cell``) is top-level; one
    in any other ``ac:`` element, or in another table's cell, is not.

    Raises:
        MalformedStorageError: the text is too long, nested too deep, or its tags do not match.

    """
    if len(text) > MAX_CHARACTERS:
        raise MalformedStorageError(
            f"The page body has {len(text):,} characters, more than the {MAX_CHARACTERS:,} that are "
            "read; start a new page for the log."
        )
    tables: list[Table] = []
    open_names: list[str] = []
    table: _OpenTable | None = None
    position = 0
    while tag := next_tag(text, _STRUCTURE, position, len(text)):
        position = tag.end
        if tag.name in _IN_TABLES:
            if table is not None and len(open_names) == 1:
                position = table.add(tag, text)
        elif tag.name not in _LAYOUT:
            if table is None and not open_names and tag.name == "table" and tag.kind != CLOSE:
                table = _OpenTable(tag.start)
            _follow(open_names, tag, text)
            if table is not None and not open_names:
                tables.append(table.close(len(tables) + 1, tag, text))
                table = None
    if open_names:
        raise MalformedStorageError(
            f"The page body ends inside <{open_names[-1]}>; repair the page in Confluence's editor."
        )
    return tuple(tables)


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
