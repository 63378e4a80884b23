"""Confluence Data Center and Server: REST API ``<context>/rest/api``, since 5.5.

Facts from Atlassian's REST documentation (10.2) and its "REST API examples": a PUT replaces the whole
body and wants ``version.number`` + 1, ``type`` and the title; "a 400 for no space or no content type" is
documented, so both are always sent. ``ancestors`` is for moving a page; leaving it out keeps the parent
by the documentation, and moved pages in the field: hence the comparison after each write.
"""

import re
from collections.abc import Mapping
from typing import Any

from confluence_changelog.confluence.connected import Connected
from confluence_changelog.confluence.fields import (
    id_of,
    items_of,
    permits_update,
    text_at,
    version_of,
)
from confluence_changelog.confluence.page import Ancestor, Flavour, Page, User
from confluence_changelog.confluence.stored import (
    current_user,
    named_pages,
    put_page,
    refuse_anonymous,
    refuse_read_only,
    refuse_status,
    writable,
)
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import (
    ConfluenceError,
    GoneError,
    LostAnswerError,
    NotFoundError,
    PageError,
    PermissionDeniedError,
    ServerError,
)
from confluence_changelog.macros import mention

_EXPAND = "body.storage,version,ancestors,space"
_USER_KEY = re.compile(r"[0-9a-f]{32}")


