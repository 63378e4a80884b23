"""Confluence Data Center and Server: REST API ``<context>/rest/api``, since 5.5.

Facts from Atlassian's REST documentation (10.2) and its "REST API examples": a PUT replaces the whole
body and wants ``version.number`` + 1, ``type`` and the title; "a 400 for no space or no content type" is
documented, so both are always sent. ``ancestors`` is for moving a page; leaving it out keeps the parent
by the documentation, and moved pages in the field: hence the comparison after each write.
"""

from typing import Any

from confluence_changelog.confluence.answers import text_at
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.page import Page
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import (
    AuthenticationError,
    NotFoundError,
    PageError,
    PermissionDeniedError,
    ServerError,
)

_LARGEST_VERSION = 2**31
_EXPAND = "body.storage,version,ancestors,space"


class DataCenter:
    """A client for one Data Center."""

    def __init__(self, transport: Transport, *, send_ancestors: bool = False) -> None:
        """Make a client that uses `transport`."""
        self._transport = transport
        self.send_ancestors = send_ancestors

    @property
    def deadline(self) -> Deadline:
        """When to give up."""
        return self._transport.deadline

    def read_page(self, page_id: str) -> Page:
        """Return the current version of a page, with body and parent.

        Raises:
            NotFoundError: there is none, or the user may not see it.
            PageError: it is a draft or in the trash, or its body is empty though it has a history.
            ConfluenceError: it could not be read.

        """
        what = f"reading page {page_id}"
        try:
            answer = self._transport.get(_path(page_id), what, {"expand": _EXPAND})
        except (NotFoundError, PermissionDeniedError):
            self._refuse_anonymous()
            raise
        page = self._page(answer, page_id)
        if page is None:
            raise PageError(
                f"Confluence's answer while {what} lacks its id, type, title, body, version, space or "
                "ancestors; check that the address is a Data Center's and that no proxy changes its "
                "answers."
            )
        return _checked(page, answer)

    def write_page(
        self, page: Page, body: str, message: str, *, minor: bool = False, move: bool = False
    ) -> Page | None:
        """Write `body` as the version after `page` (see `Client`)."""
        payload: dict[str, Any] = {
            "id": page.id,
            "type": page.type,
            "title": page.title,
            "space": {"key": page.space},
            "version": {"number": page.version + 1, "message": message, "minorEdit": minor},
            "body": {"storage": {"value": body, "representation": "storage"}},
        }
        if page.parent and (move or self.send_ancestors):
            payload["ancestors"] = [{"id": page.parent}]
        what = f"writing version {page.version + 1} of page {page.id}"
        try:
            return self._page(self._put(page.id, what, payload), page.id)
        except PermissionDeniedError:
            self._refuse_anonymous()
            raise

    def _put(self, page_id: str, what: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a write, and once more where Confluence wants the page's editor draft refreshed.

        501 "Unable to save changes to unreconciled page … Refreshing the page should fix this."
        (CONFSERVER-59196, CONFSERVER-69310): asking for the page in the web interface cures it.
        """
        try:
            return self._transport.put(_path(page_id), what, payload)
        except ServerError as error:
            if "unreconciled" not in str(error):
                raise
        self._transport.touch(f"/pages/viewpage.action?pageId={page_id}")
        return self._transport.put(_path(page_id), what, payload)

    def _refuse_anonymous(self) -> None:
        """Say so when the credentials were silently ignored.

        A wrong PAT is not refused where anonymous access is on (CONFSERVER-98199): the request is
        then an anonymous one, and the page is "not found" or "not permitted".
        """
        user = self._transport.get("/rest/api/user/current", "asking who the user is")
        if user.get("type") == "anonymous":
            raise AuthenticationError(
                f"Confluence at {self._transport.base} ignored the credentials and took the request "
                "as anonymous; the token is wrong or has expired: make a new one in your Confluence "
                "profile and set CONFLUENCE_TOKEN."
            )

    def _page(self, answer: dict[str, Any], page_id: str) -> Page | None:
        """Return the page of an answer, or None where it lacks something or names another page."""
        body = text_at(answer, "body", "storage", "value")
        title, kind = text_at(answer, "title"), text_at(answer, "type")
        space = text_at(answer, "space", "key")
        version = answer.get("version")
        number = version.get("number") if isinstance(version, dict) else None
        parent = _parent(answer.get("ancestors"))
        if body is None or title is None or space is None or parent is None:
            return None
        if kind not in ("page", "blogpost") or str(answer.get("id")) != page_id:
            return None
        if type(number) is not int or not 0 < number < _LARGEST_VERSION:
            return None
        return Page(
            id=page_id,
            title=title,
            space=space,
            type=kind,
            version=number,
            parent=parent,
            body=body,
            address=f"{self._transport.base}/pages/viewpage.action?pageId={page_id}",
        )


def _checked(page: Page, answer: dict[str, Any]) -> Page:
    status = answer.get("status", "current")
    if status != "current":
        raise PageError(
            f"Page {page.id} is {str(status)[:20]}, not current, so nothing is written to it; publish "
            "or restore it in Confluence."
        )
    if not page.body.strip() and page.version > 1:
        raise PageError(
            f"Confluence gave an empty body for page {page.id} though it has {page.version} versions; "
            "nothing was written: open the page in the browser and save it once."
        )
    return page


def _parent(ancestors: object) -> str | None:
    """Return the id of the last ancestor, an empty text at the top of a space, None for nonsense."""
    if not isinstance(ancestors, list):
        return None
    if not ancestors:
        return ""
    found = str(ancestors[-1].get("id", "")) if isinstance(ancestors[-1], dict) else ""
    return found if found.isascii() and found.isdigit() else None


def _path(page_id: str) -> str:
    return f"/rest/api/content/{page_id}"
