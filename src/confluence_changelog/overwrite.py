"""Replaces the body of a page, once, and nobody else's edit.

Other than with rows, there is nothing to be done after a conflict: what somebody saved in between would
be lost. After a lost answer the page is read again, to see whether the new body is there.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from confluence_changelog.confirm import keep_parent, read_back
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import ConflictError, LostAnswerError, ServerError
from confluence_changelog.storage.visible import visible_text

_TRIES = 5


class NewBody(NamedTuple):
    """What a page is to hold."""

    storage: str
    title: str
    message: str
    """The version message."""
    minor: bool = False
    insist: bool = False
    """Whether it takes the place of versions that came in between, too."""


def overwrite(
    client: Client, before: Page, new: NewBody, report: Callable[[str], None] = lambda _: None
) -> tuple[Page, str]:
    """Write a new body, and return the page as it was stored, with a warning; empty for none.

    Args:
        client: a client of the page's Confluence.
        before: the page that the new body was made for.
        new: what it is to hold.
        report: is told, in a few words, what happens on the way.

    Raises:
        ConflictError: somebody saved the page in between; nothing was written.
        LostAnswerError: it is not known whether it was written.
        TitleExistsError: another page has the title.
        ConfluenceError: it was refused for another reason.

    """
    was_lost = False
    for attempt in range(_TRIES):
        target = replace(before, title=new.title)
        try:
            answer = client.write_page(target, new.storage, new.message, minor=new.minor)
        except (ConflictError, LostAnswerError, ServerError) as error:
            report("reading the page again")
            was_lost |= not isinstance(error, ConflictError)
            after = client.read_page(before.id)
            if was_lost and _is_stored(after, before, new):
                return keep_parent(client, before, after)
            before = _again(before, after, new, error)
            if not client.deadline.back_off(attempt):
                raise
        else:
            after = answer if answer is not None else read_back(client, before, report)
            return keep_parent(client, before, after)
    raise (LostAnswerError if was_lost else ConflictError)(
        f"Page {before.id} could not be written in {_TRIES} tries, and has version {before.version} now; "
        "run again when nobody else writes to it and Confluence answers."
    )


def _is_stored(after: Page, before: Page, new: NewBody) -> bool:
    """Tell whether a page holds what was written; Confluence stores it in its own spelling."""
    return (
        after.version == before.version + 1
        and after.title == new.title
        and visible_text(after.body) == visible_text(new.storage)
    )


def _again(
    before: Page, after: Page, new: NewBody, error: ConflictError | LostAnswerError | ServerError
) -> Page:
    """Return the page to write to once more. Raises the error, or ConflictError, if that must not be."""
    if after.version != before.version:
        if new.insist:
            return after
        whether = (
            "nothing was written"
            if isinstance(error, ConflictError)
            else "what was written is lost"
        )
        raise ConflictError(
            f"Somebody saved version {after.version} of page {before.id} after you read version "
            f"{before.version}; {whether}: look at what they changed ({after.address}), and write again, "
            "or give --overwrite."
        ) from error
    if isinstance(error, ConflictError):
        raise ConflictError(
            f"Confluence refuses version {before.version + 1} of page {before.id} as a conflict "
            f"though its version stays {before.version}; nothing was written: open the page in a "
            f"browser, publish or discard its draft, and run again ({error})."
        ) from error
    if not isinstance(error, LostAnswerError):
        raise error
    return after
