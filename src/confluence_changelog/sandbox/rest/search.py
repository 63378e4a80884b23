"""Search by CQL: pages by ``content/search`` and ``search``, people by ``search/user``."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts, cql, extras, markup, store
from confluence_changelog.sandbox.accounts import Person
from confluence_changelog.sandbox.app import answer, base_address, site
from confluence_changelog.sandbox.errors import bad_request
from confluence_changelog.sandbox.model import Page
from confluence_changelog.sandbox.storage_check import check
from confluence_changelog.sandbox.tree import parse

from . import page_shape, shape
from .asked import Asked, reading
from .lists import part_of

routes = Blueprint("search", __name__)

_UNITS = {"d": 1, "w": 7, "M": 30, "y": 365}


@routes.get("/content/search")
def _content() -> Response:
    expand = shape.expand_tree(request.args.get("expand", ""))
    with reading() as asked:
        found = _pages(asked)
        return answer(
            part_of(found, lambda page: page_shape.content(asked, page, expand, whole=False))
        )


@routes.get("/search")
def _search() -> Response:
    with reading() as asked:
        found = _pages(asked)
        part = part_of(found, lambda page: _result(asked, page), by_cursor=site().is_cloud)
        part |= {
            "totalSize": len(found),
            "cqlQuery": request.args.get("cql", ""),
            "searchDuration": 1,
        }
        return answer(part)


@routes.get("/search/user")
def _people() -> Response:
    with reading() as asked:
        query = _query(asked)
        found = [
            person
            for person in accounts.people(asked.connection)
            if _holds(query, _person_fields(person).__getitem__)
        ]
        part = part_of(found, lambda person: _person_result(asked, person))
        part |= {"totalSize": len(found), "cqlQuery": request.args.get("cql", "")}
        return answer(part | {"searchDuration": 1})


def _query(asked: Asked) -> cql.Query:
    text = request.args.get("cql", "")
    if not text.strip():
        raise bad_request("A cql query is required")
    try:
        return cql.parse(text, lambda name, argument: _function(asked, name, argument))
    except cql.CqlError as error:
        raise bad_request(f"Could not parse cql : {text} ({error})") from error


def _holds(query: cql.Query, fields: cql.Fields) -> bool:
    try:
        return query.condition(fields)
    except cql.CqlError as error:
        raise bad_request(f"Could not parse cql : {error}") from error


def _pages(asked: Asked) -> list[Page]:
    query = _query(asked)
    found = [
        page
        for page in store.pages(asked.connection)
        if accounts.may_read(asked.connection, asked.person, page)
        and _holds(query, partial(_field, asked, page))
    ]
    for field, descending in reversed(query.order):
        if field not in _FIELDS:
            raise bad_request(f"Could not parse cql : no field {field!r}")
        found.sort(key=lambda page: sorted(_FIELDS[field](asked, page)), reverse=descending)
    return found


def _field(asked: Asked, page: Page, name: str) -> Collection[str]:
    return _FIELDS[name](asked, page)


def _function(asked: Asked, name: str, argument: str) -> str:
    if name.lower() == "currentuser":
        return asked.username
    if name.lower() == "now" and argument[-1:] in ("", *_UNITS):
        number = argument[:-1] or "0"
        if number.removeprefix("-").isdecimal():
            days = int(number) * _UNITS.get(argument[-1:], 0)
            return (datetime.now(UTC) + timedelta(days=days)).isoformat()
    raise cql.CqlError(f"no function {name}({argument})")


def _text(_asked: Asked, page: Page) -> tuple[str, ...]:
    body = page.storage if check(page.storage) else parse(page.storage).text()
    return (f"{page.title} {body}",)


def _space_values(asked: Asked, page: Page) -> tuple[str, ...]:
    found = store.find_space(asked.connection, page.space)
    return (page.space, str(found.id)) if found else (page.space,)


def _names(asked: Asked, usernames: Collection[str]) -> list[str]:
    """Return all that people go by: their names, keys and account ids."""
    known = {each.username: each for each in accounts.people(asked.connection)}
    return [
        value
        for name in usernames
        for value in ((name, known[name].key, known[name].account_id) if name in known else (name,))
    ]


def _creator(asked: Asked, page: Page) -> list[str]:
    return _names(asked, [store.versions(asked.connection, page.id)[-1].author])


def _contributors(asked: Asked, page: Page) -> list[str]:
    every = store.versions(asked.connection, page.id)
    return _names(asked, {each.author for each in every})


_FIELDS: dict[str, Callable[[Asked, Page], Collection[str]]] = {
    "type": lambda _asked, _page: ("page",),
    "id": lambda _asked, page: (str(page.id),),
    "content": lambda _asked, page: (str(page.id),),
    "title": lambda _asked, page: (page.title,),
    "text": _text,
    "sitesearch": _text,
    "space": _space_values,
    "space.key": _space_values,
    "parent": lambda _asked, page: (str(page.parent),),
    "ancestor": lambda asked, page: [str(p.id) for p in store.ancestors(asked.connection, page)],
    "label": lambda asked, page: [e.name for e in extras.labels(asked.connection, page.id)],
    "creator": _creator,
    "contributor": _contributors,
    "created": lambda asked, page: (store.versions(asked.connection, page.id)[-1].at,),
    "lastmodified": lambda _asked, page: (page.version.at,),
}


def _result(asked: Asked, page: Page) -> dict[str, Any]:
    expand = shape.expand_tree(request.args.get("expand", "")).get("content", {})
    space = store.find_space(asked.connection, page.space)
    content = page_shape.content(asked, page, expand, whole=False)
    words = " ".join(_text(asked, page)[0].removeprefix(page.title).split())
    return {
        "content": content,
        "title": page.title,
        "excerpt": words[:200],
        "url": content["_links"]["webui"],
        "resultGlobalContainer": {
            "title": space.name if space else "",
            "displayUrl": f"/{'spaces' if site().is_cloud else 'display'}/{page.space}",
        },
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": page.version.at,
        "friendlyLastModified": markup.day_of(page.version.at),
        "score": 0.0,
    }


def _person_fields(person: Person) -> dict[str, tuple[str, ...]]:
    return {
        "user": (person.username, person.account_id),
        "user.fullname": (person.display_name,),
        "user.accountid": (person.account_id,),
        "user.userkey": (person.key,),
        "type": ("user",),
    }


def _person_result(asked: Asked, person: Person) -> dict[str, Any]:
    return {
        "user": shape.person(asked, person.username),
        "title": person.display_name,
        "excerpt": "",
        "url": f"{base_address()}/people/{person.account_id}",
        "breadcrumbs": [],
        "entityType": "user",
        "iconCssClass": "",
        "lastModified": "2024-01-15T09:00:00.000Z",
        "friendlyLastModified": "15 Jan 2024",
        "score": 0.0,
    }
