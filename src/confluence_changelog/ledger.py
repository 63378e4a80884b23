"""Reads which commits the log table already has: the log is the ledger.

Only a row's identity counts, in the one column that carries it. A commit named in another cell, in
another table or in plain text has no row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from confluence_changelog.identity import Identity, marks
from confluence_changelog.storage.scan import Cell, cells, without_tables
from confluence_changelog.storage.table import LogTable


class LoggedRow(NamedTuple):
    """A row of the log that carries an identity of ours."""

    row: int
    """Its index among the rows of the table, from 0."""
    identity: Identity


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows of ours, from top to bottom."""

    rows: tuple[LoggedRow, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The full ids of the commits that have a row."""
        return frozenset(row.identity.id for row in self.rows)


def read_ledger(text: str, log: LogTable, column: int, repository: str) -> Ledger:
    """Read the identities in one grid column of the log.

    Args:
        text: the page body.
        log: its log table.
        column: the grid column that carries identities.
        repository: our name; rows that name another repository are not ours, rows that lost their
            fragment are.

    """
    return Ledger(
        tuple(
            LoggedRow(index, mark.identity)
            for index, content in _column(text, log, column)
            for mark in marks(content)
            if mark.identity.repository in ("", repository)
        )
    )


def _column(text: str, log: LogTable, column: int) -> Iterator[tuple[int, str]]:
    """Yield the content of one grid column for each row below the header rows."""
    table = log.table
    spans = text.find("rowspan", table.start, table.end) >= 0
    taken: dict[int, int] = {}
    start = 0 if spans else log.first
    for index in range(start, len(table.rows)):
        row = table.rows[index]
        if not spans and not _may_carry(text, row.start, row.end):
            continue
        cell = _cell_at(cells(text, row), column, taken)
        if cell is not None and index >= log.first:
            yield index, without_tables(text, cell)


def _may_carry(text: str, start: int, end: int) -> bool:
    """Say whether a row can carry an identity, so that handmade rows need no closer look."""
    return text.find("<a", start, end) >= 0 or text.find("cl1-", start, end) >= 0


def _cell_at(row: tuple[Cell, ...], column: int, taken: dict[int, int]) -> Cell | None:
    """Return the cell that begins in a grid column; `taken` carries row spans downwards."""
    blocked = {at for at, left in taken.items() if left > 0}
    for at in blocked:
        taken[at] -= 1
    at, result = 0, None
    for cell in row:
        while at in blocked:
            at += 1
        if at == column:
            result = cell
        if cell.rowspan != 1:
            for covered in range(at, at + min(cell.colspan, 1000)):
                taken[covered] = cell.rowspan - 1 if cell.rowspan else 65534
        at += min(cell.colspan, 1000)
    return result
