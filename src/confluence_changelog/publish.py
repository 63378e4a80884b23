"""Publishes entries: each gets its row on the page, once.

The page is read, edited and written, and after a conflict read and edited again: see `fenced`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from confluence_changelog.advice import empty_columns, untold, wrong_end
from confluence_changelog.archives.reading import Archives
from confluence_changelog.archives.steps import Move
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.entry import Entry
from confluence_changelog.fenced import Outcome, Task, refuse_too_many, state, write
from confluence_changelog.insert import Edit, Placements, plan
from confluence_changelog.log_table import Layout, read_log
from confluence_changelog.mentions import finder, laid_out_for
from confluence_changelog.room import refuse_too_large
from confluence_changelog.row import Row


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did."""

    page: Page
    """The page as it was stored, or as it was read where nothing was written."""
    rows: tuple[Row, ...]
    """The rows that were published, newest first; in a dry run those that would be."""
    replaced: tuple[Row, ...]
    """The rows that took the place of those of vanished commits."""
    corrected: tuple[Row, ...]
    """The rows that show the correction of their commit since."""
    already: int
    """How many of the entries had a row before."""
    attempts: int
    """How many writes were sent."""
    edit: Edit
    warnings: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    """What went to archives."""


def publish(
    client: Client,
    page_id: str,
    entries: Sequence[Entry],
    layout: Layout,
    *,
    placements: Placements,
    successors: Mapping[str, str] = MappingProxyType({}),
    corrections: Sequence[Entry] = (),
    most: int | None = None,
    backfill: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Publication:
    """Give every entry its row on the page.

    Args:
        client: a client of the page's Confluence.
        page_id: the id of the page.
        entries: the entries in scope, in topological order, newest first.
        layout: the log table and its rows.
        placements: where commits belong that are older than rows of the log.
        successors: ids of vanished commits, reachable from no branch and no remote-tracking ref, to
            the ids of the entries that replaced them: their rows are replaced in place.
        corrections: the entries of corrected commits; their rows are corrected in place.
        most: how many new rows there may be; None: any number.
        backfill: whether the commits are no news: then it is a minor edit, where Confluence has such
            a thing, and leaves room for the rows to come.
        report: is told, in a few words, what happens on the way.

    Raises:
        PageError: the page cannot take the rows; nothing was written.
        UsageError: there are more new rows than `most`; nothing was written.
        TooLargeError: the page would not fit into a request; nothing was sent.
        ConfluenceError: it refused or could not be reached; run again.

    """
    find = finder(client, layout.row)
    archives = Archives(client, layout)
    ids = [entry.id for entry in entries]
    archived: set[str] = set()

    def missing(page: Page) -> Edit:
        archived.clear()
        archived.update(archives.ids(page, ids, successors))
        left = [entry for entry in entries if entry.id not in archived]
        at = laid_out_for(client, page.body, left, layout, find, corrections)
        return plan(page.body, left, at, placements, successors, page.address, corrections)

    task = Task(
        plan=missing,
        logged=lambda page: _states(page.body, layout) | archives.ids(page, ids),
        message=partial(version_message, backfill=backfill),
        most=most,
        backfill=backfill,
    )
    done = write(client, page_id, task, report)
    return _publication(entries, done, sorted(archived & successors.keys()))


def preview(
    client: Client,
    page_id: str,
    entries: Sequence[Entry],
    layout: Layout,
    placements: Placements,
    *,
    successors: Mapping[str, str] = MappingProxyType({}),
    corrections: Sequence[Entry] = (),
    most: int | None = None,
    backfill: bool = False,
) -> Publication:
    """Return what `publish` would do now; nothing is written. Raises what it would raise."""
    page = client.read_page(page_id)
    archived = Archives(client, layout).ids(page, [entry.id for entry in entries], successors)
    left = [entry for entry in entries if entry.id not in archived]
    find = finder(client, layout.row)
    at = laid_out_for(client, page.body, left, layout, find, corrections)
    edit = plan(page.body, left, at, placements, successors, page.address, corrections)
    refuse_too_many(edit, most)
    refuse_too_large(edit, backfill=backfill)
    log = read_log(page.body, layout)
    order = wrong_end(page.body, log, layout.table)
    advice = (empty_columns(log), order, *(text for _, text in untold(log.fields)))
    already = len(entries) - len(edit.rows) - len(edit.replaced)
    stay = map(_stays_archived, sorted(archived & successors.keys()))
    warnings = (*filter(None, advice), *_stay(edit), *stay)
    return Publication(page, edit.rows, edit.replaced, edit.corrected, already, 0, edit, warnings)


def version_message(edit: Edit, *, backfill: bool = False) -> str:
    """Return the version message: first and last commit and the count."""
    rows = edit.rows or (*edit.replaced, *edit.corrected)
    what = "Change log, corrected"
    if edit.rows:
        what = "Change log, backfilled" if backfill else "Change log"
    newest, oldest = rows[0].identity.id[:10], rows[-1].identity.id[:10]
    if len(rows) == 1:
        return f"{what}: commit {newest}"
    return f"{what}: {len(rows)} commits, {oldest} to {newest}"


def _publication(entries: Sequence[Entry], done: Outcome, archived: Sequence[str]) -> Publication:
    """Tell what was done in the order of the entries."""
    ids = dict.fromkeys(entry.id for entry in entries)
    replaced = {row.identity.id for row in done.edit.replaced}
    rows = tuple(done.rows[each] for each in ids if each in done.rows and each not in replaced)
    already = len(ids) - len(rows) - len(replaced)
    corrected = tuple(done.corrected.values())
    warnings = (*done.warnings, *_stay(done.edit), *map(_stays_archived, archived))
    return Publication(
        done.page, rows, done.edit.replaced, corrected, already, done.attempts, done.edit, warnings
    )


def _states(body: str, layout: Layout) -> frozenset[str]:
    rows = read_log(body, layout).ledger.rows
    return frozenset(name for row in rows for name in (row.identity.id, state(row.identity)))


def _stay(edit: Edit) -> Iterator[str]:
    yield from map(_stays, edit.altered)
    yield from map(_stays_uncorrected, edit.uncorrected)


def _stays_archived(commit: str) -> str:
    return (
        f"The row of the vanished commit {commit[:10]} is in an archive and stays there; its successor "
        "has a row of its own."
    )


def _stays(commit: str) -> str:
    return (
        f"The row of the vanished commit {commit[:10]} was edited by hand and stays as it is; its "
        "successor has a row of its own."
    )


def _stays_uncorrected(commit: str) -> str:
    return (
        f"The row of commit {commit[:10]} was edited by hand and stays as it is, though its commit was "
        "corrected; delete the row and publish the commit, or correct it by hand."
    )
