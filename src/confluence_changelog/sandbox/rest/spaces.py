"""Spaces, and the conversion of bodies."""

import re
from dataclasses import replace

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import store
from confluence_changelog.sandbox.app import answer, site
from confluence_changelog.sandbox.errors import bad_request, forbidden, not_found
from confluence_changelog.sandbox.render import render
from confluence_changelog.sandbox.save import save
from confluence_changelog.sandbox.storage_check import check

from . import shape
from .asked import json_body, reading, text_at, writing
from .lists import part_of

routes = Blueprint("spaces", __name__)

_CONVERSIONS = {
    ("storage", "view"),
    ("storage", "export_view"),
    ("storage", "styled_view"),
    ("storage", "editor"),
    ("editor", "storage"),
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
        if not re.fullmatch(r"~?[A-Za-z0-9]{1,255}", key) or not name:
            raise bad_request(f"Invalid space key or name: {key}")
        if store.find_space(asked.connection, key):
            raise bad_request(f"A space already exists with key {key}")
        description = text_at(data, "description", "plain", "value")
        space = store.create_space(asked.connection, key, name, description)
        home = store.create_page(
            asked.connection,
            space=key,
            title=f"{name} Home",
            storage="<p />",
            author=asked.username,
        )
        store.set_homepage(asked.connection, key, home.id)
        space = replace(space, homepage=home.id)
        return answer(shape.space(space, {"description": {}, "homepage": {}}))


@routes.get("/space/<key>")
def _space(key: str) -> Response:
    with reading() as asked:
        found = store.find_space(asked.connection, key)
        if found is None:
            raise not_found(f"No space with key : {key}")
        return answer(shape.space(found, shape.expand_tree(request.args.get("expand", ""))))


@routes.post("/contentbody/convert/<to>")
def _convert(to: str) -> Response:
    with reading() as asked:
        data = json_body()
        value, source = text_at(data, "value"), text_at(data, "representation")
        if (source, to) not in _CONVERSIONS:
            raise bad_request(f"Conversion from {source} to {to} is not supported")
        if fault := check(value):
            raise bad_request(fault.message)
        if to == "storage":
            value = save(value)
        elif to != "editor":
            value = str(render(value, asked.connection, "", site().settings.context))
        return answer({"value": value, "representation": to, "_expandable": {"content": ""}})
