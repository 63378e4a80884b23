"""The header rows of a table and what they say, however they are marked up."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.scan import Cell, cells
from confluence_changelog.storage.visible import visible_text

Likeness = Callable[[Sequence[str]], int]
"""From the headers of a table to how much it looks like a change log; 0 is not at all."""

_DATED = re.compile(r"<time\s|>[^<>]*(?:[0-9]{4}|[0-9][./-][0-9])")
_FARTHEST = 4
"""Rows among which a header row is sought, where the lowest one marked up reads like none."""
_WIDEST = 256
"""Columns of a table that are looked at; spans of a few cells could claim millions."""


class Header(NamedTuple):
    """The header of a table."""

    rows: int
    """How many of the first rows it has."""
    texts: tuple[str, ...]
    """The header text of each grid column, from left to right."""


def never(_: Sequence[str]) -> int:
    """Take no table for a change log."""
    return 0


def header_of(text: str, table: Table, likeness: Likeness = never) -> Header:
    """Return the header of a table.

    Header rows are the rows in ``thead`` and the rows after them that hold nothing but ``<th>``. A row
    whose first cell alone is a ``<th>`` has a header column and is none (Data Center's editor
    writes header rows as ``<th>`` rows in ``tbody``, and header columns that way). A title over the
    whole width belongs to the header row below it; below the header row it begins a section.

    Where those rows do not read like the header of a log, one of the next rows may, and is the last
    header row: many a header row was made by hand, bold, without ``<th>``, or has a title above it.

    The text of a column is that of the lowest header cell over it; where those do not read like the
    header of a log but those of a row above do, it is theirs; rows with a date below that row are rows
    of the log, which some teams write into header cells throughout.
    """
    marked = _marked_rows(text, table)
    for lowest in (marked, *range(min(marked - 1, _FARTHEST), 0, -1)) if marked else ():
        texts = _texts(text, table, lowest)
        if likeness(texts):
            return Header(_without_dated(text, table, lowest, marked), texts)
    for below in range(marked, min(marked + _FARTHEST, len(table.rows))):
        texts = _texts(text, table, below + 1)
        if likeness(texts):
            return Header(below + 1, texts)
    return Header(marked, _texts(text, table, marked))


def _without_dated(text: str, table: Table, lowest: int, marked: int) -> int:
    """Return how many header rows there are, if rows of the log are marked up as such as well."""
    for index in range(lowest, marked):
        row = table.rows[index]
        if row.section != "thead" and _DATED.search(text, row.start, row.end):
            return index
    return marked


def _marked_rows(text: str, table: Table) -> int:
    """Return how many of the first rows are marked up as header rows, a title above them included."""
    count, has_columns = 0, False
    for index, row in enumerate(table.rows):
        found = cells(text, row)
        if row.section != "thead":
            if row.section == "tfoot" or not found or (has_columns and _is_title(found)):
                break
            if not all(cell.header for cell in found):
                if _is_title(found):
                    continue
                break
        count = index + 1
        has_columns = has_columns or not _is_title(found)
    return count


def _is_title(row: Sequence[Cell]) -> bool:
    """Tell whether a row is one cell over several columns."""
    return len(row) == 1 and row[0].colspan > 1


def _texts(text: str, table: Table, count: int) -> tuple[str, ...]:
    """Return the text over each grid column in the first rows."""
    grid = _grid([cells(text, row) for row in table.rows[:count]])
    return tuple(" ".join(visible_text(text[cell.start : cell.end]).split()) for cell in grid)


def width_of(text: str, table: Table) -> int:
    """Return how many grid columns the first row of a table has."""
    return len(_grid([cells(text, table.rows[0])]))


def _grid(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Return, for each of the first grid columns, the lowest cell over it; spans are followed."""
    lowest: dict[int, Cell] = {}
    taken: dict[int, int] = {}
    for row in rows:
        column = 0
        below = {at: left - 1 for at, left in taken.items() if left > 1}
        blocked = {at for at, left in taken.items() if left > 0}
        for cell in row:
            while column in blocked:
                column += 1
            for at in range(column, min(column + cell.colspan, _WIDEST)):
                lowest[at] = cell
                below[at] = cell.rowspan - 1
            column += min(cell.colspan, 1000)
            if column >= _WIDEST:
                break
        taken = below
    return [lowest[at] for at in sorted(lowest)]
