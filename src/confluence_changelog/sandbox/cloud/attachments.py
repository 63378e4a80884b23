"""Attachments of REST v2, which reads and deletes them; v1 takes them."""

from typing import Any

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import attachments
from confluence_changelog.sandbox.app import answer
from confluence_changelog.sandbox.attachments import Attachment
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.rest.asked import Asked, reading, writing

from . import shape
from .asked import editable, readable
from .lists import part_of

routes = Blueprint("attachments", __name__)


@routes.get("/pages/<page_id>/attachments")
def _attachments(page_id: str) -> Response:
    name, media_type = request.args.get("filename", ""), request.args.get("mediaType", "")
    with reading() as asked:
        found = attachments.attachments(asked.connection, readable(asked, page_id).id)
        wanted = [
            each
            for each in found
            if name in ("", each.name) and media_type in ("", each.media_type)
        ]
        return part_of(wanted, lambda each: _shape(asked, each))


@routes.get("/attachments/<content_id>")
def _get(content_id: str) -> Response:
    with reading() as asked:
        found = _found(asked, content_id)
        readable(asked, str(found.page))
        return answer(_shape(asked, found))


@routes.delete("/attachments/<content_id>")
def _delete(content_id: str) -> Response:
    with writing() as asked:
        found = _found(asked, content_id)
        editable(asked, str(found.page))
        attachments.delete_attachment(asked.connection, found)
        return Response(status=204)


@routes.get("/pages/<page_id>/footer-comments")
@routes.get("/pages/<page_id>/inline-comments")
def _comments(page_id: str) -> Response:
    """Answer with no comments: nobody comments in a sandbox."""
    nothing: list[Attachment] = []
    with reading() as asked:
        readable(asked, page_id)
        return part_of(nothing, lambda each: _shape(asked, each))


def _found(asked: Asked, content_id: str) -> Attachment:
    found = attachments.find_attachment(asked.connection, content_id)
    if found is None:
        raise refused(404, f"Cannot find an attachment with id [{content_id}]")
    return found


def _shape(asked: Asked, found: Attachment) -> dict[str, Any]:
    view = f"/pages/viewpageattachments.action?pageId={found.page}"
    return {
        "id": found.content_id,
        "status": "current",
        "title": found.name,
        "createdAt": found.at,
        "pageId": str(found.page),
        "mediaType": found.media_type,
        "mediaTypeDescription": "File",
        "comment": found.comment,
        "fileId": found.content_id,
        "fileSize": len(found.data),
        "webuiLink": view,
        "downloadLink": found.download,
        "version": {
            "number": found.version,
            "message": "",
            "minorEdit": False,
            "authorId": shape.account_id(asked, found.author),
            "createdAt": found.at,
        },
        "_links": {"webui": view, "download": found.download},
    }
