"""The other addresses of a page: each leads to the one that shows it."""

import base64
import binascii

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from . import store
from .app import site

routes = Blueprint("addresses", __name__)


@routes.get("/display/<key>")
@routes.get("/display/<key>/<path:title>")
def display(key: str, title: str = "") -> Response:
    """Lead to a page by space and title; without a title, to the space's home page."""
    with site().database.reading() as connection:
        space = store.find_space(connection, key)
        if space is None:
            abort(404)
        if not title:
            return _to(space.homepage)
        found = store.find_title(connection, space.key, title.replace("+", " "))
        found = found or store.find_title(connection, space.key, title)
        return _to(found.id if found else None)


@routes.get("/spaces/<key>/pages/<int:page_id>")
@routes.get("/spaces/<key>/pages/<int:page_id>/<path:title>")
def in_space(key: str, page_id: int, title: str = "") -> Response:  # noqa: ARG001
    """Lead to a page from its newer address."""
    return _to(page_id)


@routes.get("/x/<code>")
def tiny(code: str) -> Response:
    """Lead to a page from its short address."""
    try:
        padded = code.ljust(12, "A")[:12]
        return _to(int.from_bytes(base64.b64decode(padded, b"_-")[:8], "little"))
    except (binascii.Error, ValueError):
        abort(404)


def _to(page_id: int | None) -> Response:
    if page_id is None:
        abort(404)
    return redirect(url_for("view.page", pageId=page_id))
