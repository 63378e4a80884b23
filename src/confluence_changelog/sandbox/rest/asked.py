"""What every REST route begins with: who asks, for what page, with what body."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

from confluence_changelog.sandbox import accounts
from confluence_changelog.sandbox.accounts import Person
from confluence_changelog.sandbox.app import site
from confluence_changelog.sandbox.auth import identify, may_use, refuse_in_read_only_mode
from confluence_changelog.sandbox.errors import RestError, bad_request, forbidden, no_content
from confluence_changelog.sandbox.model import Page

_DIGITS = 19
_PAGE_CLASS = "class com.atlassian.confluence.pages.Page"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's connection and person; None is nobody in particular."""

    connection: sqlite3.Connection
    person: Person | None

    @property
    def username(self) -> str:
        """Name of the person, empty for nobody in particular."""
        return self.person.username if self.person else ""


@contextmanager
def reading() -> Iterator[Asked]:
    """Begin a request that changes nothing, by someone who may use the site."""
    with site().database.reading() as connection:
        person = identify(connection)
        may_use(person)
        yield Asked(connection, person)


@contextmanager
def writing() -> Iterator[Asked]:
    """Begin a request that changes something: all of it in one transaction, or nothing."""
    with site().database.writing() as connection:
        person = identify(connection)
        may_use(person)
        refuse_in_read_only_mode()
        yield Asked(connection, person)


def readable(asked: Asked, page_id: str, statuses: tuple[str, ...] = ("current",)) -> Page:
    """Return the page as the person sees it; 404 where it is absent or not for them."""
    page = site().read_page(asked.connection, whole_number(page_id))
    return _visible(asked, page, page_id, statuses)


def editable(asked: Asked, page: Page) -> None:
    """Refuse a person who may not change the page."""
    if not accounts.may_edit(asked.connection, asked.person, page):
        raise forbidden(f"Could not update Content of type : {_PAGE_CLASS} with id {page.id}")


def _visible(asked: Asked, page: Page | None, page_id: str, statuses: tuple[str, ...]) -> Page:
    if page is None or (page.status not in statuses and "any" not in statuses):
        raise no_content(page_id)
    if not accounts.may_read(asked.connection, asked.person, page):
        raise no_content(page_id)
    return page


def json_body() -> object:
    """Return the request's JSON; 415 or 400 where it is something else."""
    if request.mimetype != "application/json":
        raise RestError(415, {"statusCode": 415, "message": "Unsupported Media Type"})
    try:
        data: object = json.loads(request.get_data())
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise bad_request(f"Could not parse the request as JSON: {error}") from error
    return data


def json_object() -> dict[str, object]:
    """Return the request's JSON object; 415 or 400 where it is something else."""
    data = json_body()
    if not isinstance(data, dict):
        raise bad_request("Could not parse the request as JSON: an object is expected")
    return data


def text_at(data: object, *path: str) -> str:
    """Return the text at a path of keys in JSON data, or an empty string."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def number_at(data: object, *path: str) -> int | None:
    """Return the whole number at a path of keys in JSON data; Confluence also takes it as text."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    if isinstance(data, str) and data.isdecimal():
        return whole_number(data)
    return data if isinstance(data, int) and not isinstance(data, bool) else None


def whole_number(text: str) -> int:
    """Return the number that a text is, or 0; no id or version is larger than SQLite's integers."""
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 0
