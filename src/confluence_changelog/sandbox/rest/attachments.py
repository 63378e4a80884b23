"""Attachments of v1: list, upload, replace, download, delete."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from confluence_changelog.sandbox import attachments
from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.attachments import Attachment
from confluence_changelog.sandbox.errors import RestError, bad_request, envelope, no_content
from confluence_changelog.sandbox.model import Page, Version

from . import shape
from .asked import Asked, editable, readable, reading, writing
from .lists import part_of

routes = Blueprint("attachments", __name__)


@routes.get("/content/<page_id>/child/attachment")
def _attachments(page_id: str) -> Response:
    wanted = request.args.get("filename", "")
    with reading() as asked:
        page = readable(asked, page_id)
        found = attachments.attachments(asked.connection, page.id)
        named = [each for each in found if wanted in ("", each.name)]
        return answer(part_of(named, lambda each: content(asked, each), default_limit=50))


@routes.post("/content/<page_id>/child/attachment")
@routes.put("/content/<page_id>/child/attachment")
def _upload(page_id: str) -> Response:
    """Add files; with PUT, those of a name that there is become new versions."""
    _check_token()
    with writing() as asked:
        page = _page(asked, page_id)
        names = {each.name for each in attachments.attachments(asked.connection, page.id)}
        files = request.files.getlist("file")
        if not files:
            raise bad_request("At least one file is required")
        for each in files:
            if request.method == "POST" and each.filename in names:
                said = "Cannot add a new attachment with same file name as an existing attachment"
                raise bad_request(f"{said}: {each.filename}")
        return answer(part_of([_put(asked, page, f) for f in files], lambda e: content(asked, e)))


@routes.post("/content/<page_id>/child/attachment/<content_id>/data")
def _replace(page_id: str, content_id: str) -> Response:
    _check_token()
    with writing() as asked:
        page = _page(asked, page_id)
        found = find(asked, content_id)
        given = request.files.get("file")
        if given is None:
            raise bad_request("A file is required")
        given.filename = found.name
        return answer(content(asked, _put(asked, page, given)))


@routes.delete("/content/att<number>")
def _delete(number: str) -> Response:
    with writing() as asked:
        found = find(asked, number)
        _page(asked, str(found.page))
        attachments.delete_attachment(asked.connection, found)
        return Response(status=204)


def find(asked: Asked, content_id: str) -> Attachment:
    """Return the file of that id; 404 where there is none."""
    found = attachments.find_attachment(asked.connection, content_id)
    if found is None:
        raise no_content(content_id)
    return found


def content(asked: Asked, found: Attachment) -> dict[str, Any]:
    """Return a file as content of its page."""
    version = Version(found.version, found.name, "", found.author, found.at, "", minor=False)
    size = len(found.data)
    return {
        "id": found.content_id,
        "type": "attachment",
        "status": "current",
        "title": found.name,
        "version": shape.version(asked, found.page, version),
        "metadata": {"comment": found.comment, "mediaType": found.media_type},
        "extensions": {
            "mediaType": found.media_type,
            "fileSize": size,
            "comment": found.comment,
        },
        "_links": {
            "webui": f"/pages/viewpage.action?pageId={found.page}",
            "download": found.download,
            "self": f"{base_address()}/rest/api/content/{found.content_id}",
        },
        "_expandable": {"container": f"/rest/api/content/{found.page}"},
    }


def _page(asked: Asked, page_id: str) -> Page:
    page = readable(asked, page_id)
    editable(asked, page)
    return page


def _put(asked: Asked, page: Page, given: FileStorage) -> Attachment:
    return attachments.put_attachment(
        asked.connection,
        page.id,
        given.filename or "file",
        given.read(),
        media_type=given.mimetype or "application/octet-stream",
        comment=request.form.get("comment", ""),
        author=asked.username,
    )


def _check_token() -> None:
    """Refuse an upload that a page of another site could have made a browser send."""
    if request.headers.get("X-Atlassian-Token", "").lower() not in ("nocheck", "no-check"):
        raise RestError(403, envelope(403, "XSRF check failed"))
