"""What belongs to a page: versions, history, content properties, labels."""

import json
from typing import Any

from flask import Blueprint, Response, abort, request

from confluence_changelog.sandbox import accounts, extras, store
from confluence_changelog.sandbox.app import answer, base_address, site
from confluence_changelog.sandbox.errors import (
    RestError,
    bad_request,
    envelope,
    forbidden,
    not_found,
)
from confluence_changelog.sandbox.extras import Property
from confluence_changelog.sandbox.model import Page

from . import page_shape, shape
from .asked import (
    Asked,
    editable,
    json_body,
    json_object,
    number_at,
    readable,
    reading,
    text_at,
    writing,
)
from .lists import part_of

routes = Blueprint("parts", __name__)

PROPERTY_LIMIT = 32 * 1024


@routes.get("/content/<page_id>/history")
def _history(page_id: str) -> Response:
    with reading() as asked:
        page = readable(asked, page_id)
        expand = request.args.get("expand", "previousVersion,nextVersion,lastUpdated")
        return answer(page_shape.history(asked, page, shape.expand_tree(expand)))


@routes.get("/content/<page_id>/version")
def _versions(page_id: str) -> Response:
    _only_experimental(404)
    with reading() as asked:
        page = readable(asked, page_id)
        every = store.versions(asked.connection, page.id)
        return answer(part_of(every, lambda v: shape.version(asked, page.id, v, with_links=True)))


@routes.get("/content/<page_id>/version/<int:number>")
def _version(page_id: str, number: int) -> Response:
    _only_experimental(405)
    with reading() as asked:
        page = readable(asked, page_id)
        found = next(
            (v for v in store.versions(asked.connection, page.id) if v.number == number), None
        )
        if found is None:
            raise not_found(f"No version {number} found for content with id {page_id}")
        return answer(shape.version(asked, page.id, found, with_links=True))


@routes.delete("/content/<page_id>/version/<int:number>")
def _delete_version(page_id: str, number: int) -> Response:
    with writing() as asked:
        page = readable(asked, page_id)
        editable(asked, page)
        if number == page.latest or not store.delete_version(asked.connection, page.id, number):
            raise bad_request(f"Cannot delete version {number} of content with id {page_id}")
        return Response(status=204)


@routes.get("/content/<page_id>/property")
def _properties(page_id: str) -> Response:
    with reading() as asked:
        page = readable(asked, page_id)
        found = extras.properties(asked.connection, page.id)
        return answer(part_of(found, lambda each: _shape(asked, each), default_limit=10))


@routes.post("/content/<page_id>/property")
def _create_property(page_id: str) -> Response:
    with writing() as asked:
        page = readable(asked, page_id)
        _may_edit_properties(asked, page)
        data = json_object()
        key = text_at(data, "key")
        if not key or extras.find_property(asked.connection, page.id, key):
            raise bad_request(f"Cannot create a content property with the key '{key}'")
        value = _value(data)
        created = extras.put_property(asked.connection, page.id, key, value, 1, asked.username)
        return answer(_shape(asked, created))


@routes.get("/content/<page_id>/property/<key>")
def _property(page_id: str, key: str) -> Response:
    with reading() as asked:
        page = readable(asked, page_id)
        found = extras.find_property(asked.connection, page.id, key)
        if found is None:
            raise _no_property(key)
        return answer(_shape(asked, found))


@routes.put("/content/<page_id>/property/<key>")
def _put_property(page_id: str, key: str) -> Response:
    with writing() as asked:
        page = readable(asked, page_id)
        _may_edit_properties(asked, page)
        data = json_object()
        if text_at(data, "key") not in ("", key):
            raise bad_request("The key of the content property differs from the key in the path")
        found = extras.find_property(asked.connection, page.id, key)
        number = number_at(data, "version", "number")
        if found is None and number != 1:
            raise _no_property(key)
        if number != (found.version + 1 if found else 1):
            raise RestError(409, envelope(409, f"Can't update content property with key: {key}"))
        put = extras.put_property(
            asked.connection, page.id, key, _value(data), number or 1, asked.username
        )
        return answer(_shape(asked, put))


@routes.delete("/content/<page_id>/property/<key>")
def _delete_property(page_id: str, key: str) -> Response:
    with writing() as asked:
        page = readable(asked, page_id)
        _may_edit_properties(asked, page)
        if not extras.delete_property(asked.connection, page.id, key):
            raise _no_property(key)
        return Response(status=204)


@routes.get("/content/<page_id>/label")
def _labels(page_id: str) -> Response:
    with reading() as asked:
        return _all_labels(asked, readable(asked, page_id))


@routes.post("/content/<page_id>/label")
def _add_labels(page_id: str) -> Response:
    with writing() as asked:
        page = readable(asked, page_id)
        editable(asked, page)
        data = json_body()
        for each in data if isinstance(data, list) else [data]:
            name = text_at(each, "name").strip().lower()
            if not name or " " in name:
                raise bad_request(f"Cannot add the label '{name}'")
            extras.add_label(asked.connection, page.id, text_at(each, "prefix") or "global", name)
        return _all_labels(asked, page)


@routes.delete("/content/<page_id>/label")
@routes.delete("/content/<page_id>/label/<name>")
def _delete_label(page_id: str, name: str = "") -> Response:
    with writing() as asked:
        page = readable(asked, page_id)
        editable(asked, page)
        if not extras.delete_label(asked.connection, page.id, name or request.args.get("name", "")):
            raise not_found("The label does not exist")
        return Response(status=204)


def _only_experimental(status: int) -> None:
    """Refuse a route that Data Center has not below ``rest/api`` (Atlassian DC REST 10.2)."""
    if not site().is_cloud and "/rest/api/" in request.path:
        abort(status)


def _all_labels(asked: Asked, page: Page) -> Response:
    found = extras.labels(asked.connection, page.id)
    return answer(part_of(found, shape.label, default_limit=200))


def _may_edit_properties(asked: Asked, page: Page) -> None:
    if not accounts.may_edit(asked.connection, asked.person, page):
        raise forbidden(f"Not permitted to change properties of content with id {page.id}")


def _no_property(key: str) -> RestError:
    return not_found(f"Cannot find content property with key: {key}")


def _value(data: dict[str, object]) -> str:
    """Return the value as JSON text: a list or an object, no larger than Confluence keeps."""
    value = data.get("value")
    if not isinstance(value, dict | list):
        raise bad_request("The value of a content property must be structured JSON")
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > PROPERTY_LIMIT:
        message = f"The value of a content property must not exceed {PROPERTY_LIMIT} characters"
        raise RestError(413, envelope(413, message))
    return text


def _shape(asked: Asked, found: Property) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "key": found.key,
        "value": json.loads(found.value),
        "version": {
            "by": shape.person(asked, found.author),
            "when": found.at,
            "message": "",
            "number": found.version,
            "minorEdit": True,
            "hidden": False,
        },
        "_links": {
            "self": f"{base_address()}/rest/api/content/{found.page}/property/{found.key}",
            "base": base_address(),
        },
        "_expandable": {"content": f"/rest/api/content/{found.page}"},
    }
