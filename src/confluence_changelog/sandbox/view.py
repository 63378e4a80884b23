"""The pages in a browser: as they are, and as they were."""

import base64
import binascii
import sqlite3
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from . import accounts, store
from .app import site
from .model import Page
from .render import render

routes = Blueprint("view", __name__, template_folder="templates")

_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_STYLE = Path(__file__).parent / "static" / "wiki.css"


@routes.after_request
def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@routes.get("/")
def dashboard() -> str:
    """All spaces with their pages."""
    with site().database.reading() as connection:
        every = [
            (space, store.pages(connection, space=space.key)) for space in store.spaces(connection)
        ]
    return render_template("dashboard.html", spaces=every)


@routes.get("/wiki.css")
def style() -> Response:
    """Send the one style sheet."""
    return Response(_STYLE.read_text(encoding="utf-8"), mimetype="text/css")


@routes.get("/pages/viewpage.action")
def page() -> str:
    """Show a page by ``pageId``; with ``version`` as it was."""
    with site().database.reading() as connection:
        found = _found(connection)
        site().opened.add(found.id)
        return render_template(
            "page.html",
            page=found,
            space=store.find_space(connection, found.space),
            ancestors=store.ancestors(connection, found),
            children=store.children(connection, found.id),
            author=_name(connection, found.version.author),
            body=render(found.storage, connection, found.space, site().settings.context),
        )


@routes.get("/pages/viewpreviousversions.action")
def versions() -> str:
    """Show the history of a page."""
    with site().database.reading() as connection:
        found = _found(connection)
        every = [
            (version, _name(connection, version.author))
            for version in store.versions(connection, found.id)
        ]
        return render_template(
            "versions.html",
            page=found,
            space=store.find_space(connection, found.space),
            ancestors=store.ancestors(connection, found),
            versions=every,
        )


@routes.get("/pages/viewsource.action")
def source() -> Response:
    """Send the storage text of a page as plain text."""
    with site().database.reading() as connection:
        return Response(_found(connection).storage, mimetype="text/plain")


@routes.get("/display/<key>")
@routes.get("/display/<key>/<path:title>")
def display(key: str, title: str = "") -> AnyResponse:
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
def in_space(key: str, page_id: int, title: str = "") -> AnyResponse:  # noqa: ARG001
    """Lead to a page from its newer address."""
    return _to(page_id)


@routes.get("/x/<code>")
def tiny(code: str) -> AnyResponse:
    """Lead to a page from its short address."""
    try:
        padded = code.ljust(12, "A")[:12]
        return _to(int.from_bytes(base64.b64decode(padded, b"_-")[:8], "little"))
    except (binascii.Error, ValueError):
        abort(404)


def _to(page_id: int | None) -> AnyResponse:
    if page_id is None:
        abort(404)
    return redirect(url_for("view.page", pageId=page_id))


def _found(connection: sqlite3.Connection) -> Page:
    page_id, number = request.args.get("pageId", ""), request.args.get("version", "0")
    if not (page_id.isdecimal() and number.isdecimal() and int(page_id) < 2**63):
        abort(404)
    found = store.find_page(connection, int(page_id), int(number))
    if found is None or found.status != "current":
        abort(404)
    return found


def _name(connection: sqlite3.Connection, username: str) -> str:
    person = accounts.find_person(connection, username=username)
    return person.display_name if person else username
