"""The pages in a browser: as they are, as they were, and what changed."""

import sqlite3
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request

from . import attachments, store
from .app import site
from .difference import difference
from .model import Page
from .render import render
from .shown import asked_page, name_of, number_of, protect

routes = Blueprint("view", __name__, template_folder="templates")
routes.after_request(protect)

_STYLE = Path(__file__).parent / "static" / "wiki.css"


@routes.get("/")
def dashboard() -> str:
    """Show all spaces with their pages."""
    with site().database.reading() as connection:
        every = [
            (space, store.pages(connection, space=space.key)) for space in store.spaces(connection)
        ]
    return render_template("dashboard.html", spaces=every)


@routes.get("/collector/pages.action")
def space_pages() -> str:
    """Show the pages of the space ``key`` as a tree."""
    with site().database.reading() as connection:
        space = store.find_space(connection, request.args.get("key", ""))
        if space is None:
            abort(404)
        every = store.pages(connection, space=space.key)
    known = {page.id for page in every}
    below: dict[int, list[Page]] = {}
    for page in every:
        below.setdefault(page.parent if page.parent in known else 0, []).append(page)
    return render_template("space.html", space=space, below=below, ancestors=[])


@routes.get("/wiki.css")
def style() -> Response:
    """Send the one style sheet."""
    return Response(_STYLE.read_text(encoding="utf-8"), mimetype="text/css")


@routes.get("/pages/viewpage.action")
def page() -> str:
    """Show a page by ``pageId``; with ``version`` as it was."""
    with site().database.reading() as connection:
        found = asked_page(connection)
        site().opened.add(found.id)
        first = store.find_page(connection, found.id, 1)
        return render_template(
            "page.html",
            **_place(connection, found),
            children=store.children(connection, found.id),
            creator=name_of(connection, first.version.author) if first else "",
            author=name_of(connection, found.version.author),
            body=render(found.storage, connection, found.space, site().settings.context),
        )


@routes.get("/pages/viewpreviousversions.action")
def versions() -> str:
    """Show the history of a page."""
    with site().database.reading() as connection:
        found = asked_page(connection)
        every = [
            (version, name_of(connection, version.author))
            for version in store.versions(connection, found.id)
        ]
        return render_template("versions.html", **_place(connection, found), versions=every)


@routes.get("/pages/diffpagesbyversion.action")
def changes() -> str:
    """Show what changed between two versions of a page.

    They are named by ``selectedPageVersions`` (twice) or by ``originalVersion`` and
    ``revisedVersion``.  One alone is compared with the one before; of more than two, the oldest and
    the newest are.
    """
    with site().database.reading() as connection:
        found = asked_page(connection)
        numbers = store.version_numbers(connection, found.id)
        first, last = _two_of(numbers)
        pages = (store.find_page(connection, found.id, numbers[place]) for place in (first, last))
        old, new = (each.version for each in pages if each)
        return render_template(
            "changes.html",
            **_place(connection, found),
            versions=[(each, name_of(connection, each.author)) for each in (old, new)],
            before=numbers[first - 1] if first else None,
            after=numbers[last + 1] if last + 1 < len(numbers) else None,
            body=difference(connection, found.space, old, new, site().settings.context),
        )


@routes.get("/download/attachments/<int:page_id>/<path:name>")
def download(page_id: int, name: str) -> Response:
    """Send a file of a page, never as something that a browser would show."""
    with site().database.reading() as connection:
        every = attachments.attachments(connection, page_id)
        found = next((each for each in every if each.name == name), None)
    if found is None:
        abort(404)
    headers = {"Content-Disposition": "attachment"}
    return Response(found.data, headers=headers, mimetype=found.media_type)


@routes.get("/pages/viewsource.action")
def source() -> Response:
    """Send the storage text of a page as plain text."""
    with site().database.reading() as connection:
        return Response(asked_page(connection).storage, mimetype="text/plain")


def _place(connection: sqlite3.Connection, page: Page) -> dict[str, object]:
    """Return what the head of a page shows."""
    return {
        "page": page,
        "space": store.find_space(connection, page.space),
        "ancestors": store.ancestors(connection, page),
    }


def _two_of(numbers: list[int]) -> tuple[int, int]:
    """Return the places of the two versions that the request names, among the page's; or 404."""
    names = ("selectedPageVersions", "originalVersion", "revisedVersion")
    asked = {number_of(text) for name in names for text in request.args.getlist(name)}
    places = [place for place, number in enumerate(numbers) if number in asked]
    if len(places) < max(len(asked), 1):
        abort(404)
    return (places[0] if len(places) > 1 else max(places[0] - 1, 0)), places[-1]
