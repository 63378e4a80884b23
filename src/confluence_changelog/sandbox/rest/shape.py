"""People, spaces, versions and labels as JSON, with Confluence's ``expand``.

What is not expanded is absent and named under ``_expandable``.  Shapes as recorded from Data
Center and as in Atlassian's examples (REST API examples, Data Center 10.2).
"""

from collections.abc import Mapping
from typing import Any

from confluence_changelog.sandbox import accounts, extras
from confluence_changelog.sandbox.app import base_address, site
from confluence_changelog.sandbox.model import Space, Version

from . import on_cloud
from .asked import Asked

Expand = Mapping[str, Any]
"""The ``expand`` parameter as a tree: ``body.storage,version`` is ``{body: {storage: {}}, …}``."""

_PICTURE = {
    "path": "/images/icons/profilepics/default.svg",
    "width": 48,
    "height": 48,
    "isDefault": True,
}


def expand_tree(text: str) -> Expand:
    """Return the ``expand`` parameter as a tree."""
    tree: dict[str, Any] = {}
    for path in text.split(","):
        branch = tree
        for name in path.strip().split("."):
            if name:
                branch = branch.setdefault(name, {})
    return tree


def version(
    asked: Asked, page_id: int, version: Version, *, with_links: bool = False
) -> dict[str, Any]:
    """One version of a page."""
    if site().is_cloud:
        return on_cloud.version(page_id, version, person(asked, version.author))
    data: dict[str, Any] = {
        "by": person(asked, version.author),
        "when": version.at,
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "hidden": False,
    }
    if with_links:
        path = f"{base_address()}/rest/experimental/content/{page_id}/version/{version.number}"
        data["_links"] = {"self": path}
    data["_expandable"] = {"content": f"/rest/api/content/{page_id}"}
    return data


def person(asked: Asked, username: str) -> dict[str, Any]:
    """Return a person by name, or Anonymous."""
    found = accounts.find_person(asked.connection, username=username)
    if site().is_cloud:
        return on_cloud.person(found)
    if found is None:
        return {
            "type": "anonymous",
            "profilePicture": _PICTURE,
            "displayName": "Anonymous",
            "_links": {"self": f"{base_address()}/rest/api/user/anonymous"},
        }
    return {
        "type": "known",
        "username": found.username,
        "userKey": found.key,
        "profilePicture": _PICTURE,
        "displayName": found.display_name,
        "_links": {"self": f"{base_address()}/rest/api/user?key={found.key}"},
        "_expandable": {"status": ""},
    }


def space(space: Space, expand: Expand) -> dict[str, Any]:
    """Return a space."""
    home = f"/rest/api/content/{space.homepage}" if space.homepage else ""
    data: dict[str, Any] = {
        "id": space.id,
        "key": space.key,
        "name": space.name,
        "status": "CURRENT",
        "type": "global",
    }
    expandable = {"metadata": "", "icon": "", "description": "", "homepage": home}
    if "description" in expand:
        plain = {"value": space.description, "representation": "plain", "embeddedContent": []}
        data["description"] = {"plain": plain}
        del expandable["description"]
    if "homepage" in expand and space.homepage:
        data["homepage"] = {"id": str(space.homepage), "type": "page", "status": "current"}
        del expandable["homepage"]
    data["_links"] = {
        "webui": f"/display/{space.key}",
        "self": f"{base_address()}/rest/api/space/{space.key}",
    }
    data["_expandable"] = expandable
    return {**data, **on_cloud.space(space, expandable)} if site().is_cloud else data


def label(label: extras.Label) -> dict[str, Any]:
    """Return a label."""
    return {"prefix": label.prefix, "name": label.name, "id": str(label.id), "label": label.name}
