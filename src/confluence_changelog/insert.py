"""Plans a publication on a page body: which rows are missing, where they go, and the new body.

Pure: the page's text goes in, an `Edit` comes out. It is made anew for each body that was read, so that
nothing of an older body survives a conflict.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from confluence_changelog.columns import likeness, map_headings
from confluence_changelog.entry import Entry
from confluence_changelog.errors import LogTableError, ProofError
from confluence_changelog.ledger import Ledger, read_ledger
from confluence_changelog.numbering import running_numbers
from confluence_changelog.replace import replacements
from confluence_changelog.reverts import links_to_rows
from confluence_changelog.row import Row, identity_fields, lay_out
from confluence_changelog.settings import DEFAULT_COLUMNS, RowSettings, TableSettings
from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.find import find_log_table
from confluence_changelog.storage.proof import prove
from confluence_changelog.storage.table import LogTable, insertion_point, listed, match_columns

Placements = Callable[[Sequence[str], Sequence[str]], Mapping[str, int]]
"""From the missing ids and the ids in the log (top to bottom) to the index, in the log, of the lowest
row whose commit descends from the missing one; an id without descendants in the log is left out."""


class Layout(NamedTuple):
    """What the configuration says about the log table and its rows."""

    table: TableSettings
    row: RowSettings


class Log(NamedTuple):
    """The log as it stands in a page body."""

    table: LogTable
    fields: tuple[str | None, ...]
    """What each grid column shows; None where nothing says so."""
    ledger: Ledger

    column: int
    """The grid column that carries identities."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The rows that are missing from a body, and the body with them."""

    rows: tuple[Row, ...]
    """The rows that are inserted, newest first."""
    replaced: tuple[Row, ...]
    """The rows that take the place of those of vanished commits, from top to bottom."""
    altered: tuple[str, ...]
    """Vanished commits whose rows stay, because they were edited by hand."""
    spans: tuple[Span, ...]
    body: str
    count: int
    """Rows of the table, after the edit."""


def plan(
    body: str,
    entries: Sequence[Entry],
    layout: Layout,
    placements: Placements,
    successors: Mapping[str, str] = MappingProxyType({}),
    address: str = "",
) -> Edit:
    """Return the edit that gives every entry its row.

    Args:
        body: the page body that was read.
        entries: the entries, in topological order, newest first.
        layout: the log table and its rows.
        placements: where commits belong that are older than rows of the log.
        successors: ids of vanished commits to the ids of the entries that replaced them.
        address: where a browser shows the page, for links from row to row.

    Raises:
        LogTableError, MalformedStorageError: the page cannot take the rows.
        ProofError: the edit could not be proven.

    """
    log, fields, ledger, column = read = read_log(body, layout)
    missing = _missing(entries, ledger)
    if not missing:
        return Edit((), (), (), (), body, len(log.table.rows))
    ids = [entry.id for entry in missing]
    found = replacements(body, log, ledger, column, successors, ids)
    numbers = running_numbers(body, log, fields, ids, found.rows)
    rows = _laid_out(missing, read, layout.row, address, numbers)
    replaced = {index: rows.pop(commit) for index, commit in sorted(found.rows.items())}
    after = [found.rows.get(logged.row, logged.identity.id) for logged in ledger.rows]
    blocks = _blocks(log, ledger, rows, placements(list(rows), after))
    spans = _spans(body, log, blocks, replaced)
    new = apply(body, spans)
    prove(
        body,
        new,
        spans,
        log.table.number,
        {index: [row.storage for row in block] for index, block in blocks},
        {index: row.storage for index, row in replaced.items()},
    )
    _check_ledger(new, layout, ledger, rows.values(), replaced)
    return Edit(
        tuple(rows.values()),
        tuple(replaced.values()),
        found.altered,
        tuple(spans),
        new,
        len(log.table.rows) + len(rows),
    )


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


def _missing(entries: Sequence[Entry], ledger: Ledger) -> list[Entry]:
    ids = ledger.ids
    unique = {entry.id: entry for entry in entries if entry.id not in ids}
    return list(unique.values())


def _laid_out(
    entries: Sequence[Entry],
    log: Log,
    settings: RowSettings,
    address: str,
    numbers: Mapping[str, str],
) -> dict[str, Row]:
    """Lay entries out, the oldest first, because what is reverted has its row by then."""
    identities = {logged.identity.id: logged.identity for logged in log.ledger.rows}
    rows: dict[str, Row] = {}
    for entry in reversed(entries):
        commits = entry.url.replace(entry.id, "{id}")
        links = links_to_rows(identities, address, commits, len(entry.abbreviated))
        number = numbers.get(entry.id, "")
        row = lay_out(entry, log.fields, settings, links, place=log.column, number=number)
        rows[entry.id] = row
        identities[entry.id] = row.identity
    return {entry.id: rows[entry.id] for entry in entries}


def _blocks(
    log: LogTable, ledger: Ledger, rows: Mapping[str, Row], below: Mapping[str, int]
) -> list[tuple[int, list[Row]]]:
    """Group the new rows by the index of the table row that they will stand before."""
    blocks: dict[int, list[Row]] = {}
    for commit, row in rows.items():
        index = ledger.rows[below[commit]].row + 1 if commit in below else log.first
        blocks.setdefault(index, []).append(row)
    return sorted(blocks.items())


def _spans(
    body: str,
    log: LogTable,
    blocks: Sequence[tuple[int, Sequence[Row]]],
    replaced: Mapping[int, Row],
) -> list[Span]:
    spans = [
        Span(insertion_point(body, log, index), "", "".join(row.storage for row in block))
        for index, block in blocks
    ]
    for index, row in replaced.items():
        place = log.table.rows[index]
        spans.append(Span(place.start, body[place.start : place.end], row.storage))
    return sorted(spans)


def _check_ledger(
    new: str,
    layout: Layout,
    before: Ledger,
    rows: Iterable[Row],
    replaced: Mapping[int, Row],
) -> None:
    """Read the new body as the next publication will: every old and new row must be found again."""
    after = read_log(new, layout).ledger
    expected = [logged.identity for logged in before.rows if logged.row not in replaced]
    expected += [row.identity for row in (*rows, *replaced.values())]
    if sorted(logged.identity for logged in after.rows) != sorted(expected):
        raise ProofError(
            "The edit was not sent because the new rows could not be read back from it; nothing was "
            "written, please report this with the version of confluence-changelog."
        )
