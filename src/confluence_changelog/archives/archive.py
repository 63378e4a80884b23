"""Moves the oldest rows of a log to its archives, as `archives` explains.

Each step is decided anew from both pages as they are; after a conflict and after a lost answer both are
read again. So it can be raced, killed and repeated.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from confluence_changelog.archives import moves
from confluence_changelog.archives.begin import begin, recovered
from confluence_changelog.archives.choose import Choice, choose
from confluence_changelog.archives.marks import ArchiveRow, Mark, archive_row
from confluence_changelog.archives.reading import BehindError, fetch, shelf_of
from confluence_changelog.archives.steps import At, Move, Order, Write, fitting, settled, staged
from confluence_changelog.confirm import keep_parent, read_back
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import (
    ConflictError,
    ConfluenceError,
    LostAnswerError,
    PageError,
    ServerError,
)
from confluence_changelog.log_table import read_log

_SAME = 4
"""So many writes of one version may be refused, as conflicts though it stays the newest or with a 5xx."""


@dataclass(frozen=True, slots=True)
class Archiving:
    """What was done."""

    page: Page
    """The page of the log, as it was stored."""
    moves: tuple[Move, ...]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows were moved."""
        return sum(move.rows for move in self.moves)


@dataclass(slots=True)
class _Run:
    """Archiving under way; pages that are None are read before the next step."""

    client: Client
    page_id: str
    order: Order
    report: Callable[[str], None]
    log: Page | None = None
    shelf: Page | None = None
    done: list[Move] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    unsure: "Write | None" = None
    """A write of the log that a lost answer may have stored after all."""
    behind: int = 0
    """How often the log was read as it was before moves that its archive has."""
    tries: int = 0
    refused: Counter[tuple[str, int]] = field(default_factory=Counter)


def archive(
    client: Client, page_id: str, order: Order, report: Callable[[str], None] = lambda _: None
) -> Archiving:
    """Move what the log should not keep, and bring to an end what somebody else began.

    Raises:
        PageError: the log or an archive is not what it must be.
        TitleExistsError: a page that is no archive of this log has the title of one.
        ConfluenceError: it refused or could not be reached; run again.

    """
    run = _Run(client, page_id, order, report)
    while True:
        at = _read(run)
        try:
            write = _next(run, at)
        except BehindError as error:
            _read_anew(run, error)
            continue
        if write is None:
            return Archiving(at.page, tuple(run.done), tuple(run.warnings))
        _send(run, write)


def is_due(page: Page, order: Order) -> bool:
    """Tell whether a log has more than it should keep; nothing is asked."""
    log = read_log(page.body, order.layout)
    row = archive_row(page.body, log.table)
    choice = choose(page.body, log, row, order.settings, order.today, lazily=order.lazily)
    return choice is not None


def preview(client: Client, page_id: str, order: Order) -> tuple[Page, Choice | None]:
    """Return the log, and what would be moved first; nothing is written."""
    page = client.read_page(page_id)
    log = read_log(page.body, order.layout)
    row = archive_row(page.body, log.table)
    newest = ""
    if row is not None:
        shelf = fetch(client, page, row.marks[-1])
        newest = shelf_of(shelf, page, order.layout).record.part
    return page, choose(page.body, log, row, order.settings, order.today, newest)


def _read(run: _Run) -> At:
    if run.log is None:
        run.log = run.client.read_page(run.page_id)
    log = read_log(run.log.body, run.order.layout)
    return At(run.log, log, archive_row(run.log.body, log.table))


def _next(run: _Run, at: At) -> Write | None:
    """Return the next write; None where all is done."""
    order = run.order
    if at.row is None:
        if _chosen(run, at, "") is None:
            return None
        return _named(run, at, recovered(run.client, at.page, at.log, order), "")
    _count_unsure(run, at.row)
    mark = at.row.marks[-1]
    page = run.shelf
    if page is None or page.id != mark.page:
        page = run.shelf = fetch(run.client, at.page, mark)
    shelf = shelf_of(page, at.page, order.layout)
    if (write := settled(at, page, shelf, mark, order)) is not None:
        return write
    choice = _chosen(run, at, shelf.record.part)
    if choice is None:
        return None
    number = max(mark.number, shelf.record.number) + 1
    if count := fitting(at, page, shelf, choice, order):
        return staged(at, page, shelf, range(choice.last - count, choice.last), number, order)
    if not shelf.record.closed:
        return Write(page, moves.close(page.body, shelf, order.layout), "Archive closed")
    return _named(run, at, [], shelf.record.part)


def _chosen(run: _Run, at: At, newest: str) -> Choice | None:
    order = run.order
    return choose(
        at.page.body, at.log, at.row, order.settings, order.today, newest, lazily=order.lazily
    )


def _named(run: _Run, at: At, found: list[tuple[Page, Mark]], newest: str) -> Write | None:
    """Return the write that names archives in the log: those found, or else a new one."""
    order = run.order
    if not found:
        choice = _chosen(run, at, newest)
        if choice is None:
            return None
        run.report("making an archive")
        found = [begin(run.client, at.page, at.log, order, choice.part, newest)]
        run.shelf = found[0][0]
    body, log = at.page.body, at.log
    for page, mark in found:
        label = order.settings.label
        body = moves.name(body, log, order.layout, mark, page.title, page.address, label)
        log = read_log(body, order.layout)
    titles = ", ".join(repr(page.title) for page, _ in found)
    return Write(at.page, body, f"Change log, archive: {titles}")


def _send(run: _Run, write: Write) -> None:
    """Send a write and keep the page as it was stored; after a failure both pages are read again."""
    run.report(write.message)
    is_log = write.page.id == run.page_id
    try:
        answer = run.client.write_page(write.page, write.body, write.message, minor=True)
        after = answer if answer is not None else read_back(run.client, write.page, run.report)
    except (ConflictError, LostAnswerError, ServerError) as error:
        run.unsure = write if write.move and not isinstance(error, ConflictError) else None
        _again(run, write.page, error)
        return
    after, warning = keep_parent(run.client, write.page, after)
    run.warnings |= {warning: None} if warning else {}
    if is_log:
        run.log = after
    else:
        run.shelf = after
    if write.move is not None:
        run.done.append(write.move)
        run.client.deadline.restart()


def _count_unsure(run: _Run, row: ArchiveRow) -> None:
    """Count a move whose answer was lost, where the log says that it was stored."""
    if run.unsure and run.unsure.move and run.unsure.mark in row.marks:
        run.done.append(run.unsure.move)
    run.unsure = None


def _read_anew(run: _Run, error: PageError) -> None:
    """Have the log read again, as what was read may be an old answer; raise the error in the end."""
    run.log = None
    run.behind += 1
    if run.behind > _SAME or not run.client.deadline.back_off(run.behind):
        raise error


def _again(run: _Run, page: Page, error: ConfluenceError) -> None:
    """Have both pages read again, unless this goes on for too long."""
    run.report("reading again")
    run.log = run.shelf = None
    run.tries += 1
    run.refused[page.id, page.version] += not isinstance(error, LostAnswerError)
    if run.refused[page.id, page.version] >= _SAME:
        raise error
    if not run.client.deadline.back_off(run.tries):
        raise type(error)(
            f"Archiving page {run.page_id} was not done after {run.tries} conflicts and lost answers in "
            f"{run.client.deadline.seconds:.0f} seconds; run again, each row is moved once."
        ) from error
