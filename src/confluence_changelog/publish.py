"""Publishes entries: read the page, edit it, write it; after a conflict read and edit again.

The version that was read is the fence: a write always carries *that* version + 1 with the body made from
it. On a conflict, and on any lost answer, the page is read again and only what is missing *there* is
inserted. So each commit gets its row once, however often this is raced, killed or repeated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from confluence_changelog.confirm import confirm_rows, keep_parent
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.confluence.stored import refuse_read_only
from confluence_changelog.entry import Entry
from confluence_changelog.errors import (
    ChangelogError,
    ConflictError,
    ConfluenceError,
    LostAnswerError,
    ServerError,
    UsageError,
)
from confluence_changelog.insert import Edit, Layout, Placements, plan
from confluence_changelog.room import refuse_too_large, size_warning
from confluence_changelog.row import Row

_UNCHANGED_READS = 2
_LOST_WRITES = 2
"""After so many writes of which none arrived, Confluence is asked whether anybody may write."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did."""

    page: Page
    """The page as it was stored, or as it was read where nothing was written."""
    rows: tuple[Row, ...]
    """The rows that were published, newest first; in a dry run those that would be."""
    replaced: tuple[Row, ...]
    """The rows that took the place of those of vanished commits."""
    already: int
    """How many of the entries had a row before."""
    attempts: int
    """How many writes were sent."""
    edit: Edit
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Run:
    """One publication under way."""

    client: Client
    page_id: str
    entries: Sequence[Entry]
    layout: Layout
    placements: Placements
    successors: Mapping[str, str]
    report: Callable[[str], None]
    backfill: bool
    attempts: int = 0
    unchanged: int = 0
    lost: dict[str, Row] = field(default_factory=dict)
    """Rows of writes whose answer was lost, by commit: stored perhaps."""
    unsure: Page | None = None
    """The page that the last write that may have been stored was made from."""
    warnings: list[str] = field(default_factory=list)


