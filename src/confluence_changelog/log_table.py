"""Reads the log in a page body: which table it is, what its columns show, whose rows it has. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from confluence_changelog.columns import likeness, map_headings
from confluence_changelog.errors import LogTableError
from confluence_changelog.given import NOWHERE, Target
from confluence_changelog.ledger import Ledger, read_ledger
from confluence_changelog.numbering import with_literal_numbers
from confluence_changelog.row import identity_fields
from confluence_changelog.settings import (
    DEFAULT_COLUMNS,
    ArchiveSettings,
    RowSettings,
    TableSettings,
)
from confluence_changelog.storage.find import find_log_table
from confluence_changelog.storage.table import LogTable, listed, match_columns


class Layout(NamedTuple):
    """What the configuration says about the log table and its rows."""

    table: TableSettings
    row: RowSettings
    target: Target = NOWHERE
    archive: ArchiveSettings = ArchiveSettings()


class Log(NamedTuple):
    """The log as it stands in a page body."""

    table: LogTable
    fields: tuple[str | None, ...]
    """What each grid column shows; None where nothing says so."""
    ledger: Ledger
    column: int
    """The grid column that carries identities."""


def read_log(body: str, layout: Layout) -> Log:
    """Find the log table in a page body and read whose commits' rows it has.

    Raises LogTableError, MalformedStorageError.
    """
    where = layout.table
    table = find_log_table(
        body,
        tuple(where.columns),
        where.number,
        heading=where.heading,
        anchor=where.anchor,
        likeness=likeness,
    )
    table, fields = _mapped(body, table, where.columns)
    fields = with_literal_numbers(body, table, fields)
    found = []
    for column in identity_fields(fields):
        found.append(Log(table, fields, _ledger(body, table, column, layout), column))
        if found[-1].ledger.rows:
            return found[-1]
    if not found:
        raise LogTableError(
            f"Table {table.table.number} of the page has no column for a date or a commit, in which a "
            f"row could be recognised again, its headers are {listed(table.headings)}; name the columns "
            "in [table.columns] of the configuration."
        )
    return found[0]


def logged_ids(body: str, layout: Layout) -> frozenset[str]:
    """Return the ids of the commits that have a row in a page body."""
    return read_log(body, layout).ledger.ids


def _ledger(body: str, table: LogTable, column: int, layout: Layout) -> Ledger:
    return read_ledger(body, table, column, layout.row.repository)


def _mapped(
    body: str, log: LogTable, columns: Mapping[str, str]
) -> tuple[LogTable, tuple[str | None, ...]]:
    """Return what each grid column shows: by configuration, or else by the words of the headers."""
    if not columns and any(log.headings):
        return log, map_headings(log.headings)
    if not columns:
        log = match_columns(body, log.table, tuple(DEFAULT_COLUMNS))
    shown = dict(zip(log.columns, (columns or DEFAULT_COLUMNS).values(), strict=True))
    return log, tuple(shown.get(column) for column in range(len(log.headings)))
