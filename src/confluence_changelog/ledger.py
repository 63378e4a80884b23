"""Reads which commits the log table already has: the log is the ledger.

Only a row's identity counts, in the one column that carries it. A commit named in another cell, in
another table or in plain text has no row.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from confluence_changelog.identity import Identity, Mark, marks
from confluence_changelog.storage.grid import cell_at, column_cells, has_row_spans
from confluence_changelog.storage.scan import Cell, without_tables
from confluence_changelog.storage.table import LogTable

_ATTRIBUTES = r"""(?:\s(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+)?+(?<!/)"""
_CONTENT = r"[^<]*+(?:<(?![!?]|/?t(?:[dh]|able))[^<]*+)*+"
_BEFORE = rf"(?![^<>]*span){_ATTRIBUTES}>{_CONTENT}"
_NO_LINK = r"[^<]*+(?:<(?:[^!?at/]|t[^dha]|/[^t])[^<]*+)*+"
_ADDRESS = r'([^"<>&#]*+)(?:(?<=[/=]([0-9a-f]{40}))|(?<=[/=]([0-9a-f]{64})))'

_HEADER_COLUMN = re.compile(r"<tr[^<>]*+>\s*+<th[\s>]")
_TRACE = re.compile(r"<a[\s>]|cl1-")
"""What every identity shows, so that handmade rows without it need no closer look."""


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
        repository: our name; rows that name another repository are not ours. Rows that lost their
            fragment are, unless their address is that of rows which name others only.

    """
    read = _rows_under_spans if has_row_spans(text, log.table) else _rows
    rows = tuple(read(text, log, column, repository))
    if not all(row.identity.repository for row in rows):
        rows = _without_others(text, log, column, repository, rows)
    return Ledger(rows)


def read_repositories(text: str, log: LogTable, column: int) -> dict[str, tuple[Mark, ...]]:
    """Return the names of the repositories that have rows, each with their identities.

    The name is empty for those that lost their fragment.
    """
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for _, mark in _marked(text, log, column):
        found[mark.identity.repository].append(mark)
    return {name: tuple(each) for name, each in found.items()}


def _without_others(
    text: str, log: LogTable, column: int, repository: str, rows: tuple[LoggedRow, ...]
) -> tuple[LoggedRow, ...]:
    """Leave out rows that lost their fragment and have the address of another repository's rows.

    Forks share ids, and each has its own row for them.
    """
    named: defaultdict[str, set[str]] = defaultdict(set)
    origins: dict[LoggedRow, str] = {}
    for index, mark in _marked(text, log, column):
        if mark.identity.repository:
            named[mark.origin].add(mark.identity.repository)
        else:
            origins[LoggedRow(index, mark.identity)] = mark.origin
    others = {origin for origin, names in named.items() if repository not in names}
    return tuple(row for row in rows if origins.get(row) not in others)


def _marked(text: str, log: LogTable, column: int) -> Iterator[tuple[int, Mark]]:
    """Yield the identities in a grid column, whichever repository they name, with their rows."""
    for index, cell in column_cells(text, log.table, column):
        if cell is not None and index >= log.first:
            for mark in marks(without_tables(text, cell)):
                yield index, mark


def _rows(text: str, log: LogTable, column: int, repository: str) -> list[LoggedRow]:
    """Read a table without row spans. A plain row needs no look at its cells."""
    match = _plain_row(column, repository, _first_cell(text, log)).match
    new = tuple.__new__  # half the cost of calling the class, for each of thousands of rows
    logged: list[LoggedRow] = []
    for index, (start, end, _) in enumerate(log.table.rows[log.first :], log.first):
        if found := match(text, start, end):
            address, sha1, sha256, digest, shown = found.groups()
            commit = sha1 or sha256
            # Of several ids in an address the first counts that begins with what is shown.
            if address.find(shown) == len(address) - len(commit):
                identity = new(Identity, (commit, repository, digest))
                logged.append(new(LoggedRow, (index, identity)))
                continue
        if _TRACE.search(text, start, end) and (
            cell := cell_at(text, log.table.rows[index], column)
        ):
            logged += _in_cell(text, index, cell, repository)
    return logged


def _first_cell(text: str, log: LogTable) -> str:
    """Return what the first cell of rows is: ``th`` where the first row of the log begins with one."""
    for row in log.table.rows[log.first : log.first + 1]:
        return "th" if _HEADER_COLUMN.match(text, row.start, row.end) else "td"
    return "td"


@cache
def _plain_row(column: int, repository: str, first: str) -> re.Pattern[str]:
    """Return the pattern of a row of ours whose cell in a grid column holds one plain link.

    What it finds is what `each_cell` and `marks` find, in a tenth of the time. Spans, nested tables,
    comments, CDATA, macros and other links in the cells up to that one do not match, nor does a row
    whose first cell is not a `first`.
    """
    link = (
        rf'<a href="{_ADDRESS}#cl1-{re.escape(repository)}-([0-9a-f]{{12}})">([0-9a-f]{{4,64}})</a>'
    )
    before = rf"<{first}{_BEFORE}</{first}\s*+>\s*+" if column else ""
    before += rf"(?:<td{_BEFORE}</td\s*+>\s*+){{{column - 1}}}" if column > 1 else ""
    name = "td" if column else first
    return re.compile(
        rf"<tr[^<>]*+>\s*+{before}<{name}{_ATTRIBUTES}>{_NO_LINK}{link}{_NO_LINK}</{name}\s*+>"
    )


def _in_cell(text: str, index: int, cell: Cell, repository: str) -> Iterator[LoggedRow]:
    for mark in marks(without_tables(text, cell)):
        if mark.identity.repository in ("", repository):
            yield LoggedRow(index, mark.identity)


def _rows_under_spans(
    text: str, log: LogTable, column: int, repository: str
) -> Iterator[LoggedRow]:
    """Read a table with row spans, which are followed downwards."""
    for index, cell in column_cells(text, log.table, column):
        if cell is not None and index >= log.first:
            yield from _in_cell(text, index, cell, repository)
