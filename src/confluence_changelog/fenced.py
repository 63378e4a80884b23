"""Writes rows into a page: read it, edit it, write it; after a conflict read and edit again.

The version that was read is the fence: a write always carries *that* version + 1 with the body made from
it. On a conflict, and on any lost answer, the page is read again and only what is missing *there* is
inserted. So each row is written once, however often this is raced, killed or repeated.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from confluence_changelog.confirm import confirm_rows, keep_parent
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.confluence.stored import refuse_read_only
from confluence_changelog.errors import (
    ChangelogError,
    ConflictError,
    ConfluenceError,
    LostAnswerError,
    ServerError,
    UsageError,
)
from confluence_changelog.identity import Identity
from confluence_changelog.insert import Edit
from confluence_changelog.room import refuse_too_large, size_warning
from confluence_changelog.row import Row

_UNCHANGED_READS = 2
_LOST_WRITES = 2
"""After so many writes of which none arrived, Confluence is asked whether anybody may write."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be written, and how it is found again."""

    plan: Callable[[Page], Edit]
    """Returns what a page lacks, made anew for each page that was read; it raises what `write` raises."""
    logged: Callable[[Page], Collection[str]]
    """Returns what tells the rows of ours on a page: the id of each, and its `state`; and the ids of
    those in its archives."""
    message: Callable[[Edit], str]
    """Returns the version message."""
    most: int | None = None
    """How many new rows there may be; None: any number."""
    backfill: bool = False
    """Whether this is no news: then it is a minor edit, and leaves room for the rows to come."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task."""

    page: Page
    """The page as it was stored, or as it was read where nothing was written."""
    rows: dict[str, Row]
    """The rows that were written, by id; with those that a lost answer had stored after all."""
    corrected: dict[str, Row]
    """The rows that were corrected, in the same way."""
    edit: Edit
    """The last edit."""
    attempts: int
    """How many writes were sent."""
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    """A task under way."""

    client: Client
    page_id: str
    task: Task
    report: Report
    attempts: int = 0
    unchanged: int = 0
    lost: dict[str, Row] = field(default_factory=dict)
    """Rows of writes whose answer was lost, by id: stored perhaps."""
    unsettled: dict[str, Row] = field(default_factory=dict)
    """Corrected rows of such writes, by their `state`."""
    unsure: Page | None = None
    """The page that the last write that may have been stored was made from."""
    warnings: list[str] = field(default_factory=list)


def write(client: Client, page_id: str, task: Task, report: Report = lambda _: None) -> Outcome:
    """Write the rows that a page lacks.

    Args:
        client: a client of the page's Confluence.
        page_id: the id of the page.
        task: the rows.
        report: is told, in a few words, what happens on the way.

    Raises:
        PageError: the page cannot take the rows; nothing was written.
        UsageError: there are more new rows than the task may have; nothing was written.
        TooLargeError: the page would not fit into a request; nothing was sent.
        ConfluenceError: it refused or could not be reached; run again.

    """
    run = _Run(client, page_id, task, report)
    before = client.read_page(page_id)
    while True:
        edit = task.plan(before)
        if not edit.spans:
            return _done(run, before, edit)
        _refuse(run, edit)
        run.attempts += 1
        rows = {row.identity.id: row for row in (*edit.rows, *edit.replaced)}
        corrected = {state(row.identity): row for row in edit.corrected}
        try:
            answer = _send(run, before, edit)
        except (LostAnswerError, ServerError) as error:
            run.lost.update(rows)
            run.unsettled.update(corrected)
            run.unsure = before
            before = _read_again(run, before, error)
            if not isinstance(error, LostAnswerError) and before.version == run.unsure.version:
                raise _with_hint(error, edit) from error
        except ConflictError as error:
            before = _read_again(run, before, error)
        else:
            wanted = rows.keys() | corrected.keys()
            after = confirm_rows(client, before, answer, wanted, task.logged, report)
            run.unsure = before
            return _done(run, after, edit)


def state(identity: Identity) -> str:
    """Return what tells a row with its text: a corrected one keeps its id."""
    return f"{identity.id}#{identity.digest}"


def _send(run: _Run, before: Page, edit: Edit) -> Page | None:
    count = len(edit.rows) + len(edit.replaced) + len(edit.corrected)
    run.report(f"writing {count:,} rows into a page of {len(edit.body):,} characters")
    minor = run.task.backfill or not edit.rows
    return run.client.write_page(before, edit.body, run.task.message(edit), minor=minor)


def _done(run: _Run, after: Page, edit: Edit) -> Outcome:
    """Close a task, with the page under its parent, where our writes may have moved it from."""
    page = after
    if run.unsure is not None:
        page, warning = keep_parent(run.client, run.unsure, after)
        run.warnings += [warning] if warning else []
    rows = run.lost | {row.identity.id: row for row in (*edit.rows, *edit.replaced)}
    stored = run.task.logged(page) if run.unsettled else ()
    corrected = {row.identity.id: row for key, row in run.unsettled.items() if key in stored}
    corrected |= {row.identity.id: row for row in edit.corrected}
    return Outcome(page, rows, corrected, edit, run.attempts, tuple(run.warnings))


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


def refuse_too_many(edit: Edit, most: int | None) -> None:
    """Do nothing where an edit has no more than `most` new rows; None: any number.

    Raises:
        UsageError: it has more; the message says how to ask for them.

    """
    if most is not None and len(edit.rows) > most:
        raise UsageError(
            f"{len(edit.rows):,} commits have no row, and nothing says where the log begins; set "
            "`since` in [scope] of the configuration, or give --range (HEAD is the whole history)."
        )


def _refuse(run: _Run, edit: Edit) -> None:
    """Refuse what is too much; before the first write, warn of a page that gets slow."""
    if run.attempts == 0:
        refuse_too_many(edit, run.task.most)
    refuse_too_large(edit, backfill=run.task.backfill)
    if run.attempts == 0 and (warning := size_warning(edit)):
        run.warnings.append(warning)


def _with_hint(error: ServerError, edit: Edit) -> ChangelogError:
    """Name the likely cause of a 500: an old MySQL ``utf8`` database under Data Center."""
    if " 500 " not in f"{error} " or all(ord(character) < 0x10000 for character in edit.body):
        return error
    return ServerError(
        f"{error} The rows hold characters outside the Basic Multilingual Plane, such as emoji, which "
        "Confluence cannot store on a MySQL database with the utf8 character set: set "
        'wide_characters = "replace" in [row] of the configuration.'
    )
