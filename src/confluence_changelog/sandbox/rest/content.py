"""Pages: find, read, create, update, trash."""

from typing import Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts, store, wiki
from confluence_changelog.sandbox.app import answer, site
from confluence_changelog.sandbox.errors import (
    bad_request,
    conflict,
    forbidden,
    no_content,
    not_found,
    unreconciled,
)
from confluence_changelog.sandbox.model import Page, Version, now
from confluence_changelog.sandbox.site import check_title

from . import page_shape, shape
from .asked import (
    Asked,
    editable,
    json_object,
    number_at,
    readable,
    reading,
    text_at,
    whole_number,
    writing,
)
from .below import seen
from .lists import part_of
from .metadata import add_metadata

routes = Blueprint("content", __name__)

_DEFAULT_EXPAND = "history,space,version"


@routes.get("/content")
def _find() -> Response:
    wanted = request.args
    status = wanted.get("status", "current")
    with reading() as asked:
        found = store.pages(
            asked.connection,
            space=wanted.get("spaceKey", ""),
            status="" if status == "any" else status,
        )
        pages = [
            page
            for page in found
            if wanted.get("title", page.title) == page.title
            and wanted.get("type", "page") == "page"
            and accounts.may_read(asked.connection, asked.person, page)
        ]
        expand = shape.expand_tree(wanted.get("expand", ""))
        return answer(part_of(pages, lambda page: seen(asked, page, expand)))


@routes.get("/content/<page_id>")
def _get(page_id: str) -> Response:
    wanted = request.args
    statuses = tuple(wanted.get("status", "current").split(","))
    number = wanted.get("version", "")
    with reading() as asked:
        page = readable(asked, page_id, (*statuses, "any") if number else statuses)
        if number:
            page = _in_version(asked, page, number)
        expand = shape.expand_tree(wanted.get("expand", _DEFAULT_EXPAND))
        return answer(page_shape.content(asked, page, expand))


@routes.post("/content")
def _create() -> Response:
    with writing() as asked:
        data = json_object()
        if text_at(data, "type") != "page":
            raise bad_request("Content type is required, and only pages are supported")
        space = store.find_space(asked.connection, text_at(data, "space", "key"))
        if "space" not in data:
            raise bad_request("Space is required when creating content")
        parent = _parent(asked, data)
        if space is None or asked.person is None or not asked.person.edits:
            raise forbidden("Could not create content with type page")
        title = text_at(data, "title").strip()
        check_title(asked.connection, space.key, title)
        page = store.create_page(
            asked.connection,
            space=space.key,
            title=title,
            storage=site().stored(asked.connection, _storage(data) or ""),
            author=asked.username,
            parent=parent or None,
            message=text_at(data, "version", "message"),
        )
        add_metadata(asked, page, data)
        expand = shape.expand_tree(request.args.get("expand", page_shape.WRITTEN))
        return answer(page_shape.content(asked, page, expand))


@routes.put("/content/<page_id>")
def _update(page_id: str) -> Response:
    with writing() as asked:
        page = _to_update(asked, page_id)
        data = json_object()
        _check_fields(data)
        number = number_at(data, "version", "number")
        if number is None:
            message = "Must supply an incremented version when updating Content."
            raise bad_request(f"{message} No version supplied.")
        if number != page.latest + 1:
            raise conflict(page.latest, site().switches.conflict_body)
        title = text_at(data, "title").strip()
        check_title(asked.connection, page.space, title, page.id)
        sent = _storage(data)
        version = Version(
            number,
            title,
            page.storage if sent is None else site().stored(asked.connection, sent),
            asked.username,
            now(),
            text_at(data, "version", "message"),
            _is_minor(data),
        )
        parent = _parent(asked, data, page.id)
        if parent is None:
            parent = 0 if site().switches.lose_parent else page.parent
        written = store.add_version(asked.connection, page, version, parent or None)
        add_metadata(asked, page, data)
        site().wrote(page.id)
        return answer(_written(asked, written))


@routes.delete("/content/<page_id>")
def _delete(page_id: str) -> Response:
    purge = request.args.get("status") == "trashed"
    with writing() as asked:
        page = readable(asked, page_id, ("trashed",) if purge else ("current",))
        if not accounts.may_edit(asked.connection, asked.person, page):
            raise forbidden(f"Unable to trash content with id {page.id}")
        if purge:
            store.purge(asked.connection, page.id)
        else:
            store.trash(asked.connection, page)
        return Response(status=204)


def _in_version(asked: Asked, page: Page, number: str) -> Page:
    found = store.find_page(asked.connection, page.id, whole_number(number))
    if found is None or not whole_number(number):
        raise no_content(page.id)
    return found


def _to_update(asked: Asked, page_id: str) -> Page:
    """Return the page itself, whatever readers see of it; refused where it cannot be updated."""
    page = store.find_page(asked.connection, whole_number(page_id))
    if page is None or not accounts.may_read(asked.connection, asked.person, page):
        raise no_content(page_id)
    editable(asked, page)
    status = request.args.get("status", "")
    if status == "draft":
        raise not_found(f"Can not find draft with current content {page_id}")
    if site().switches.unreconciled and status != "current" and page.id not in site().opened:
        raise unreconciled(page.id)
    return page


def _check_fields(data: dict[str, object]) -> None:
    """Atlassian DC REST 10.2: 400 "if no space or no content type".

    Clients that many people use send no space, so servers take that; a switch makes it an error.
    """
    if text_at(data, "type") != "page":
        raise bad_request("Content type is required when updating content")
    if site().switches.space_required and not text_at(data, "space", "key"):
        raise bad_request("Space is required when updating content")
    if "title" not in data:
        raise bad_request("Title is required when updating content")


def _storage(data: dict[str, object]) -> str | None:
    """Return the body that was sent; None where none was."""
    if "body" not in data:
        return None
    bodies = data["body"] if isinstance(data["body"], dict) else {}
    for representation in ("storage", "editor", "wiki"):
        body = bodies.get(representation)
        if isinstance(body, dict) and isinstance(body.get("value"), str):
            value = str(body["value"])
            return wiki.storage(value) if representation == "wiki" else value
    said = "Content body must have a value in the storage, editor or wiki representation"
    raise bad_request(said)


def _parent(asked: Asked, data: dict[str, object], page_id: int = 0) -> int | None:
    """Id of the parent that was sent; 0 for an empty list, None where none was."""
    given = data.get("ancestors")
    if given is None:
        return None
    if not isinstance(given, list):
        raise bad_request("ancestors must be a list")
    if not given:
        return 0
    parent = whole_number(str(number_at(given[-1], "id")))
    found = store.find_page(asked.connection, parent) if parent else None
    if found is None or not accounts.may_read(asked.connection, asked.person, found):
        raise no_content(parent)
    if page_id in (found.id, *(each.id for each in store.ancestors(asked.connection, found))):
        raise bad_request("A page cannot be its own ancestor")
    return found.id


def _is_minor(data: dict[str, object]) -> bool:
    version = data.get("version")
    return isinstance(version, dict) and version.get("minorEdit") is True


def _written(asked: Asked, page: Page) -> dict[str, Any]:
    """Return the answer to an update."""
    expand = page_shape.WRITTEN
    if site().switches.answer_without_body:
        expand = "container,history,space,version"
    return page_shape.content(asked, page, shape.expand_tree(expand))