def publish(
    client: Client,
    page_id: str,
    entries: Sequence[Entry],
    layout: Layout,
    *,
    placements: Placements,
    successors: Mapping[str, str] = MappingProxyType({}),
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
    run = _Run(client, page_id, entries, layout, placements, successors, report, backfill)
    before = client.read_page(page_id)
    while True:
        edit = plan(before.body, entries, layout, placements, successors, before.address)
        if not edit.spans:
            return _done(run, _kept(run, before), edit)
        _refuse_many(run, edit, most)
        refuse_too_large(edit, backfill=backfill)
        if run.attempts == 0 and (warning := size_warning(edit)):
            run.warnings.append(warning)
        run.attempts += 1
        wanted = [row.identity.id for row in (*edit.rows, *edit.replaced)]
        try:
            answer = _write(run, before, edit)
        except (LostAnswerError, ServerError) as error:
            run.lost.update((row.identity.id, row) for row in (*edit.rows, *edit.replaced))
            run.unsure = before
            before = _read_again(run, before, error)
            if not isinstance(error, LostAnswerError) and before.version == run.unsure.version:
                raise _with_hint(error, edit) from error
        except ConflictError as error:
            before = _read_again(run, before, error)
        else:
            after = confirm_rows(client, before, answer, wanted, layout, report)
            run.unsure = before
            return _done(run, _kept(run, after), edit)


def preview(
    client: Client,
    page_id: str,
    entries: Sequence[Entry],
    layout: Layout,
    placements: Placements,
    *,
    backfill: bool = False,
) -> Publication:
    """Return what `publish` would do now; nothing is written."""
    page = client.read_page(page_id)
    edit = plan(page.body, entries, layout, placements, address=page.address)
    refuse_too_large(edit, backfill=backfill)
    return Publication(page, edit.rows, (), len(entries) - len(edit.rows), 0, edit)


def _write(run: _Run, before: Page, edit: Edit) -> Page | None:
    count = len(edit.rows) + len(edit.replaced)
    run.report(f"writing {count:,} rows into a page of {len(edit.body):,} characters")
    message = version_message(edit, backfill=run.backfill)
    minor = run.backfill or not edit.rows
    return run.client.write_page(before, edit.body, message, minor=minor)


def version_message(edit: Edit, *, backfill: bool = False) -> str:
    """Return the version message: first and last commit and the count."""
    rows = edit.rows or edit.replaced
    what = "Change log, corrected"
    if edit.rows:
        what = "Change log, backfilled" if backfill else "Change log"
    newest, oldest = rows[0].identity.id[:10], rows[-1].identity.id[:10]
    if len(rows) == 1:
        return f"{what}: commit {newest}"
    return f"{what}: {len(rows)} commits, {oldest} to {newest}"


def _done(run: _Run, page: Page, edit: Edit) -> Publication:
    """Close a publication; rows that a lost answer had stored after all count as published."""
    replaced = {row.identity.id: row for row in edit.replaced}
    published = run.lost | {row.identity.id: row for row in edit.rows}
    rows = tuple(
        published[entry.id]
        for entry in run.entries
        if entry.id in published and entry.id not in replaced
    )
    already = len({entry.id for entry in run.entries}) - len(rows) - len(replaced)
    warnings = (*run.warnings, *map(_stays, edit.altered))
    return Publication(page, rows, edit.replaced, already, run.attempts, edit, warnings)


def _kept(run: _Run, after: Page) -> Page:
    """Return the page under its parent, where our writes may have moved it from."""
    if run.unsure is None:
        return after
    page, warning = keep_parent(run.client, run.unsure, after)
    if warning:
        run.warnings.append(warning)
    return page


def _stays(commit: str) -> str:
    return (
        f"The row of the vanished commit {commit[:10]} was edited by hand and stays as it is; its "
        "successor has a row of its own."
    )


def _read_again(run: _Run, before: Page, error: ConfluenceError) -> Page:
    """Read the page anew after a conflict or a lost answer.

    Raises:
        ConfluenceError: the deadline has passed, or the version does not change, so that this is no
            conflict.

    """
    lost = not isinstance(error, ConflictError)
    run.report("the answer was lost, reading again" if lost else "conflict, reading again")
    if not run.client.deadline.back_off(run.attempts):
        raise type(error)(
            f"Page {run.page_id} was still contended after {run.attempts} tries in "
            f"{run.client.deadline.seconds:.0f} seconds; run again, each commit gets its row once."
        ) from error
    page = run.client.read_page(run.page_id)
    if lost and page.version == before.version and run.attempts == _LOST_WRITES:
        refuse_read_only(run.client, f"writing page {run.page_id}")
    run.unchanged = run.unchanged + 1 if page.version == before.version and not lost else 0
    if run.unchanged >= _UNCHANGED_READS:
        raise ConflictError(
            f"Confluence refuses version {before.version + 1} of page {run.page_id} as a conflict "
            f"though its version stays {before.version}; nothing was written: open the page in a "
            f"browser, publish or discard its draft, and run again ({error})."
        ) from error
    return page


def _refuse_many(run: _Run, edit: Edit, most: int | None) -> None:
    if run.attempts == 0 and most is not None and len(edit.rows) > most:
        raise UsageError(
            f"{len(edit.rows):,} commits have no row, and nothing says where the log begins; set "
            "`since` in [scope] of the configuration, or give --range (HEAD is the whole history)."
        )


def _with_hint(error: ServerError, edit: Edit) -> ChangelogError:
    """Name the likely cause of a 500: an old MySQL ``utf8`` database under Data Center."""
    if " 500 " not in f"{error} " or all(ord(character) < 0x10000 for character in edit.body):
        return error
    return ServerError(
        f"{error} The rows hold characters outside the Basic Multilingual Plane, such as emoji, which "
        "Confluence cannot store on a MySQL database with the utf8 character set: set "
        'wide_characters = "replace" in [row] of the configuration.'
    )