class DataCenter(Connected):
    """A client for one Data Center (see `page.Client`)."""

    def __init__(self, transport: Transport, *, send_ancestors: bool = False) -> None:
        """Make a client that uses `transport`."""
        super().__init__(transport)
        self.send_ancestors = send_ancestors

    @property
    def flavour(self) -> Flavour:
        """What this is a client of."""
        return "data-center"

    def read_page(self, page_id: str) -> Page:
        """Return the current version of a page, with body and parent (see `page.Client`).

        Raises:
            GoneError: this is Cloud, whose v1 API is on its way out.

        """
        what = f"reading page {page_id}"
        try:
            answer = self._transport.get(_path(page_id), what, {"expand": _EXPAND})
        except (NotFoundError, PermissionDeniedError) as error:
            refuse_anonymous(self._transport)
            if isinstance(error, NotFoundError):
                self._refuse_other_status(page_id)
            raise
        if text_at(answer, "version", "by", "accountId") is not None:
            raise GoneError(
                f"Confluence Cloud answered while {what} on {self.base}, whose API for Data Center is "
                'being removed; set flavour = "cloud" in [page] of the configuration.'
            )
        page = self._page(answer, page_id)
        if page is None:
            raise PageError(
                f"Confluence's answer while {what} lacks its id, type, title, body, version, space or "
                "ancestors; check that the address is a Data Center's and that no proxy changes its "
                "answers."
            )
        return writable(page, answer.get("status", "current"))

    def write_page(
        self, page: Page, body: str, message: str, *, minor: bool = False, move: bool = False
    ) -> Page | None:
        """Write `body` as the version after `page` (see `page.Client`)."""
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
            answer = put_page(self._transport, _path(page.id), page.id, what, payload)
        except ConfluenceError as error:
            self._explain(error, what)
            raise
        return self._page(answer, page.id)

    def create_page(self, space: str, title: str, body: str, *, parent: str = "") -> Page:
        """Make a page (see `page.Client`)."""
        payload: dict[str, Any] = {
            "type": "page",
            "title": title,
            "space": {"key": space},
            "body": {"storage": {"value": body, "representation": "storage"}},
        }
        if parent:
            payload["ancestors"] = [{"id": parent}]
        what = f"making page {title!r} in space {space}"
        try:
            made = id_of(self._transport.post("/rest/api/content", what, payload).get("id"))
        except LostAnswerError:
            made = self.find_page(space, title)
            if made is None:
                raise
        except ConfluenceError as error:
            self._explain(error, what)
            raise
        if made is None:
            raise PageError(f"Confluence's answer while {what} lacks the id; look at the space.")
        return self.read_page(made)

    def find_page(self, space: str, title: str) -> str | None:
        """Return the id of a page by space key and exact title."""
        asked = {"spaceKey": space, "title": title, "type": "page"}
        what = f"looking for page {title!r} in space {space}"
        try:
            answer = self._transport.get("/rest/api/content", what, asked)
        except (NotFoundError, PermissionDeniedError):
            refuse_anonymous(self._transport)
            raise
        found = [item for item in items_of(answer) if item.get("title") == title]
        return id_of(found[0].get("id")) if found else None

    def create_below(self, page: Page, title: str, body: str) -> Page:
        """Make a page below another (see `page.Client`)."""
        return self.create_page(page.space, title, body, parent=page.id)

    def find_beside(self, page: Page, title: str) -> str | None:
        """Return the id of a page by title, in the space of another."""
        return self.find_page(page.space, title)

    def children(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return the first 200 pages below a page."""
        what = f"asking what is below page {page_id}"
        return named_pages(
            self._transport.get(f"{_path(page_id)}/child/page", what, {"limit": "200"})
        )

    def ancestors(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return what is above a page, the top first."""
        what = f"asking what is above page {page_id}"
        answer = self._transport.get(_path(page_id), what, {"expand": "ancestors"})
        return named_pages(answer, "ancestors")

    def user(self) -> User:
        """Return who the credentials make us."""
        return current_user(self._transport)

    def may_edit(self, page_id: str) -> bool | None:
        """Say whether this user may edit the page: ``expand=operations``."""
        what = f"asking what may be done to page {page_id}"
        return permits_update(self._transport.get(_path(page_id), what, {"expand": "operations"}))

    def read_only(self) -> bool | None:
        """Say whether Confluence is in read-only mode: ``/rest/api/accessmode``, since 6.10."""
        try:
            mode = self._transport.get_value("/rest/api/accessmode", "asking for the access mode")
        except ConfluenceError:
            return None
        return {"READ_ONLY": True, "READ_WRITE": False}.get(str(mode)[:20])

    def server_version(self) -> str:
        """Return the version: ``/rest/api/server-information``, which older servers lack."""
        try:
            answer = self._transport.get("/rest/api/server-information", "asking for the version")
        except (NotFoundError, PermissionDeniedError, ServerError):
            return ""
        return (text_at(answer, "version") or "")[:40]

    def mention(self, user: str) -> str:
        """Return the mark-up that mentions a user by key or by name: ``/rest/api/user?username=``."""
        if _USER_KEY.fullmatch(user):
            return mention("userkey", user)
        try:
            answer = self._transport.get("/rest/api/user", "asking for a user", {"username": user})
        except (NotFoundError, PermissionDeniedError):
            return ""
        key = text_at(answer, "userKey") or ""
        return mention("userkey", key) if _USER_KEY.fullmatch(key) else ""

    def find_person(self, _name: str) -> str:
        """Return an empty text: full names are not unique here, and user names can be configured."""
        return ""

    def _refuse_other_status(self, page_id: str) -> None:
        """Say so where a page is there, but a draft or in the trash: only current ones are given."""
        what = f"asking whether page {page_id} is in the trash"
        try:
            answer = self._transport.get(_path(page_id), what, {"status": "any"})
        except ConfluenceError:
            return
        refuse_status(page_id, answer.get("status", "current"))

    def _explain(self, error: ConfluenceError, what: str) -> None:
        """Raise a clearer error where Confluence tells more than in its refusal of a write."""
        denied = isinstance(error, PermissionDeniedError)
        if denied or type(error) is ConfluenceError:
            refuse_read_only(self, what)
        if denied:
            refuse_anonymous(self._transport)

    def _page(self, answer: Mapping[str, Any], page_id: str) -> Page | None:
        """Return the page of an answer, or None where it lacks something or names another page."""
        body = text_at(answer, "body", "storage", "value")
        title, kind = text_at(answer, "title"), text_at(answer, "type")
        space, version = text_at(answer, "space", "key"), version_of(answer)
        parent = _parent(answer.get("ancestors"))
        if body is None or title is None or space is None or version is None or parent is None:
            return None
        if kind not in ("page", "blogpost") or str(answer.get("id")) != page_id:
            return None
        address = f"{self.base}/pages/viewpage.action?pageId={page_id}"
        return Page(page_id, title, space, kind, version, parent, body, address)


def _parent(ancestors: object) -> str | None:
    """Return the id of the last ancestor, an empty text at the top of a space, None for nonsense."""
    if not isinstance(ancestors, list):
        return None
    if not ancestors:
        return ""
    return id_of(ancestors[-1].get("id")) if isinstance(ancestors[-1], dict) else None


def _path(page_id: str) -> str:
    return f"/rest/api/content/{page_id}"
