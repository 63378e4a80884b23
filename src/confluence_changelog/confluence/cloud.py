"""Confluence Cloud: REST API v2 at ``<site>/wiki/api/v2``, and the one route of v1 that v2 lacks.

Facts from Atlassian's OpenAPI document of v2 (2026-09): every id is a text; an update wants id, status,
title, body and version; ``parentId`` moves a page and is left out unless that is wanted; a page has no
space key and no list of ancestors; ``minorEdit`` is documented in answers only, so that nothing is
promised about notifications. A user who may read a page and not edit it gets a 404 for the write. A 409
for a stale version is not documented and happens.
"""

from collections.abc import Mapping
from typing import Any

from confluence_changelog.confluence.connected import Connected
from confluence_changelog.confluence.fields import (
    id_of,
    items_of,
    permits_update,
    text_at,
    version_of,
    web_address,
)
from confluence_changelog.confluence.page import Ancestor, Flavour, Page, User
from confluence_changelog.confluence.people import is_account_id, people_query, the_one
from confluence_changelog.confluence.stored import (
    current_user,
    named_pages,
    put_page,
    refuse_anonymous,
    writable,
)
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import (
    ConfluenceError,
    LostAnswerError,
    NotFoundError,
    PageError,
    PermissionDeniedError,
)
from confluence_changelog.hosts import is_gateway
from confluence_changelog.macros import mention

_V2 = "/api/v2"
_SITE_REMEDY = (
    "set CONFLUENCE_USER to your e-mail address and CONFLUENCE_PASSWORD to an API token that has not "
    "expired (a token with scopes also needs CONFLUENCE_GATEWAY=1)"
)
_GATEWAY_REMEDY = (
    "check that the token has not expired and that CONFLUENCE_USER is its owner's e-mail address"
)


