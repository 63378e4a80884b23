"""The log table of a page: its headers, its columns, and the place of new rows in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from confluence_changelog.errors import LogTableError
from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.scan import Cell, cells
from confluence_changelog.storage.visible import visible_text

_WIDEST = 256
"""Columns of a table that are looked at; spans of a few cells could claim millions."""
_SHOWN_HEADINGS, _SHOWN_LETTERS = 12, 40


@dataclass(frozen=True, slots=True)
class LogTable:
    """The log table in a page body."""

    table: Table
    headings: tuple[str, ...]
    """The header text of each grid column, from left to right."""
    columns: tuple[int, ...]
    """For each configured column, its grid column."""
    first: int
    """The index of the first row below the header rows."""


def header_rows(text: str, table: Table) -> int:
    """Return how many of the first rows are header rows.

    These are the rows in ``thead`` and the rows after them that hold nothing but ``<th>``. A row
    whose first cell alone is a ``<th>`` has a header column and is none (Data Center's editor
    writes header rows as ``<th>`` rows in ``tbody``, and header columns that way).
    """
    for index, row in enumerate(table.rows):
        if row.section == "thead":
            continue
        found = cells(text, row)
        if row.section == "tfoot" or not found or not all(cell.header for cell in found):
            return index
    return len(table.rows)


def headings(text: str, table: Table) -> tuple[str, ...]:
    """Return the header text of each grid column: that of the lowest header cell over it."""
    grid = _grid([cells(text, row) for row in table.rows[: header_rows(text, table)]])
    return tuple(" ".join(visible_text(text[cell.start : cell.end]).split()) for cell in grid)


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


def match_columns(text: str, table: Table, columns: Sequence[str]) -> LogTable:
    """Return a table with the places of the configured columns in it.

    Raises LogTableError where it has not each of them once.
    """
    if not table.rows:
        raise LogTableError(
            f"Table {table.number} of the page has no rows; give it a header row with "
            f"{listed(columns)}."
        )
    first = header_rows(text, table)
    found = headings(text, table)
    if not found and columns:
        width = len(_grid([cells(text, table.rows[0])]))
        if width != len(columns):
            raise LogTableError(
                f"Table {table.number} of the page has no header row and {width} columns, but "
                f"{len(columns)} are configured ({listed(columns)}); give it a header row."
            )
        found, places = ("",) * width, tuple(range(width))
    else:
        places = tuple(_place(column, found, table.number) for column in columns)
    return LogTable(table, found, places, first)


def _place(column: str, found: Sequence[str], number: int) -> int:
    texts = [folded(heading) for heading in found]
    count = texts.count(folded(column))
    if count == 1:
        return texts.index(folded(column))
    fault = "two columns" if count else "no column"
    raise LogTableError(
        f"Table {number} of the page has {fault} with the header {_shortened(column)!r}, its headers are "
        f"{listed(found)}; correct `number` or `columns` in [table] of the configuration."
    )


def insertion_point(text: str, log: LogTable, index: int) -> int:
    """Return the offset at which a new row becomes row `index` of the table.

    Raises:
        LogTableError: a row span crosses that line, so that the new row's cells would be shifted,
            or the table has only a ``thead``, and the row would become a header row.

    """
    _refuse_crossing_spans(text, log.table, index)
    rows, first = log.table.rows, log.first
    if index > first or (first > 0 and rows[first - 1].section != "thead"):
        return rows[index - 1].end
    if first < len(rows) and rows[first].section != "tfoot":
        return rows[first].start
    for section in log.table.sections:
        if section.name == "tbody":
            return section.start
    raise LogTableError(
        f"Table {log.table.number} of the page has header rows and no body to put rows into; add "
        "one empty row in Confluence's editor."
    )


def _refuse_crossing_spans(text: str, table: Table, index: int) -> None:
    above = table.rows[:index]
    if not above or text.find("rowspan", table.start, above[-1].end) < 0:
        return
    for at, row in enumerate(above):
        if row.section == "thead":
            continue  # a span ends with its section (HTML, "forming a table")
        for cell in cells(text, row):
            if cell.rowspan == 0 or at + cell.rowspan > index:
                raise LogTableError(
                    f"Row {at + 1} of table {table.number} has a cell that spans {cell.rowspan} "
                    "rows, across the line where new rows belong; split that cell in Confluence's "
                    "editor."
                )


def folded(text: str) -> str:
    """Return a header as it is compared."""
    return " ".join(text.split()).casefold()


def listed(texts: Sequence[str]) -> str:
    """Return headers as one bounded phrase."""
    shown = [_shortened(text) or "(empty)" for text in texts[:_SHOWN_HEADINGS]]
    return " | ".join([*shown, "…"] if len(texts) > len(shown) else shown)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_LETTERS else f"{text[: _SHOWN_LETTERS - 1]}…"
