"""The pages that hold a log: its own, and its archives, read as one list of rows."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from confluence_changelog.archives.reading import Archive, Archives
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import PageError
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.numbering import numbers_in
from confluence_changelog.reread import Standing, standing

_READS = 4


class Sheet(NamedTuple):
    """A page with rows: that of the log, or an archive."""

    page: Page
    log: Log
    first: int
    """The number that its first row has among all rows, from 0; those of the log come first."""
    rows: tuple[Standing, ...]
    """Its rows, numbered among all."""


class Sheets(NamedTuple):
    """A log with its archives."""

    pages: tuple[Sheet, ...]
    """The log, then its archives, the newest first."""
    warnings: tuple[str, ...]
    """What is under way between them."""

    @property
    def log(self) -> Sheet:
        """The page of the log."""
        return self.pages[0]

    @property
    def rows(self) -> list[Standing]:
        """The rows of all pages, from top to bottom."""
        return [row for sheet in self.pages for row in sheet.rows]

    def of(self, row: int) -> Sheet:
        """Return the page that has a row."""
        return next(each for each in reversed(self.pages) if each.first <= row)


def read_sheets(client: Client, page_id: str, layout: Layout) -> Sheets:
    """Read a log and its archives, one request for each; an old answer for the log is read again.

    Raises PageError where the log was set back, and what reading a page and its log raises.
    """
    page, log, archives = _read(client, page_id, layout)
    found = [_sheet(page, log, 0)]
    for archive in archives:
        first = found[-1].first + len(found[-1].log.table.table.rows)
        found.append(_sheet(archive.page, archive.shelf.log, first, archive.uncounted))
    return Sheets(tuple(found), tuple(_interrupted(each) for each in archives if each.uncounted))


def unproven(sheets: Sheets, scope: Collection[str]) -> dict[str, str]:
    """Return the commits in scope whose rows lost their digest, with the numbers that they show."""
    found: dict[str, str] = {}
    for page, log, first, rows in sheets.pages:
        unsure = [row for row in rows if row.is_unproven and row.identity.id in scope]
        numbers = numbers_in(page.body, log.table, log.fields) if unsure else {}
        found |= {row.identity.id: numbers.get(row.row - first, "") for row in unsure}
    return found


def _sheet(page: Page, log: Log, first: int, uncounted: Collection[int] = ()) -> Sheet:
    rows = (row for row in standing(page.body, log) if row.row not in uncounted)
    return Sheet(page, log, first, tuple(row._replace(row=first + row.row) for row in rows))


def _read(client: Client, page_id: str, layout: Layout) -> tuple[Page, Log, Sequence[Archive]]:
    archives = Archives(client, layout)
    for attempt in range(_READS):
        page = client.read_page(page_id)
        log = read_log(page.body, layout)
        found = archives.all(page, log)
        if not any(each.is_far_ahead for each in found):
            return page, log, found
        if not client.deadline.back_off(attempt):
            break
    raise PageError(
        f"Page {page_id} with the log was set back to an older version, for its archives hold more than it "
        "says; restore its newest version from its page history, and edit that."
    )


def _interrupted(archive: Archive) -> str:
    count = len(archive.uncounted)
    return (
        f"{count:,} rows are being moved to {archive.page.title!r} and stand on both pages; if nobody is "
        "at it, run confluence-changelog archive, which brings that to an end."
    )
