"""What is to be done next with a log and the archive that takes its rows. Pure."""

from datetime import date
from typing import NamedTuple

from confluence_changelog.archives import moves
from confluence_changelog.archives.choose import Choice, base, is_number, uncrossed
from confluence_changelog.archives.marks import ArchiveRow, Mark
from confluence_changelog.archives.moves import Shelf
from confluence_changelog.archives.reading import BehindError
from confluence_changelog.confluence.page import Page
from confluence_changelog.errors import PageError
from confluence_changelog.log_table import Layout, Log
from confluence_changelog.room import LARGE_BODY
from confluence_changelog.settings import ArchiveSettings


class Order(NamedTuple):
    """What is to be moved."""

    layout: Layout
    settings: ArchiveSettings
    today: date
    lazily: bool = False
    """Whether a tenth too much may stay."""


class Move(NamedTuple):
    """Rows that were moved together."""

    title: str
    """Of the archive."""
    address: str
    rows: int


class At(NamedTuple):
    """The log as it is now."""

    page: Page
    log: Log
    row: ArchiveRow | None


class Write(NamedTuple):
    """A write that is to come."""

    page: Page
    body: str
    message: str
    move: Move | None = None
    """What is done with it,"""
    mark: Mark | None = None
    """once the log says this."""


def settled(at: At, page: Page, shelf: Shelf, mark: Mark, order: Order) -> Write | None:
    """Return the write that a move which was begun needs: commit, void or clean."""
    record = shelf.record
    if record.number > mark.number + 1:
        raise BehindError(
            f"Page {at.page.id} with the log was set back to an older version, for more rows were moved to "
            f"its archive {page.title!r} than it says; restore its newest version from its page history, "
            "and edit that."
        )
    if record.number <= mark.number:
        if record.number < mark.number or not (mark.void and record.rows):
            return None
        return Write(page, _cleaned(page, shelf, order), "Rows taken back to the log")
    body, gone = at.page.body, None
    if at.row is not None and moves.staged_at(page.body, shelf) is not None:
        gone = moves.still_there(body, at.log, at.row, record)
    decided = Mark(page.id, record.number, void=gone is None)
    new = moves.decide(body, at.log, order.layout, decided, gone or range(0))
    if gone is None:
        return Write(
            at.page, new, "Change log: rows stay that were changed while they were archived"
        )
    rows = "1 row" if record.rows == 1 else f"{record.rows} rows"
    message = f"Change log, archived: {rows} to {page.title!r}"
    return Write(at.page, new, message, Move(page.title, page.address, record.rows), decided)


def _cleaned(page: Page, shelf: Shelf, order: Order) -> str:
    first = moves.staged_at(page.body, shelf)
    if first is None:
        raise PageError(
            f"People changed rows on archive {page.title!r}, page {page.id}, while these were being moved; "
            "restore its version before the move from its page history, what is in the log stays there."
        )
    return moves.clean(page.body, shelf, first, order.layout)


def fitting(at: At, page: Page, shelf: Shelf, choice: Choice, order: Order) -> int:
    """Return how many of the chosen rows, from the last one up, the archive takes; 0: it is full."""
    record, table = shelf.record, shelf.log.table
    right = base(record.part) == choice.part if choice.part else is_number(record.part)
    if record.closed or not right or table.headings != at.log.table.headings:
        return 0
    there = len(table.table.rows) - table.first
    rows = at.log.table.table.rows
    first, size = choice.last, len(page.body)
    while first > choice.first and there + choice.last - first < order.settings.page_rows:
        size += rows[first - 1].end - rows[first - 1].start
        if size > LARGE_BODY and (there or first < choice.last):
            break
        first -= 1
    first = uncrossed(at.page.body, at.log.table, first, choice.last)
    if first == choice.last and not there:
        first = choice.first  # one cell spans them all: they go together
    return choice.last - first


def staged(at: At, page: Page, shelf: Shelf, lot: range, number: int, order: Order) -> Write:
    """Return the write that copies rows of the log to an archive, as the move with a number."""
    rows = moves.texts(at.page.body, at.log, lot.start, lot.stop)
    made = moves.copies(rows, at.page.title, page.body)
    identities = [each.identity for each in at.log.ledger.rows if each.row in lot]
    new = moves.stage(page.body, shelf, rows, made, identities, number, order.layout)
    return Write(page, new, f"{len(rows)} rows of {at.page.title!r}")
