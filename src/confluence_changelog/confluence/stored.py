"""What both kinds of Confluence have in common: which pages are never written, and who one is."""

from collections.abc import Mapping
from typing import Any

from confluence_changelog.confluence.fields import id_of, items_of, text_at
from confluence_changelog.confluence.page import Ancestor, Client, Page, User
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import (
    AuthenticationError,
    ConfluenceError,
    PageError,
    ReadOnlyError,
    ServerError,
)
from confluence_changelog.text import plain

_LONGEST_NAME = 255


def writable(page: Page, status: object) -> Page:
    """Return a page that may be written.

    Raises:
        PageError: it is a draft, archived or in the trash, or its body is empty though it has a
            history (Cloud gives an empty body for some pages of its new editor).

    """
    refuse_status(page.id, status)
    if not page.body.strip() and page.version > 1:
        raise PageError(
            f"Confluence gave an empty body for page {page.id} though it has {page.version} versions; "
            "nothing was written: open the page in the browser and save it once."
        )
    return page


def refuse_status(page_id: str, status: object) -> None:
    """Refuse a page that is a draft, archived, or in the trash.

    Raises:
        PageError: it is.

    """
    if status != "current":
        raise PageError(
            f"Page {page_id} is {plain(str(status))[:20]}, not current, so nothing is written to it; "
            "publish or restore it in Confluence."
        )


def named_pages(answer: Mapping[str, Any], key: str = "results") -> tuple[Ancestor, ...]:
    """Return the pages that an answer lists."""
    return tuple(
        Ancestor(id_of(item.get("id")) or "", text_at(item, "title") or "")
        for item in items_of(answer, key)
    )


def put_page(
    transport: Transport, path: str, page_id: str, what: str, payload: Mapping[str, Any]
) -> dict[str, Any]:
    """Send a write, and once more where Confluence wants the page's editor draft refreshed.

    501 "Unable to save changes to unreconciled page … Refreshing the page should fix this."
    (CONFSERVER-59196, CONFSERVER-69310, CONFCLOUD-72349): asking for the page in the web interface
    cures it.
    """
    try:
        return transport.put(path, what, payload)
    except ServerError as error:
        if "unreconciled" not in str(error):
            raise
    transport.touch(f"/pages/viewpage.action?pageId={page_id}")
    return transport.put(path, what, payload)


def current_user(transport: Transport) -> User:
    """Return who the credentials make us: ``GET /rest/api/user/current``, on Cloud a route of API v1."""
    answer = transport.get("/rest/api/user/current", "asking who the user is")
    name = text_at(answer, "displayName") or text_at(answer, "publicName") or ""
    own = text_at(answer, "username") or text_at(answer, "accountId") or ""
    shown, shown_own = (plain(transport.hide(text))[:_LONGEST_NAME] for text in (name, own))
    return User(text_at(answer, "type") == "known", shown, shown_own)


def refuse_anonymous(transport: Transport) -> None:
    """Say so when the credentials were silently ignored.

    A wrong PAT is not refused where anonymous access is on (CONFSERVER-98199): the request is then an
    anonymous one, and the page is "not found" or "not permitted".

    Raises:
        AuthenticationError: they were ignored, or are refused now.

    """
    try:
        known = current_user(transport).known
    except AuthenticationError:
        raise
    except ConfluenceError:
        return
    if not known:
        raise AuthenticationError(
            f"Confluence at {transport.base} ignored the credentials and took the request as "
            f"anonymous; they are wrong or have expired: {transport.remedy}."
        )


def refuse_read_only(client: Client, what: str) -> None:
    """Say so when Confluence is in read-only mode.

    What it answers to a write then is documented nowhere, so that any refusal without a reason of its
    own may be that.

    Raises:
        ReadOnlyError: it is.

    """
    if client.read_only():
        raise ReadOnlyError(
            f"Confluence at {client.base} is in read-only mode, so nobody can write (found while "
            f"{what}); run again when its administrators have ended that, nothing is lost."
        )
