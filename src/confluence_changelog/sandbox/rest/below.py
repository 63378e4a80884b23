"""What stands below a page: its children, and theirs."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts, store
from confluence_changelog.sandbox.app import answer, base_address, site
from confluence_changelog.sandbox.model import Page

from . import page_shape, shape
from .asked import Asked, readable, reading
from .lists import all_of, part_of

routes = Blueprint("below", __name__)

_KINDS = ("page", "attachment", "comment")


@routes.get("/content/<page_id>/child")
@routes.get("/content/<page_id>/descendant")
def _by_kind(page_id: str) -> Response:
    """Answer with what is asked to be expanded: by kind, each with a list of its own."""
    kind = request.path.rsplit("/", 1)[1]
    expand = shape.expand_tree(request.args.get("expand", ""))
    own = f"/rest/api/content/{page_id}/{kind}"
    with reading() as asked:
        page = readable(asked, page_id)
        below = children(asked, page) if kind == "child" else descendants(asked, page)
        data: dict[str, Any] = {
            each: all_of(
                [seen(asked, child, expand[each]) for child in below] if each == "page" else [],
                f"{own}/{each}",
            )
            for each in _KINDS
            if each in expand
        }
        data["_expandable"] = {each: f"{own}/{each}" for each in _KINDS if each not in expand}
        data["_links"] = {"self": base_address() + own}
        return answer(data)


@routes.get("/content/<page_id>/child/<kind>")
@routes.get("/content/<page_id>/descendant/<kind>")
def _of_kind(page_id: str, kind: str) -> Response:
    expand = shape.expand_tree(request.args.get("expand", ""))
    with reading() as asked:
        page = readable(asked, page_id)
        below = (
            descendants(asked, page) if "/descendant/" in request.path else children(asked, page)
        )
        return answer(
            part_of(list(below) if kind == "page" else [], lambda child: seen(asked, child, expand))
        )


def children(asked: Asked, page: Page) -> list[Page]:
    """Return the child pages that the person may read."""
    below = store.children(asked.connection, page.id)
    return [each for each in below if accounts.may_read(asked.connection, asked.person, each)]


def descendants(asked: Asked, page: Page) -> Iterator[Page]:
    """Yield all pages below that the person may read, a parent before its children."""
    for child in children(asked, page):
        yield child
        yield from descendants(asked, child)


def seen(asked: Asked, page: Page, expand: shape.Expand) -> dict[str, Any]:
    """Return a page in a list, as a reader sees it."""
    now = site().read_page(asked.connection, page.id) or page
    return page_shape.content(asked, now, expand, whole=False)
