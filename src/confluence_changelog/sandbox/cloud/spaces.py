"""Spaces of REST v2: by key, by id; and new ones."""

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import store
from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.rest.asked import json_object, reading, text_at, writing
from confluence_changelog.sandbox.rest.spaces import check_new_space

from . import shape
from .asked import identities, identity, one_of, values
from .lists import part_of

routes = Blueprint("spaces", __name__)

_DESCRIPTIONS = ("plain", "view")


@routes.get("/spaces")
def _spaces() -> Response:
    keys = {key.casefold() for key in values("keys")}
    ids = identities("ids")
    kind = request.args.get("type", "")
    status = request.args.get("status", "current")
    description = one_of("description-format", _DESCRIPTIONS)
    with reading() as asked:
        shown = [
            space
            for space in sorted(store.spaces(asked.connection), key=lambda space: space.id)
            if (not keys or space.key.casefold() in keys)
            and (not ids or space.id in ids)
            and kind in ("", "personal" if space.key.startswith("~") else "global")
            and status == "current"
        ]
        return part_of(shown, lambda each: shape.space(asked, each, description))


@routes.get("/spaces/<space_id>")
def _space(space_id: str) -> Response:
    description = one_of("description-format", _DESCRIPTIONS)
    with reading() as asked:
        wanted = identity(space_id, "id", "Long")
        found = next((s for s in store.spaces(asked.connection) if s.id == wanted), None)
        if found is None:
            raise refused(404, f"Cannot find a space with id [{space_id}]")
        data = shape.space(asked, found, description)
        data["_links"]["base"] = base_address()
        return answer(data)


@routes.post("/spaces")
def _create() -> Response:
    with writing() as asked:
        data = json_object()
        name = text_at(data, "name").strip()
        if asked.person is None or not asked.person.edits:
            raise refused(404, "Not Found")
        key = text_at(data, "key") or text_at(data, "alias") or "".join(filter(str.isalnum, name))
        check_new_space(asked.connection, key, name)
        space = store.create_space_with_home(
            asked.connection, key, name, asked.username, text_at(data, "description", "value")
        )
        made = shape.space(asked, space, "plain")
        made["_links"]["base"] = base_address()
        return answer(made, 201)
