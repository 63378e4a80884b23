"""Restrictions and watchers of v1: read, and taken where a client sends them."""

import sqlite3
from typing import Any, get_args

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts
from confluence_changelog.sandbox.accounts import Operation
from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.model import Page

from . import shape
from .asked import Asked, editable, json_body, readable, reading, text_at, writing
from .attachments import find
from .lists import all_of

routes = Blueprint("access", __name__)


@routes.get("/content/<page_id>/restriction/byOperation")
def _by_operation(page_id: str) -> Response:
    with reading() as asked:
        page = readable(asked, page_id)
        every = {each: _restriction(asked, page, each) for each in get_args(Operation)}
        return answer({**every, "_links": {"self": f"{base_address()}{_own(page)}/byOperation"}})


@routes.get("/content/<page_id>/restriction/byOperation/<operation>")
def _one_operation(page_id: str, operation: str) -> Response:
    with reading() as asked:
        page = readable(asked, page_id)
        return answer(_restriction(asked, page, "update" if operation == "update" else "read"))


@routes.put("/content/<page_id>/restriction")
@routes.delete("/content/<page_id>/restriction")
def _restrict(page_id: str) -> Response:
    """Set the restrictions that are sent; DELETE lifts all."""
    with writing() as asked:
        page = readable(asked, page_id)
        editable(asked, page)
        given = json_body() if request.method == "PUT" else []
        listed = given.get("results", []) if isinstance(given, dict) else given
        for operation in get_args(Operation):
            names = [
                name
                for each in (listed if isinstance(listed, list) else [])
                if text_at(each, "operation") == operation
                for name in _names(asked.connection, each)
            ]
            accounts.restrict(asked.connection, page.id, operation, names)
        every = [_restriction(asked, page, each) for each in get_args(Operation)]
        return answer(all_of(every, _own(page)))


@routes.get("/user/watch/content/<content_id>")
@routes.post("/user/watch/content/<content_id>")
@routes.delete("/user/watch/content/<content_id>")
def _watch(content_id: str) -> Response:
    """Answer that the person watches the page, as everyone does; DELETE is taken, and forgotten."""
    with reading() as asked:
        if content_id.startswith("att"):
            content_id = str(find(asked, content_id).page)
        readable(asked, content_id)
        if request.method == "GET":
            return answer({"watching": True})
        return Response(status=204)


def _names(connection: sqlite3.Connection, restriction: object) -> list[str]:
    """Return the names of the people in a restriction that was sent."""
    inner = restriction.get("restrictions") if isinstance(restriction, dict) else None
    users = inner.get("user") if isinstance(inner, dict) else None
    sent = users.get("results") if isinstance(users, dict) else users
    people = accounts.people(connection)
    return [
        person.username
        for each in (sent if isinstance(sent, list) else [])
        for person in people
        if text_at(each, "username") == person.username
        or text_at(each, "userKey") == person.key
        or text_at(each, "accountId") == person.account_id
    ]


def _restriction(asked: Asked, page: Page, operation: Operation) -> dict[str, Any]:
    own = f"{_own(page)}/byOperation/{operation}"
    names = accounts.restricted_to(asked.connection, page.id, operation)
    people = [shape.person(asked, name) for name in names]
    return {
        "operation": operation,
        "restrictions": {
            "user": all_of(people, f"{own}/user"),
            "group": all_of([], f"{own}/group"),
        },
        "_links": {"self": base_address() + own},
        "_expandable": {"content": f"/rest/api/content/{page.id}"},
    }


def _own(page: Page) -> str:
    return f"/rest/api/content/{page.id}/restriction"
