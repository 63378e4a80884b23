"""Looks after a write whether the rows are stored, and whether the page is where it was.

Confluence re-serialises what it stores, so rows are compared by their identity, not bytes.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import ConflictError, LostAnswerError, PageError

_READ_BACKS = 6
_MOVES = 5


def confirm_rows(
    client: Client,
    before: Page,
    answer: Page | None,
    wanted: Collection[str],
    logged: Callable[[Page], Collection[str]],
    report: Callable[[str], None],
) -> Page:
    """Return the page as it was stored, with all wanted rows.

    Args:
        client: a client of the page's Confluence.
        before: the page that the write was made from.
        answer: the page in the answer to the write; None where it lacks body or parent.
        wanted: ids of the rows that were written.
        logged: returns the ids of the rows of ours on a page, and on its archives.
        report: is told, in a few words, what happens on the way.

    Raises:
        PageError: a row cannot be recognised in what was stored.
        LostAnswerError: the page goes on showing the version before the write.

    """
    after = answer if answer is not None else read_back(client, before, report)
    missing = _missing(wanted, after, logged)
    if missing and answer is not None:
        after = read_back(client, before, report)
        missing = _missing(wanted, after, logged)
    if missing:
        raise PageError(
            f"Confluence stored version {after.version} of page {before.id}, but {len(missing)} of "
            f"{len(wanted)} rows cannot be recognised in it; do not run again before somebody has "
            "looked at the page, or these rows will stand twice."
        )
    return after


def keep_parent(client: Client, before: Page, after: Page) -> tuple[Page, str]:
    """Return the page under the parent that it had, and what to tell the user; empty for nothing.

    A write without ``ancestors`` keeps the parent by Atlassian's documentation, and moved pages to the
    top of their space in the field. Such a page is put back, and its ancestors are sent from then on.

    Raises:
        PageError: it could not be put back.

    """
    if not before.parent or after.parent == before.parent:
        return after, ""
    client.send_ancestors = True
    page = after
    for attempt in range(_MOVES):
        target = replace(page, parent=before.parent)
        try:
            client.write_page(target, page.body, "Back under its parent", minor=True, move=True)
        except (ConflictError, LostAnswerError):
            client.deadline.back_off(attempt)
        page = client.read_page(before.id)
        if page.parent == before.parent:
            return page, (
                f"The write moved page {before.id} away from its parent {before.parent}; it was put "
                "back. Set send_ancestors = true in [page] of the configuration, so that it stays there."
            )
    raise PageError(
        f"The write is stored, but page {before.id} left its parent {before.parent} and could not be "
        "put back; move it in Confluence and set send_ancestors = true in [page] of the configuration."
    )


def read_back(client: Client, before: Page, report: Callable[[str], None]) -> Page:
    """Read the page after a write; a read that still shows the version before it is repeated.

    Raises:
        LostAnswerError: it goes on showing that.

    """
    for attempt in range(_READ_BACKS):
        page = client.read_page(before.id)
        if page.version > before.version:
            return page
        report("the page still shows its old version, reading again")
        if not client.deadline.back_off(attempt):
            break
    raise LostAnswerError(
        f"Version {before.version + 1} of page {before.id} was written, but reading it still gives "
        "the version before; look at the page, and run again."
    )


def _missing(
    wanted: Collection[str], page: Page, logged: Callable[[Page], Collection[str]]
) -> set[str]:
    try:
        return set(wanted).difference(logged(page))
    except PageError:
        return set(wanted)
