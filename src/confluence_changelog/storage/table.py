"""The log table of a page: its headers, its columns, and the place of new rows in it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from confluence_changelog.errors import LogTableError
from confluence_changelog.storage.alike import alike, folded
from confluence_changelog.storage.header import Likeness, header_of, never, width_of
from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.scan import cells

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


def headings(text: str, table: Table, likeness: Likeness = never) -> tuple[str, ...]:
    """Return the header text of each grid column."""
    return header_of(text, table, likeness).texts


def match_columns(
    text: str, table: Table, columns: Sequence[str], likeness: Likeness = never
) -> LogTable:
    """Return a table with the places of the configured columns in it.

    Without columns `likeness` says what reads like the header of a log. Raises LogTableError where it
    has not each of them once.
    """
    if not table.rows:
        raise LogTableError(
            f"Table {table.number} of the page has no rows; give it a header row with "
            f"{listed(columns)}."
        )
    first, found = header_of(text, table, fitting(columns) if columns else likeness)
    if not found and columns:
        width = width_of(text, table)
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
    places = alike(column, found)
    if len(places) == 1:
        return places[0]
    fault = "two columns" if places else "no column"
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


def fitting(columns: Sequence[str]) -> Likeness:
    """Return what judges headers by configured columns: 2 for those alone, 1 for those and others."""
    wanted = [folded(column) for column in columns]

    def fits(found: Sequence[str]) -> int:
        if [folded(heading) for heading in found] == wanted:
            return 2
        return int(all(len(alike(column, found)) == 1 for column in columns))

    return fits


def listed(texts: Sequence[str]) -> str:
    """Return headers as one bounded phrase."""
    shown = [_shortened(text) or "(empty)" for text in texts[:_SHOWN_HEADINGS]]
    return " | ".join([*shown, "…"] if len(texts) > len(shown) else shown)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_LETTERS else f"{text[: _SHOWN_LETTERS - 1]}…"
