"""The log table of a page: its headers, its columns, and the place of new rows in it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from confluence_changelog.errors import LogTableError
from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.scan import Cell, cells
from confluence_changelog.storage.visible import visible_text

_WIDEST = 256
"""Columns of a table that are looked at; spans of a few cells could claim millions."""
_SHOWN_HEADINGS, _SHOWN_LETTERS = 12, 40
_NO_BODY = ("thead", "tfoot")


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


def top_line(log: LogTable) -> int:
    """Return the index of the row before which the first row of the log's body stands, or would."""
    rows = log.table.rows
    for index in range(log.first, len(rows)):
        if rows[index].section != "tfoot":
            return index
    ends = [row.end for row in rows]
    for section in log.table.sections:
        before = bisect_right(ends, section.start)
        if section.name == "tbody" and before >= log.first:
            return before
    return log.first


def insertion_point(text: str, log: LogTable, index: int) -> int:
    """Return the offset at which a new row becomes row `index` of the table.

    Behind a ``thead`` that no section follows rows may stand directly in the table (XHTML 1.0:
    ``thead?, tfoot?, (tbody+|tr+)``).

    Raises:
        LogTableError: a row span crosses that line, so that the new row's cells would be shifted,
            or the only body is an empty element, which has no inside.

    """
    refuse_crossing_spans(text, log.table, index)
    rows, table = log.table.rows, log.table
    above = rows[index - 1] if index else None
    below = rows[index] if index < len(rows) else None
    if above and above.section not in _NO_BODY:
        return above.end
    if below and below.section not in _NO_BODY:
        return below.start
    start, end = above.end if above else table.start, below.start if below else table.end
    for section in table.sections:
        if section.name == "tbody" and start <= section.start <= end:
            return section.start
    if text.find("<tbody", table.start, table.end) < 0:
        for section in table.sections:
            if section.name == "thead" and start <= section.after <= end:
                return section.after
    raise LogTableError(
        f"Table {log.table.number} of the page has header rows and no body to put rows into; add "
        "one empty row in Confluence's editor."
    )


def refuse_crossing_spans(text: str, table: Table, index: int) -> None:
    """Raise LogTableError where a cell above row `index` spans rows across the line above it."""
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
