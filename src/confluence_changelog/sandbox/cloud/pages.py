"""Pages of REST v2 that are read: found, listed, shown with what belongs to them."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts, drafts, extras, store
from confluence_changelog.sandbox.app import answer, site
from confluence_changelog.sandbox.cloud_errors import no_page
from confluence_changelog.sandbox.model import Page, fold
from confluence_changelog.sandbox.rest.asked import Asked, reading

from . import properties, shape
from .asked import (
    SHOWN,
    identities,
    identity,
    is_set,
    one_of,
    readable,
    values,
)
from .lists import part_of, some_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

routes = Blueprint("pages", __name__)

_SORTS = {
    "id": lambda page: page.id,
    "title": lambda page: fold(page.title),
    "created-date": lambda page: page.id,
    "modified-date": lambda page: page.version.at,
}
_SORT_NAMES = (*_SORTS, *(f"-{name}" for name in _SORTS))


@routes.get("/pages")
def _find() -> Response:
    with reading() as asked:
        return listed(asked, identities("space-id"))


@routes.get("/spaces/<space_id>/pages")
def _in_space(space_id: str) -> Response:
    with reading() as asked:
        return listed(asked, {identity(space_id)})


def listed(asked: Asked, spaces: set[int]) -> Response:
    """Answer with the pages of those spaces, or of all where none is named."""
    keys = {s.key for s in store.spaces(asked.connection) if s.id in spaces}
    wanted = identities("id")
    statuses = values("status") or ["current", "archived"]
    title = request.args.get("title")
    found = [
        page
        for page in store.pages(asked.connection, status="")
        if page.status in statuses
        and (not spaces or page.space in keys)
        and (not wanted or page.id in wanted)
        and (title is None or fold(page.title) == fold(title))
        and accounts.may_read(asked.connection, asked.person, page)
    ]
    sort = one_of("sort", _SORT_NAMES, "id")
    found.sort(key=_SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    representation = one_of("body-format", shape.BULK_REPRESENTATIONS)
    return part_of(found, lambda page: _seen(asked, page, representation))


@routes.get("/pages/<page_id>")
def _get(page_id: str) -> Response:
    with reading() as asked:
        draft = is_set("get-draft")
        statuses = tuple(values("status")) or ((*SHOWN, "draft") if draft else SHOWN)
        number = request.args.get("version", "")
        page = readable(asked, page_id, SHOWN if number else statuses)
        if number:
            page = _in_version(asked, page, number)
        if draft:
            page = drafts.find_draft(asked.connection, page) or page
        representation = one_of("body-format", shape.REPRESENTATIONS)
        return answer({**shape.page(asked, page, representation), **_included(asked, page)})


@routes.get("/pages/<page_id>/labels")
def _labels(page_id: str) -> Response:
    with reading() as asked:
        found = extras.labels(asked.connection, readable(asked, page_id).id)
        prefix = request.args.get("prefix", "")
        return part_of([each for each in found if prefix in ("", each.prefix)], shape.label)


@routes.get("/pages/<page_id>/operations")
def _operations(page_id: str) -> Response:
    with reading() as asked:
        return answer({"operations": _allowed(asked, readable(asked, page_id))})


def _seen(asked: Asked, page: Page, representation: str) -> dict[str, Any]:
    seen = site().read_page(asked.connection, page.id) or page
    return shape.page(asked, seen, representation, whole=False)


def _included(asked: Asked, page: Page) -> dict[str, Any]:
    """Return what the parameters ``include-…`` ask for."""
    own = f"/wiki/api/v2/pages/{page.id}"
    parts: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
        "labels": lambda: map(shape.label, extras.labels(asked.connection, page.id)),
        "properties": lambda: (
            properties.shape_of(asked, each)
            for each in extras.properties(asked.connection, page.id)
        ),
        "operations": lambda: _allowed(asked, page),
        "versions": lambda: (
            shape.version(asked, each) for each in store.versions(asked.connection, page.id)
        ),
    }
    return {
        name: some_of(list(part()), f"{own}/{name}")
        for name, part in parts.items()
        if is_set(f"include-{name}")
    }


def _allowed(asked: Asked, page: Page) -> list[dict[str, str]]:
    names = ["read"]
    if accounts.may_edit(asked.connection, asked.person, page):
        names += ["update", "delete"]
    return [{"operation": name, "targetType": "page"} for name in names]


def _in_version(asked: Asked, page: Page, number: str) -> Page:
    found = store.find_page(asked.connection, page.id, identity(number, "version", "Integer"))
    if found is None or not int(number):
        raise no_page(page.id)
    return found
