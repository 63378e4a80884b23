"""Plans a publication on a page body: which rows are missing, where they go, and the new body.

Pure: the page's text goes in, an `Edit` comes out. It is made anew for each body that was read, so that
nothing of an older body survives a conflict.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from confluence_changelog.entry import Entry
from confluence_changelog.errors import ProofError
from confluence_changelog.ledger import Ledger, read_ledger
from confluence_changelog.replace import replacements
from confluence_changelog.reverts import links_to_rows
from confluence_changelog.row import Row, identity_field, lay_out
from confluence_changelog.settings import RowSettings, TableSettings
from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.proof import prove
from confluence_changelog.storage.table import LogTable, find_log_table, insertion_point

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
    """The field of each grid column; None for columns that are not configured."""
    ledger: Ledger

    @property
    def column(self) -> int:
        """The grid column that carries identities."""
        return identity_field(self.fields)


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
    log, fields, ledger = read = read_log(body, layout)
    missing = _missing(entries, ledger)
    if not missing:
        return Edit((), (), (), (), body, len(log.table.rows))
    rows = _laid_out(missing, fields, layout.row, ledger, address)
    found = replacements(body, log, ledger, read.column, successors, rows)
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
    table = find_log_table(body, tuple(layout.table.columns), layout.table.number)
    fields = _fields(table, layout)
    ledger = read_ledger(body, table, identity_field(fields), layout.row.repository)
    return Log(table, fields, ledger)


def logged_ids(body: str, layout: Layout) -> frozenset[str]:
    """Return the ids of the commits that have a row in a page body."""
    return read_log(body, layout).ledger.ids


def _fields(log: LogTable, layout: Layout) -> tuple[str | None, ...]:
    """Return the field of each grid column; columns that are not configured stay empty."""
    by_column = dict(zip(log.columns, layout.table.columns.values(), strict=True))
    return tuple(by_column.get(column) for column in range(len(log.headings)))


def _missing(entries: Sequence[Entry], ledger: Ledger) -> list[Entry]:
    ids = ledger.ids
    unique = {entry.id: entry for entry in entries if entry.id not in ids}
    return list(unique.values())


def _laid_out(
    entries: Sequence[Entry],
    fields: Sequence[str | None],
    settings: RowSettings,
    ledger: Ledger,
    address: str,
) -> dict[str, Row]:
    """Lay entries out, the oldest first, because what is reverted has its row by then."""
    identities = {logged.identity.id: logged.identity for logged in ledger.rows}
    rows: dict[str, Row] = {}
    for entry in reversed(entries):
        commits = entry.url.replace(entry.id, "{id}")
        links = links_to_rows(identities, address, commits, len(entry.abbreviated))
        rows[entry.id] = lay_out(entry, fields, settings, links)
        identities[entry.id] = rows[entry.id].identity
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
