"""Reads the archives of a log, for those who must know which commits have a row.

The log is read first and its archives after it: a row that moves in between is seen in one of them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from confluence_changelog.addition import names as added_names
from confluence_changelog.archives.marks import TRACE, Mark, Record, archive_row, read_record
from confluence_changelog.archives.moves import Shelf, read_shelf, staged_at
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import NotFoundError, PageError
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.settings import ArchiveSettings

_READS = 6


class BehindError(PageError):
    """The log that was read is older than its archives: an old answer perhaps."""


class Archive(NamedTuple):
    """An archive that was read."""

    page: Page
    shelf: Shelf
    mark: Mark
    """What the log says of it."""

    @property
    def uncounted(self) -> range:
        """The rows of its table that a move has put there, and that do not count, or not yet."""
        record, mark = self.shelf.record, self.mark
        ahead = record.number > mark.number or (record.number == mark.number and mark.void)
        if not ahead or not record.rows or self.is_far_ahead:
            return range(0)
        first = staged_at(self.page.body, self.shelf)
        return range(0) if first is None else range(first, first + record.rows)

    @property
    def is_far_ahead(self) -> bool:
        """Whether the log that was read is older than the last move but one."""
        return self.shelf.record.number > self.mark.number + 1

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the commits whose rows it holds, those that do not count left out."""
        gone = self.uncounted
        rows = self.shelf.log.ledger.rows
        return frozenset(each.identity.id for each in rows if each.row not in gone)


@dataclass(slots=True)
class Archives:
    """The archives of one log, each read again only when rows were moved to it."""

    client: Client
    layout: Layout
    _read: dict[Mark, Archive] = field(default_factory=dict)

    def all(self, page: Page, log: Log) -> list[Archive]:
        """Return the archives of a log: those that it names, or else those below its page."""
        return self.of(page, log) or self._unnamed(page)

    def of(self, page: Page, log: Log) -> list[Archive]:
        """Return the archives that a log names, the newest first.

        Raises:
            PageError: one cannot be read, or is older than the log says.

        """
        row = archive_row(page.body, log.table)
        if row is None:
            return []
        return [self._known(page, mark) for mark in reversed(row.marks)]

    def ids(
        self, page: Page, wanted: Collection[str], besides: Collection[str] = ()
    ) -> frozenset[str]:
        """Return which commits have their row in an archive of a log and not in the log itself.

        No archive is read where the log itself has all of the wanted ones. Where archiving is on and
        the log names no archive, its child pages are looked at: the archive row may be gone.

        Args:
            page: the page of the log.
            wanted: the ids that are asked for.
            besides: ids that are looked for where archives are read anyway.

        """
        if TRACE not in page.body and not is_on(self.layout.archive):
            return frozenset()
        log = read_log(page.body, self.layout)
        if log.ledger.ids.issuperset(wanted):
            return frozenset()
        found = self.all(page, log)
        ids = frozenset[str]().union(*(each.ids for each in found))
        return ids.intersection([*wanted, *besides]) - log.ledger.ids

    def names(self, page: Page) -> frozenset[str]:
        """Return the names of the rows in the archives of a log that were added by key."""
        if TRACE not in page.body and not is_on(self.layout.archive):
            return frozenset()
        found = self.all(page, read_log(page.body, self.layout))
        return frozenset(
            name for each in found for name in added_names(each.page.body, each.shelf.log)
        )

    def _unnamed(self, page: Page) -> list[Archive]:
        """Return the archives among the child pages of a log that names none."""
        if not is_on(self.layout.archive):
            return []
        return [
            Archive(each, shelf, Mark(each.id, shelf.record.number))
            for each, shelf in children(self.client, page, self.layout)
        ]

    def _known(self, page: Page, mark: Mark) -> Archive:
        if mark not in self._read:
            found = fetch(self.client, page, mark)
            self._read[mark] = Archive(found, shelf_of(found, page, self.layout), mark)
        return self._read[mark]


def is_on(settings: ArchiveSettings) -> bool:
    """Tell whether rows are ever moved to archives."""
    return bool(settings.rows or settings.size or settings.period)


def fetch(client: Client, log: Page, mark: Mark) -> Page:
    """Read an archive that a log names; an answer that is older than the log says is no answer.

    A move that is void need not be there: people may have restored the version before it.

    Raises:
        PageError: it is not there, is no archive of this log, or stays older.

    """
    page = _page(client, mark)
    for attempt in range(_READS):
        if record_of(page, log).number >= mark.number - mark.void:
            return page
        if not client.deadline.back_off(attempt):
            break
        page = _page(client, mark)
    raise PageError(
        f"Archive {page.title!r}, page {page.id}, was set back to an older version: the log says that more "
        "rows were moved to it; restore its newest version from its page history."
    )


def _page(client: Client, mark: Mark) -> Page:
    try:
        return client.read_page(mark.page)
    except NotFoundError as error:
        raise PageError(
            f"Page {mark.page}, an archive of the log, cannot be read ({error}); give this user the right "
            "to see it, or restore it from the trash."
        ) from error


def record_of(page: Page, log: Page) -> Record:
    """Return the record of an archive. Raises PageError where it is no archive of this log."""
    found = read_record(page.body)
    if found is None:
        raise PageError(
            f"Page {page.title!r}, {page.id}, is no archive any more, for its first paragraph has lost its "
            "anchor, or has two; restore a version with one from its page history."
        )
    if found[0].log != log.id:
        raise PageError(
            f"Page {page.title!r}, {page.id}, is an archive of page {found[0].log} and not of page "
            f"{log.id}; if the log is a copy, delete its last row, which links the archives."
        )
    return found[0]


def shelf_of(page: Page, log: Page, layout: Layout) -> Shelf:
    """Read an archive's table. Raises PageError where that cannot be."""
    record_of(page, log)
    try:
        return read_shelf(page.body, layout)
    except PageError as error:
        raise PageError(
            f"Archive {page.title!r}, page {page.id}, cannot be read: {error}"
        ) from error


def children(client: Client, page: Page, layout: Layout) -> Iterator[tuple[Page, Shelf]]:
    """Yield the archives of a log among its child pages, told by their titles and records.

    The one that takes rows, if any does, comes first, and then the newest.
    """
    title = re.escape(layout.archive.title)
    title = title.replace(r"\{log\}", ".+").replace(r"\{part\}", r"[0-9Q-]+( \([0-9]+\))?")
    found = []
    for child in client.children(page.id):
        if child.id and re.fullmatch(title, child.title):
            each = client.read_page(child.id)
            record = read_record(each.body)
            if record and record[0].log == page.id:
                found.append((each, shelf_of(each, page, layout)))
    found.sort(key=lambda one: (one[1].record.closed, -int(one[0].id)))
    yield from found
