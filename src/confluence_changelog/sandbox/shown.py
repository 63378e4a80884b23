"""What all pages in a browser have in common: their protection, and how they name things."""

import sqlite3

from flask import Response, abort, request

from . import accounts, store
from .model import Page

_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def protect(response: Response) -> Response:
    """Tell the browser to run nothing and to load nothing but the style sheet."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def asked_page(connection: sqlite3.Connection) -> Page:
    """Return the page that the request names, in the version that it names; 404 without one."""
    number = request.args.get("version", "0")
    found = store.find_page(
        connection, number_of(request.args.get("pageId", "")), number_of(number)
    )
    if found is None or found.status != "current":
        abort(404)
    return found


def number_of(text: str) -> int:
    """Return a number of an address; 404 where it is none that SQLite can hold."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        abort(404)
    return int(text)


def name_of(connection: sqlite3.Connection, username: str) -> str:
    """Return the name that people know someone by."""
    person = accounts.find_person(connection, username=username)
    return person.display_name if person else username
