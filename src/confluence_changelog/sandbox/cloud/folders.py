"""Folders of REST v2: they hold pages and are none, so every route of a page answers 404."""

from typing import Any

from flask import Blueprint, Response

from confluence_changelog.sandbox import folders, store
from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.folders import Folder
from confluence_changelog.sandbox.model import now
from confluence_changelog.sandbox.rest.asked import Asked, json_object, reading, text_at, writing

from .asked import identity, required_text
from .below import direct_children
from .shape import account_id, space_id

routes = Blueprint("folders", __name__)


@routes.post("/folders")
def _create() -> Response:
    with writing() as asked:
        data = json_object()
        wanted = identity(required_text(data, "spaceId"), "spaceId", "Long")
        space = next((s for s in store.spaces(asked.connection) if s.id == wanted), None)
        if space is None or asked.person is None or not asked.person.edits:
            raise refused(404, f"Cannot find a space with id [{wanted}]")
        given = text_at(data, "parentId")
        parent = identity(given, "parentId") if given else space.homepage
        title = text_at(data, "title").strip()
        if not title:
            raise refused(400, "title must not be blank", "")
        folder = folders.create_folder(asked.connection, space.key, title, parent)
        return answer(_shape(asked, folder))


@routes.get("/folders/<folder_id>")
def _get(folder_id: str) -> Response:
    with reading() as asked:
        return answer(_shape(asked, _found(asked, folder_id)))


@routes.get("/folders/<folder_id>/direct-children")
def _direct_children(folder_id: str) -> Response:
    with reading() as asked:
        return direct_children(asked, _found(asked, folder_id).id)


def _found(asked: Asked, folder_id: str) -> Folder:
    found = folders.find_folder(asked.connection, identity(folder_id))
    if found is None:
        raise refused(404, f"Cannot find a folder with id [{folder_id}]")
    return found


def _shape(asked: Asked, folder: Folder) -> dict[str, Any]:
    author = account_id(asked, "admin")
    at = now()
    return {
        "id": str(folder.id),
        "type": "folder",
        "status": "current",
        "title": folder.title,
        "parentId": str(folder.parent) if folder.parent else None,
        "parentType": folders.kind(asked.connection, folder.parent) if folder.parent else None,
        "position": folder.id % 10_000,
        "authorId": author,
        "ownerId": author,
        "createdAt": at,
        "spaceId": space_id(asked, folder.space),
        "version": {
            "number": 1,
            "message": "",
            "minorEdit": False,
            "authorId": author,
            "createdAt": at,
        },
        "_links": {
            "webui": f"/spaces/{folder.space}/folder/{folder.id}",
            "base": base_address(),
        },
    }
