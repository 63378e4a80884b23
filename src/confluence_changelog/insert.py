"""Plans a publication on a page body: which rows are missing, where they go, and the new body.

Pure: the page's text goes in, an `Edit` comes out. It is made anew for each body that was read, so that
nothing of an older body survives a conflict.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from confluence_changelog.correct import wanting
from confluence_changelog.entry import Entry
from confluence_changelog.errors import ProofError
from confluence_changelog.ledger import Ledger
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.looks import Look, looks_of
from confluence_changelog.numbering import number_columns, running_numbers
from confluence_changelog.placement import Places, is_oldest_first, older_lines, places
from confluence_changelog.replace import replacements
from confluence_changelog.reverts import links_to_rows
from confluence_changelog.row import Row, lay_out
from confluence_changelog.settings import TableSettings
from confluence_changelog.storage.edit import Span
from confluence_changelog.storage.splice import splice

Placements = Callable[[Sequence[str], Sequence[str]], Mapping[str, int]]
"""From the missing ids and the ids in the log (top to bottom) to the index, in the log, of the lowest
row whose commit descends from the missing one; an id without descendants in the log is left out."""


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
    corrected: tuple[Row, ...] = ()
    """The rows that show the correction of their commit, from top to bottom."""
    uncorrected: tuple[str, ...] = ()
    """Commits whose rows should, and stay because they were edited by hand."""


def plan(
    body: str,
    entries: Sequence[Entry],
    layout: Layout,
    placements: Placements,
    successors: Mapping[str, str] = MappingProxyType({}),
    address: str = "",
    corrections: Sequence[Entry] = (),
) -> Edit:
    """Return the edit that gives every entry its row, and corrects rows.

    Args:
        body: the page body that was read.
        entries: the entries, in topological order, newest first.
        layout: the log table and its rows.
        placements: where commits belong that are older than rows of the log.
        successors: ids of vanished commits to the ids of the entries that replaced them.
        address: where a browser shows the page, for links from row to row.
        corrections: the entries of commits that were corrected; without a row they get none.

    Raises:
        LogTableError, MalformedStorageError: the page cannot take the rows.
        ProofError: the edit could not be proven.

    """
    log, fields, ledger, column = read = read_log(body, layout)
    missing = _missing(entries, ledger)
    wanted = wanting(body, read, layout, corrections)
    if not missing and not wanted.rows:
        return Edit((), (), (), (), body, len(log.table.rows), (), wanted.altered)
    ids = [entry.id for entry in missing]
    found = replacements(body, log, ledger, column, successors, ids)
    old = {row: entry for row, entry in sorted(wanted.rows.items()) if row not in found.rows}
    taken = found.rows | {row: entry.id for row, entry in old.items()}
    where = _placed(body, read, layout.table, placements, ids, found.rows)
    numbers = running_numbers(body, log, fields, ids, where, taken)
    looks = looks_of(
        body, log, where, taken, number_columns(fields), upwards=is_oldest_first(layout.table)
    )
    rows = _laid_out([*missing, *old.values()], read, layout, address, numbers, looks)
    taking = {at: rows[commit].storage for at, commit in {**where.filled, **taken}.items()}
    inserted = {at: [rows[commit].storage for commit in block] for at, block in where.inserted}
    replaced = {index: rows.pop(commit) for index, commit in sorted(taken.items())}
    spans, new = splice(body, log, inserted, taking)
    _check_ledger(new, layout, ledger, rows.values(), replaced)
    return Edit(
        tuple(rows.values()),
        tuple(row for index, row in replaced.items() if index in found.rows),
        found.altered,
        spans,
        new,
        len(log.table.rows) + len(rows) - len(where.filled),
        tuple(row for index, row in replaced.items() if index in old),
        wanted.altered,
    )


def _missing(entries: Sequence[Entry], ledger: Ledger) -> list[Entry]:
    ids = ledger.ids
    unique = {entry.id: entry for entry in entries if entry.id not in ids}
    return list(unique.values())


def _placed(
    body: str,
    log: Log,
    table: TableSettings,
    placements: Placements,
    ids: Sequence[str],
    replaced: Mapping[int, str],
) -> Places:
    """Return where those commits go that take over no row."""
    taken = frozenset(replaced.values())
    new = [commit for commit in ids if commit not in taken]
    if not new:
        return Places((), {}, range(0))
    older = older_lines(
        log.ledger, replaced, partial(placements, new), oldest_first=is_oldest_first(table)
    )
    return places(body, log.table, table, new, older, number_columns(log.fields))


def _laid_out(
    entries: Sequence[Entry],
    log: Log,
    layout: Layout,
    address: str,
    numbers: Mapping[str, str],
    looks: Mapping[str, Look],
) -> dict[str, Row]:
    """Lay entries out, the oldest first, because what is reverted has its row by then."""
    identities = {logged.identity.id: logged.identity for logged in log.ledger.rows}
    rows: dict[str, Row] = {}
    for entry in reversed(entries):
        commits = entry.url.replace(entry.id, "{id}")
        links = links_to_rows(identities, address, commits, len(entry.abbreviated))
        row = lay_out(
            entry,
            log.fields,
            layout.row,
            links,
            place=log.column,
            number=numbers.get(entry.id, ""),
            look=looks[entry.id],
            target=layout.target,
        )
        rows[entry.id] = row
        identities[entry.id] = row.identity
    return {entry.id: rows[entry.id] for entry in entries}


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
