"""Spaces, and the conversion of bodies."""

import re
import sqlite3

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts, adf, store, wiki
from confluence_changelog.sandbox.app import answer, site
from confluence_changelog.sandbox.errors import bad_request, forbidden, not_found
from confluence_changelog.sandbox.flavour import as_saved
from confluence_changelog.sandbox.render import render
from confluence_changelog.sandbox.storage_check import check

from . import page_shape, shape
from .asked import Asked, json_body, reading, text_at, writing
from .lists import part_of

routes = Blueprint("spaces", __name__)

_CONVERSIONS = {
    ("storage", "view"),
    ("storage", "export_view"),
    ("storage", "styled_view"),
    ("storage", "editor"),
    ("editor", "storage"),
    ("wiki", "storage"),
}
_VIEWS = ("editor", "export_view", "styled_view", "view")
_CLOUD_CONVERSIONS = {
    ("wiki", "storage"),
    ("editor", "storage"),
    ("storage", "atlas_doc_format"),
    ("atlas_doc_format", "storage"),
    *((source, view) for source in ("storage", "atlas_doc_format") for view in _VIEWS),
}


@routes.get("/space")
def _spaces() -> Response:
    keys = {key.upper() for key in request.args.getlist("spaceKey")}
    expand = shape.expand_tree(request.args.get("expand", ""))
    with reading() as asked:
        found = [s for s in store.spaces(asked.connection) if not keys or s.key.upper() in keys]
        return answer(part_of(found, lambda each: shape.space(each, expand)))


@routes.post("/space")
def _create() -> Response:
    with writing() as asked:
        data = json_body()
        key, name = text_at(data, "key"), text_at(data, "name").strip()
        if asked.person is None or not asked.person.edits:
            raise forbidden("Could not create space")
        check_new_space(asked.connection, key, name)
        space = store.create_space_with_home(
            asked.connection,
            key,
            name,
            asked.username,
            text_at(data, "description", "plain", "value"),
        )
        return answer(shape.space(space, {"description": {}, "homepage": {}}))


def check_new_space(connection: sqlite3.Connection, key: str, name: str) -> None:
    """Refuse a space without a name, with a wrong key, or with one that is taken."""
    if not re.fullmatch(r"~?[A-Za-z0-9]{1,255}", key) or not name:
        raise bad_request(f"Invalid space key or name: {key}")
    if store.find_space(connection, key):
        raise bad_request(f"A space already exists with key {key}")


@routes.get("/space/<key>")
def _space(key: str) -> Response:
    with reading() as asked:
        found = store.find_space(asked.connection, key)
        if found is None:
            raise not_found(f"No space with key : {key}")
        return answer(shape.space(found, shape.expand_tree(request.args.get("expand", ""))))


@routes.get("/space/<key>/content")
@routes.get("/space/<key>/content/<kind>")
def _content(key: str, kind: str = "") -> Response:
    """Answer with the pages of a space: under ``page``, or as a list where the kind is named."""
    expand = shape.expand_tree(request.args.get("expand", ""))
    with reading() as asked:
        found = store.find_space(asked.connection, key)
        if found is None:
            raise not_found(f"No space with key : {key}")
        pages = store.pages(asked.connection, space=found.key) if kind in ("", "page") else []
        shown = [page for page in pages if accounts.may_read(asked.connection, asked.person, page)]
        part = part_of(shown, lambda page: page_shape.content(asked, page, expand, whole=False))
        return answer(part if kind else {"page": part, "_links": part["_links"]})


@routes.post("/contentbody/convert/<to>")
def _convert(to: str) -> Response:
    with reading() as asked:
        data = json_body()
        value = converted(asked, text_at(data, "value"), text_at(data, "representation"), to)
        return answer({"value": value, "representation": to, "_expandable": {"content": ""}})


def converted(asked: Asked, value: str, source: str, to: str) -> str:
    """Return a body in another representation; 400 where Confluence does not convert so."""
    if (source, to) not in (_CLOUD_CONVERSIONS if site().is_cloud else _CONVERSIONS):
        raise bad_request(f"Conversion from {source} to {to} is not supported")
    if source == "atlas_doc_format":
        storage = adf.storage(value)
        if storage is None:
            raise bad_request("Error converting ADF to storage format")
        value = storage
    if source == "wiki":
        value = wiki.storage(value)
    if fault := check(value):
        raise bad_request(fault.message)
    if to == "storage":
        return as_saved(asked.connection, value, site().settings.flavour)
    if to == "atlas_doc_format":
        return adf.document(value)
    if to == "editor":
        return value
    return str(render(value, asked.connection, "", site().settings.context))
