"""Pages of REST v2 that are written: created, updated, renamed, trashed."""

from flask import Blueprint, Response

from confluence_changelog.sandbox import accounts, drafts, folders, store
from confluence_changelog.sandbox.app import answer, site
from confluence_changelog.sandbox.cloud_errors import conflict, refused
from confluence_changelog.sandbox.errors import RestError
from confluence_changelog.sandbox.errors import conflict as stale
from confluence_changelog.sandbox.model import Page, Space, Version, now
from confluence_changelog.sandbox.rest.asked import Asked, json_object, text_at, writing
from confluence_changelog.sandbox.site import check_title

from . import shape
from .asked import editable, identity, is_set, required_number, required_text
from .bodies import storage_of

routes = Blueprint("writing", __name__)


@routes.post("/pages")
def _create() -> Response:
    with writing() as asked:
        data = json_object()
        space = _space(asked, data)
        draft = _status(data, required=False) == "draft"
        title = text_at(data, "title").strip()
        if title or not draft:
            check_title(asked.connection, space.key, title, cloud=True)
        page = store.create_page(
            asked.connection,
            space=space.key,
            title=title,
            storage=site().stored(asked.connection, storage_of(data) or ""),
            author=asked.username,
            parent=_parent_of_new(asked, data, space),
        )
        if draft:
            page = drafts.set_status(asked.connection, page, "draft")
        return answer(shape.page(asked, page, "storage"))


@routes.put("/pages/<page_id>")
def _update(page_id: str) -> Response:
    with writing() as asked:
        page = editable(asked, page_id)
        data = json_object()
        if required_text(data, "id") != str(page.id):
            raise refused(400, "The id of the body differs from the id of the path", "")
        draft = _status(data) == "draft"
        version = _next_version(asked, page, data, draft=draft)
        parent = _new_parent(asked, page, data)
        if draft:
            written = drafts.save_draft(asked.connection, page, version)
        else:
            written = drafts.publish(asked.connection, page, version, parent)
        site().wrote(page.id)
        return answer(shape.page(asked, written, _answered()))


def _next_version(asked: Asked, page: Page, data: dict[str, object], *, draft: bool) -> Version:
    """Return what is to be saved; a draft is always version 1, and so is a page's first."""
    title = required_text(data, "title").strip()
    number = required_number(data, "version", "number")
    sent = storage_of(data)
    if sent is None:
        raise refused(400, "body must not be null", "")
    _check_space(asked, page, data)
    if number != (1 if draft or page.status == "draft" else page.latest + 1):
        raise _stale(page, number)
    check_title(asked.connection, page.space, title, page.id, cloud=True)
    return Version(
        number,
        title,
        site().stored(asked.connection, sent),
        asked.username,
        now(),
        text_at(data, "version", "message"),
        minor=False,
    )


@routes.put("/pages/<page_id>/title")
def _rename(page_id: str) -> Response:
    with writing() as asked:
        page = editable(asked, page_id, ("current", "draft"))
        data = json_object()
        _status(data)
        title = required_text(data, "title").strip()
        check_title(asked.connection, page.space, title, page.id, cloud=True)
        number = page.latest + 1
        version = Version(number, title, page.storage, asked.username, now(), "", minor=False)
        written = store.add_version(asked.connection, page, version, page.parent)
        site().wrote(page.id)
        return answer(shape.page(asked, written))


@routes.delete("/pages/<page_id>")
def _delete(page_id: str) -> Response:
    purge, draft = is_set("purge"), is_set("draft")
    wanted = "trashed" if purge else "draft" if draft else "current"
    with writing() as asked:
        page = editable(asked, page_id, (wanted, "archived") if wanted == "current" else (wanted,))
        if purge or draft:
            store.purge(asked.connection, page.id)
        else:
            store.trash(asked.connection, page)
        return Response(status=204)


def _status(data: dict[str, object], *, required: bool = True) -> str:
    status = required_text(data, "status") if required else text_at(data, "status") or "current"
    if status not in ("current", "draft"):
        raise refused(400, f"Provided value '{status}' for 'status' is not valid", "")
    return status


def _space(asked: Asked, data: dict[str, object]) -> Space:
    """Return the space that is named; 404 where it is absent, or the person may not create there."""
    wanted = identity(required_text(data, "spaceId"), "spaceId", "Long")
    found = next((s for s in store.spaces(asked.connection) if s.id == wanted), None)
    if found is None or asked.person is None or not asked.person.edits:
        raise refused(404, f"Cannot find a space with id [{wanted}]")
    return found


def _check_space(asked: Asked, page: Page, data: dict[str, object]) -> None:
    given = text_at(data, "spaceId")
    if given and given != shape.space_id(asked, page.space):
        raise refused(400, "Moving a page to a different space is not supported", "")


def _parent_of_new(asked: Asked, data: dict[str, object], space: Space) -> int | None:
    """Return the parent that was sent; without one it is the space's home page."""
    given = data.get("parentId")
    if given is None or given == "":
        return None if is_set("root-level") else space.homepage
    if is_set("root-level"):
        raise refused(400, "A parentId must not be given for a page at root level", "")
    return _parent(asked, str(given), space.key)


def _new_parent(asked: Asked, page: Page, data: dict[str, object]) -> int | None:
    """Return the parent that was sent; without one, the page's own."""
    given = data.get("parentId")
    if given is None or given == "":
        return None if site().switches.lose_parent else page.parent
    if str(given) == str(page.parent):
        return page.parent
    parent = _parent(asked, str(given), page.space)
    found = store.find_page(asked.connection, parent)
    above = store.ancestors(asked.connection, found) if found else []
    if page.id in (parent, *(each.id for each in above)):
        raise refused(400, "A page cannot be its own ancestor", "")
    return parent


def _parent(asked: Asked, given: str, space: str) -> int:
    parent = identity(given, "parentId")
    if folder := folders.find_folder(asked.connection, parent):
        return folder.id
    found = store.find_page(asked.connection, parent)
    if found is None or found.space != space or found.status == "trashed":
        raise refused(404, f"Cannot find a parent with id [{given}]")
    if not accounts.may_read(asked.connection, asked.person, found):
        raise refused(404, f"Cannot find a parent with id [{given}]")
    return found.id


def _stale(page: Page, number: int) -> RestError:
    kind = site().switches.conflict_body
    return stale(page.latest, kind) if kind else conflict(page.latest, number)


def _answered() -> str:
    return "" if site().switches.answer_without_body else "storage"
