"""What stands below and above a page or a folder in REST v2."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts, folders, store
from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.folders import Folder
from confluence_changelog.sandbox.model import Page
from confluence_changelog.sandbox.rest.asked import Asked, reading

from .asked import readable
from .lists import part_of
from .shape import space_id

routes = Blueprint("below", __name__)

_DEEPEST = 10


@routes.get("/pages/<page_id>/children")
def _children(page_id: str) -> Response:
    """Answer with child pages; a folder is none of them."""
    with reading() as asked:
        found = _visible(asked, readable(asked, page_id).id)
        pages = [each for each in found if isinstance(each, Page)]
        return part_of(pages, lambda each: _child(asked, each))


@routes.get("/pages/<page_id>/direct-children")
def _direct_children(page_id: str) -> Response:
    with reading() as asked:
        return direct_children(asked, readable(asked, page_id).id)


def direct_children(asked: Asked, above: int) -> Response:
    """Answer with the pages and folders directly below."""
    return part_of(
        _visible(asked, above), lambda each: {**_child(asked, each), "type": _type(each)}
    )


@routes.get("/pages/<page_id>/descendants")
def _descendants(page_id: str) -> Response:
    depth = request.args.get("depth", "2")
    if not (depth.isdecimal() and 1 <= int(depth) <= _DEEPEST):
        raise refused(400, f"depth must be between 1 and {_DEEPEST}", "")
    with reading() as asked:
        found = list(_levels(asked, readable(asked, page_id).id, int(depth)))
        return part_of(found, lambda each: _descendant(*each))


@routes.get("/pages/<page_id>/ancestors")
def _ancestors(page_id: str) -> Response:
    """Answer with all that is above, the top one first."""
    with reading() as asked:
        page = readable(asked, page_id)
        above: list[dict[str, str]] = []
        parent = page.parent
        while parent is not None:
            kind = folders.kind(asked.connection, parent)
            above.insert(0, {"id": str(parent), "type": kind})
            found = (
                folders.find_folder(asked.connection, parent)
                if kind == "folder"
                else store.find_page(asked.connection, parent)
            )
            parent = found.parent if found else None
        return answer({"results": above, "_links": {"base": base_address()}})


def _visible(asked: Asked, above: int) -> list[Page | Folder]:
    pages = [
        page
        for page in store.children(asked.connection, above)
        if accounts.may_read(asked.connection, asked.person, page)
    ]
    return [*folders.folders_below(asked.connection, above), *pages]


def _levels(asked: Asked, above: int, deepest: int) -> Iterator[tuple[Page | Folder, int]]:
    level = [above]
    for depth in range(1, deepest + 1):
        found = [each for parent in level for each in _visible(asked, parent)]
        yield from ((each, depth) for each in found)
        level = [each.id for each in found]


def _child(asked: Asked, child: Page | Folder) -> dict[str, Any]:
    return {
        "id": str(child.id),
        "status": "current",
        "title": child.title,
        "spaceId": space_id(asked, child.space),
        "childPosition": child.id % 10_000,
    }


def _descendant(found: Page | Folder, depth: int) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "status": "current",
        "title": found.title,
        "type": _type(found),
        "parentId": str(found.parent),
        "depth": depth,
        "childPosition": found.id % 10_000,
    }


def _type(found: Page | Folder) -> str:
    return "folder" if isinstance(found, Folder) else "page"
