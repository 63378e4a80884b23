"""A page as JSON: what of it is expanded, what is left, and where it links to."""

import base64
from collections.abc import Callable
from typing import Any

from confluence_changelog.sandbox import accounts, adf, extras, store
from confluence_changelog.sandbox.app import base_address, site
from confluence_changelog.sandbox.model import Page
from confluence_changelog.sandbox.render import render

from . import on_cloud
from .asked import Asked
from .lists import all_of
from .shape import Expand, label, person, space, version

BODY_FORMATS = ("storage", "view", "export_view", "styled_view", "editor")
_CLOUD_FORMATS = (*BODY_FORMATS, "atlas_doc_format", "dynamic", "editor2", "anonymous_export_view")
WRITTEN = "ancestors,body.storage,container,history,space,version"
"""What the answer to a write has expanded."""


def content(asked: Asked, page: Page, expand: Expand, *, whole: bool = True) -> dict[str, Any]:
    """Return a page; `whole` adds the links that a list has once for all its results."""
    latest = page.version.number == page.latest
    data: dict[str, Any] = {
        "id": str(page.id),
        "type": "page",
        **(on_cloud.identifiers(page) if site().is_cloud else {}),
        "status": page.status if latest else "historical",
        "title": page.title,
    }
    expandable = _expandable(page)
    for name, part in _PARTS.items():
        if name in expand:
            data[name] = part(asked, page, expand[name])
            del expandable[name]
    if site().is_cloud:
        data["macroRenderedOutput"] = {}
    data["extensions"] = {"position": page.id % 10_000 if site().is_cloud else "none"}
    data["_links"] = _links(page, whole=whole)
    data["_expandable"] = expandable
    return data


def tiny(page_id: int) -> str:
    """Return the short name of a page: its id in little-endian bytes, in base 64."""
    code = base64.b64encode(page_id.to_bytes(8, "little"), b"_-").decode()
    return code.rstrip("=").rstrip("A")


def _links(page: Page, *, whole: bool) -> dict[str, str]:
    own = {"webui": page.address, "edit": f"/pages/resumedraft.action?draftId={page.id}"}
    links = {
        **(on_cloud.links(page) if site().is_cloud else own),
        "tinyui": f"/x/{tiny(page.id)}",
        "self": f"{base_address()}/rest/api/content/{page.id}",
    }
    if whole:
        links["collection"] = "/rest/api/content"
        links["base"] = base_address()
        links["context"] = site().settings.context
    return links


def _expandable(page: Page) -> dict[str, str]:
    own = f"/rest/api/content/{page.id}"
    in_space = f"/rest/api/space/{page.space}"
    on_cloud_only = ("childTypes", "schedulePublishInfo", "schedulePublishDate", "draftVersion")
    return {
        **dict.fromkeys(on_cloud_only if site().is_cloud else (), ""),
        "container": in_space,
        "metadata": "",
        "operations": "",
        "children": f"{own}/child",
        "restrictions": f"{own}/restriction/byOperation",
        "history": f"{own}/history",
        "ancestors": "",
        "body": "",
        "version": "",
        "descendants": f"{own}/descendant",
        "space": in_space,
    }


def _space(asked: Asked, page: Page, expand: Expand) -> object:
    found = store.find_space(asked.connection, page.space)
    return space(found, expand) if found else None


def _ancestors(asked: Asked, page: Page, _expand: Expand) -> list[object]:
    above = store.ancestors(asked.connection, page)
    return [content(asked, each, {}, whole=False) for each in above]


def _body(asked: Asked, page: Page, expand: Expand) -> dict[str, Any]:
    formats = _CLOUD_FORMATS if site().is_cloud else BODY_FORMATS
    data: dict[str, Any] = {
        name: {
            "value": _value(asked, page, name),
            "representation": name,
            **({"embeddedContent": []} if site().is_cloud else {}),
            "_expandable": {"content": f"/rest/api/content/{page.id}"},
        }
        for name in formats
        if name in expand
    }
    data["_expandable"] = {name: "" for name in formats if name not in expand}
    return data


def _value(asked: Asked, page: Page, representation: str) -> str:
    if representation in ("storage", "editor"):
        return "" if site().switches.empty_body else page.storage
    if representation == "atlas_doc_format":
        return adf.document(page.storage)
    return str(render(page.storage, asked.connection, page.space, site().settings.context))


def _version(asked: Asked, page: Page, _expand: Expand) -> dict[str, Any]:
    return version(asked, page.id, page.version)


def history(asked: Asked, page: Page, expand: Expand) -> dict[str, Any]:
    """Who made a page and when, and its neighbouring versions."""
    every = store.versions(asked.connection, page.id)
    neighbours = {
        "lastUpdated": every[0],
        "previousVersion": next((v for v in every if v.number < page.version.number), None),
        "nextVersion": next((v for v in every[::-1] if v.number > page.version.number), None),
    }
    data: dict[str, Any] = {
        "latest": page.version.number == page.latest,
        "createdBy": person(asked, every[-1].author),
        "createdDate": every[-1].at,
    }
    for name, neighbour in neighbours.items():
        if name in expand and neighbour:
            data[name] = version(asked, page.id, neighbour)
    data["_links"] = {"self": f"{base_address()}/rest/api/content/{page.id}/history"}
    data["_expandable"] = {
        name: "" for name, found in neighbours.items() if found and name not in data
    }
    return data


def _children(asked: Asked, page: Page, expand: Expand) -> dict[str, Any]:
    own = f"/rest/api/content/{page.id}/child"
    data: dict[str, Any] = {"_links": {"self": base_address() + own}}
    data["_expandable"] = {kind: f"{own}/{kind}" for kind in ("attachment", "comment", "page")}
    if "page" in expand:
        del data["_expandable"]["page"]
        below = store.children(asked.connection, page.id)
        data["page"] = all_of(
            [content(asked, each, expand["page"], whole=False) for each in below], f"{own}/page"
        )
    return data


def _metadata(asked: Asked, page: Page, expand: Expand) -> dict[str, Any]:
    data: dict[str, Any] = {"_expandable": dict.fromkeys(("currentuser", "properties"), "")}
    if "labels" in expand:
        found = [label(each) for each in extras.labels(asked.connection, page.id)]
        data["labels"] = all_of(found, f"/rest/api/content/{page.id}/label")
    else:
        data["_expandable"]["labels"] = ""
    return data


def _operations(asked: Asked, page: Page, _expand: Expand) -> list[dict[str, str]]:
    """Return what the person may do (Atlassian DC REST 10.2: ``OperationCheckResult``)."""
    edits = accounts.may_edit(asked.connection, asked.person, page)
    names = ["read", "update", "delete"] if edits else ["read"]
    return [{"operation": name, "targetType": "page"} for name in names]


_PARTS: dict[str, Callable[[Asked, Page, Expand], object]] = {
    "space": _space,
    "container": _space,
    "history": history,
    "version": _version,
    "ancestors": _ancestors,
    "body": _body,
    "children": _children,
    "metadata": _metadata,
    "operations": _operations,
}