class Cloud(Connected):
    """A client for one site of Confluence Cloud (see `page.Client`)."""

    def __init__(self, transport: Transport, *, send_ancestors: bool = False) -> None:
        """Make a client that uses `transport`, whose base ends with ``/wiki``."""
        super().__init__(transport)
        self.send_ancestors = send_ancestors
        transport.remedy = _GATEWAY_REMEDY if is_gateway(transport.base) else _SITE_REMEDY

    @property
    def flavour(self) -> Flavour:
        """What this is a client of."""
        return "cloud"

    def read_page(self, page_id: str) -> Page:
        """Return the current version of a page, with body and parent (see `page.Client`)."""
        what = f"reading page {page_id}"
        try:
            answer = self._transport.get(_path(page_id), what, {"body-format": "storage"})
        except NotFoundError:
            self._refuse_folder(page_id)
            refuse_anonymous(self._transport)
            raise
        page = self._page(answer, page_id)
        if page is None:
            raise PageError(
                f"Confluence's answer while {what} lacks its id, title, body, version, space or parent; "
                "check that the address is Confluence Cloud's and that no proxy changes its answers."
            )
        return writable(page, answer.get("status"))

    def write_page(
        self, page: Page, body: str, message: str, *, minor: bool = False, move: bool = False
    ) -> Page | None:
        """Write `body` as the version after `page` (see `page.Client`)."""
        version: dict[str, Any] = {"number": page.version + 1, "message": message}
        payload: dict[str, Any] = {
            "id": page.id,
            "status": "current",
            "title": page.title,
            "body": {"representation": "storage", "value": body},
            "version": version | ({"minorEdit": True} if minor else {}),
        }
        if page.parent and (move or self.send_ancestors):
            payload["parentId"] = page.parent
        what = f"writing version {page.version + 1} of page {page.id}"
        try:
            answer = put_page(self._transport, _path(page.id), page.id, what, payload)
        except PermissionDeniedError:
            refuse_anonymous(self._transport)
            raise
        except NotFoundError as error:
            refuse_anonymous(self._transport)
            raise PermissionDeniedError(
                f"Confluence forbids this user to go on while {what} on {self.base} (404 for a page "
                "that it has just given); give the user the right to edit the page."
            ) from error
        return self._page(answer, page.id)

    def create_page(self, space: str, title: str, body: str, *, parent: str = "") -> Page:
        """Make a page (see `page.Client`)."""
        return self._create(self._space(space), title, body, parent)

    def create_below(self, page: Page, title: str, body: str) -> Page:
        """Make a page below another (see `page.Client`)."""
        return self._create(page.space, title, body, page.id)

    def find_beside(self, page: Page, title: str) -> str | None:
        """Return the id of a page by title, in the space of another."""
        return self._find(page.space, title)

    def children(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return the first 250 pages below a page."""
        what = f"asking what is below page {page_id}"
        return named_pages(
            self._transport.get(f"{_path(page_id)}/children", what, {"limit": "250"})
        )

    def _create(self, space: str, title: str, body: str, parent: str) -> Page:
        payload: dict[str, Any] = {
            "spaceId": space,
            "status": "current",
            "title": title,
            "body": {"representation": "storage", "value": body},
        }
        if parent:
            payload["parentId"] = parent
        what = f"making page {title!r}"
        try:
            made = id_of(self._transport.post(f"{_V2}/pages", what, payload).get("id"))
        except LostAnswerError:
            made = self._find(space, title)
            if made is None:
                raise
        if made is None:
            raise PageError(f"Confluence's answer while {what} lacks the id; look at the space.")
        return self.read_page(made)

    def find_page(self, space: str, title: str) -> str | None:
        """Return the id of a page by space key and title; the case of neither matters."""
        return self._find(self._space(space), title)

    def _find(self, space: str, title: str) -> str | None:
        asked = {"space-id": space, "title": title, "status": "current"}
        what = f"looking for page {title!r}"
        answer = self._transport.get(f"{_V2}/pages", what, asked)
        for item in items_of(answer):
            if (text_at(item, "title") or "").casefold() == title.casefold():
                return id_of(item.get("id"))
        return None

    def ancestors(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return what is above a page, the top first: two requests, for the titles come apart."""
        what = f"asking what is above page {page_id}"
        above = self._transport.get(f"{_path(page_id)}/ancestors", what, {"limit": "250"})
        ids = [found for item in items_of(above) if (found := id_of(item.get("id")))]
        if not ids:
            return ()
        pages = self._transport.get(f"{_V2}/pages", what, {"id": ids, "limit": "250"})
        titles = {str(item.get("id")): text_at(item, "title") or "" for item in items_of(pages)}
        return tuple(Ancestor(found, titles.get(found, "")) for found in ids)

    def user(self) -> User:
        """Return who the credentials make us."""
        return current_user(self._transport)

    def may_edit(self, page_id: str) -> bool | None:
        """Say whether this user may edit the page."""
        what = f"asking what may be done to page {page_id}"
        return permits_update(self._transport.get(f"{_path(page_id)}/operations", what))

    def read_only(self) -> bool | None:
        """Return None: Cloud does not tell."""
        return None

    def server_version(self) -> str:
        """Return an empty text: Cloud does not tell."""
        return ""

    def mention(self, user: str) -> str:
        """Return the mark-up that mentions a user by account id."""
        return mention("account-id", user) if is_account_id(user) else ""

    def find_person(self, name: str) -> str:
        """Return the mark-up that mentions the one user with a full name: v1's ``/search/user``."""
        answer = self._transport.get(
            "/rest/api/search/user", f"looking for user {name}", people_query(name)
        )
        return self.mention(the_one(answer, name))

    def _space(self, key: str) -> str:
        """Return the id of the space with this key.

        Raises:
            NotFoundError: there is none, or the user may not see it.

        """
        what = f"looking for space {key}"
        answer = self._transport.get(f"{_V2}/spaces", what, {"keys": key})
        for item in items_of(answer):
            found = id_of(item.get("id"))
            if found and (text_at(item, "key") or "").casefold() == key.casefold():
                return found
        refuse_anonymous(self._transport)
        raise NotFoundError(
            f"There is no space {key} on {self.base} that this user may see; take the key from the "
            "address of a page of the space."
        )

    def _refuse_folder(self, page_id: str) -> None:
        """Say so where the id is a folder's, which no route for pages knows."""
        try:
            self._transport.get(f"{_V2}/folders/{page_id}", f"asking whether {page_id} is a folder")
        except ConfluenceError:
            return
        raise PageError(
            f"{page_id} is a folder on {self.base}, not a page, so nothing can be written to it; give "
            "the address of the page with the log."
        )

    def _page(self, answer: Mapping[str, Any], page_id: str) -> Page | None:
        """Return the page of an answer, or None where it lacks something or names another page."""
        body = text_at(answer, "body", "storage", "value")
        title, space = text_at(answer, "title"), id_of(answer.get("spaceId"))
        version, parent = version_of(answer), _parent(answer)
        if body is None or title is None or space is None or version is None or parent is None:
            return None
        if str(answer.get("id")) != page_id:
            return None
        address = web_address(answer) or f"{self.base}/pages/viewpage.action?pageId={page_id}"
        return Page(page_id, title, space, "page", version, parent, body, address)


def _parent(answer: Mapping[str, Any]) -> str | None:
    """Return the id of the parent, an empty text at the top of a space, None for nonsense."""
    if "parentId" not in answer:
        return None
    parent = answer["parentId"]
    return "" if parent is None else id_of(parent)


def _path(page_id: str) -> str:
    return f"{_V2}/pages/{page_id}"
