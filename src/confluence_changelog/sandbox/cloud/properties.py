"""Content properties of a page in REST v2: by id, any JSON, with versions of their own."""

import json
from typing import Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import extras
from confluence_changelog.sandbox.app import answer
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.extras import Property
from confluence_changelog.sandbox.rest.asked import Asked, json_object, reading, writing

from . import shape
from .asked import editable, identity, readable, required_number, required_text
from .lists import part_of

routes = Blueprint("properties", __name__)

LIMIT = 32 * 1024


@routes.get("/pages/<page_id>/properties")
def _properties(page_id: str) -> Response:
    with reading() as asked:
        found = extras.properties(asked.connection, readable(asked, page_id).id)
        key = request.args.get("key", "")
        wanted = [each for each in found if key in ("", each.key)]
        return part_of(wanted, lambda each: shape_of(asked, each))


@routes.post("/pages/<page_id>/properties")
def _create(page_id: str) -> Response:
    with writing() as asked:
        page = editable(asked, page_id)
        data = json_object()
        key = required_text(data, "key")
        if not key or len(key) > 255:
            raise refused(400, "The key of a property must have 1 to 255 characters", "")
        if extras.find_property(asked.connection, page.id, key):
            said = f"Cannot create property with key [{key}]: a duplicate exists"
            raise refused(400, said, "")
        value = _value(data)
        created = extras.put_property(asked.connection, page.id, key, value, 1, asked.username)
        return answer(shape_of(asked, created))


@routes.get("/pages/<page_id>/properties/<property_id>")
def _get(page_id: str, property_id: str) -> Response:
    with reading() as asked:
        return answer(shape_of(asked, _found(asked, readable(asked, page_id).id, property_id)))


@routes.put("/pages/<page_id>/properties/<property_id>")
def _update(page_id: str, property_id: str) -> Response:
    with writing() as asked:
        page = editable(asked, page_id)
        found = _found(asked, page.id, property_id)
        data = json_object()
        if required_text(data, "key") != found.key:
            raise refused(400, "The key of a property cannot be changed", "")
        number = required_number(data, "version", "number")
        if number != found.version + 1:
            said = f"Version must be incremented. Current Version: [{found.version}]."
            raise refused(409, f"{said} Provided version: [{number}]")
        put = extras.put_property(
            asked.connection, page.id, found.key, _value(data), number, asked.username
        )
        return answer(shape_of(asked, put))


@routes.delete("/pages/<page_id>/properties/<property_id>")
def _delete(page_id: str, property_id: str) -> Response:
    with writing() as asked:
        page = editable(asked, page_id)
        extras.delete_property(asked.connection, page.id, _found(asked, page.id, property_id).key)
        return Response(status=204)


def shape_of(asked: Asked, found: Property) -> dict[str, Any]:
    """Return a property."""
    return {
        "version": {
            "number": found.version,
            "message": "",
            "minorEdit": False,
            "authorId": shape.account_id(asked, found.author),
            "createdAt": found.at,
        },
        "value": json.loads(found.value),
        "key": found.key,
        "id": str(found.id),
    }


def _found(asked: Asked, page_id: int, property_id: str) -> Property:
    wanted = identity(property_id, "property-id", "Long")
    every = extras.properties(asked.connection, page_id)
    found = next((each for each in every if each.id == wanted), None)
    if found is None:
        raise refused(404, f"Cannot find a property with id [{property_id}]")
    return found


def _value(data: dict[str, object]) -> str:
    """Return the value as JSON text; 400 where there is none, or more than Confluence keeps."""
    if "value" not in data:
        raise refused(400, "value must not be null", "")
    text = json.dumps(data["value"], ensure_ascii=False)
    if len(text) > LIMIT:
        raise refused(400, f"The value of a property must not exceed {LIMIT} characters", "")
    return text
