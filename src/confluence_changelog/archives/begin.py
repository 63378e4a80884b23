"""Makes the pages of archives, and finds those whose row in the log was deleted."""

from confluence_changelog.archives import moves
from confluence_changelog.archives.choose import after, shown
from confluence_changelog.archives.marks import Mark, Record, read_record, shown_digest
from confluence_changelog.archives.reading import BehindError, children
from confluence_changelog.archives.steps import Order
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import PageError, TitleExistsError
from confluence_changelog.log_table import Log
from confluence_changelog.storage.table import LogTable

_LONGEST_TITLE = 255
"""Characters (Confluence)."""


def begin(
    client: Client, page: Page, log: Log, order: Order, part: str, newest: str
) -> tuple[Page, Mark]:
    """Make an archive without rows, or find one that was made and not named yet.

    Args:
        client: a client of the page's Confluence.
        page: the page of the log.
        log: the log on it.
        order: what is to be moved.
        part: the period of the rows to come; empty where archives are numbered.
        newest: the part of the archive that was begun last.

    Raises:
        PageError: the page cannot have child pages.
        BehindError: the page is in use, so that the log that was read is an old one.
        TitleExistsError: another page has the title.

    """
    if page.type != "page":
        raise PageError(
            f"{page.title!r} is a blog post, which has no child pages to archive rows on; keep the log on "
            "a page."
        )
    record = Record(page.id, after(newest, part))
    title = title_of(page, order, record.part)
    body = moves.new_shelf(page.body, log, record, page.title, page.address)
    try:
        made = client.create_below(page, title, body)
    except TitleExistsError as error:
        return _adopted(client, page, title, record, error)
    return made, Mark(made.id, 0)


def title_of(page: Page, order: Order, part: str) -> str:
    """Return the title of an archive; that of the log is cut where the whole gets too long."""
    template = order.settings.title.replace("{part}", shown(part))
    spare = _LONGEST_TITLE - len(template.replace("{log}", ""))
    return template.replace("{log}", page.title[: max(0, spare)])


def _adopted(
    client: Client, page: Page, title: str, record: Record, error: TitleExistsError
) -> tuple[Page, Mark]:
    found = client.find_beside(page, title)
    if found is None:
        raise error
    there = client.read_page(found)
    known = read_record(there.body)
    if known and known[0] != record and (known[0].log, known[0].part) == (record.log, record.part):
        raise BehindError(
            f"The log on page {page.id} does not name its archive {title!r}, page {found}; restore the row "
            "that links the archives from the page history."
        )
    if known is None or known[0] != record:
        raise TitleExistsError(
            f"A page {title!r} is in the space already, and is no archive that this log can begin: "
            f"{there.address}; rename that page, or change `title` in [archive] of the configuration."
        ) from error
    return there, Mark(there.id, 0)


def recovered(client: Client, page: Page, log: Log, order: Order) -> list[tuple[Page, Mark]]:
    """Return the archives among the child pages of a log that has lost its archive row.

    The one that takes rows comes last. Whether the rows that came to it last were taken out of the log
    is told by the commits among them.

    Raises PageError where it cannot be told.
    """
    found = list(children(client, page, order.layout._replace(archive=order.settings)))
    if not found or not found[0][1].record.number:
        found = [each for each in found if each[1].record.number]
    marks = [(each, Mark(each.id, shelf.record.number)) for each, shelf in reversed(found)]
    if found and not found[0][1].record.closed and _are_there(page, log, found[0][1].record):
        each, mark = marks[-1]
        marks[-1] = (each, mark._replace(number=mark.number - 1))
    return marks


def _are_there(page: Page, log: Log, record: Record) -> bool:
    """Tell whether the rows that were moved last still are the last ones of the log."""
    end = _end(log.table)
    first = end - record.rows
    if record.rows < 1 or first < log.table.first:
        return False
    rows = moves.texts(page.body, log, first, end)
    if shown_digest(rows) != record.shown:
        return False
    if not any(first <= each.row < end for each in log.ledger.rows):
        raise PageError(
            f"The log on page {page.id} has lost its last row, which links its archives, and it cannot be "
            "told whether its oldest rows are archived already; restore that row from the page history."
        )
    return True


def _end(table: LogTable) -> int:
    rows = table.table.rows
    return next((at for at, each in enumerate(rows) if each.section == "tfoot"), len(rows))
