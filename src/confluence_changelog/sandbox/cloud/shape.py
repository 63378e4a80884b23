"""Pages, versions, spaces and people as JSON of REST v2; every id is text."""

from typing import Any

from confluence_changelog.sandbox import accounts, adf, extras, folders, store
from confluence_changelog.sandbox.accounts import Person
from confluence_changelog.sandbox.app import base_address, site
from confluence_changelog.sandbox.model import Page, Space, Version
from confluence_changelog.sandbox.render import render
from confluence_changelog.sandbox.rest import on_cloud
from confluence_changelog.sandbox.rest.asked import Asked
from confluence_changelog.sandbox.rest.page_shape import tiny

REPRESENTATIONS = (
    *("storage", "atlas_doc_format", "view", "export_view", "anonymous_export_view"),
    *("styled_view", "editor"),
)
BULK_REPRESENTATIONS = ("storage", "atlas_doc_format")


def page(
    asked: Asked, page: Page, representation: str = "", *, whole: bool = True
) -> dict[str, Any]:
    """Return a page; `whole` adds the address of the site, which a list has once."""
    first = store.versions(asked.connection, page.id)[-1]
    creator = account_id(asked, first.author)
    historical = page.version.number != page.latest
    return {
        "parentId": str(page.parent) if page.parent else None,
        "spaceId": space_id(asked, page.space),
        "ownerId": creator,
        "lastOwnerId": None,
        "createdAt": first.at,
        "authorId": creator,
        "parentType": folders.kind(asked.connection, page.parent) if page.parent else None,
        "position": page.id % 10_000,
        "version": version(asked, page.version),
        "body": {representation: body(asked, page, representation)} if representation else {},
        "status": "historical" if historical else page.status,
        "title": page.title,
        "id": str(page.id),
        "_links": links(page, whole=whole),
    }


def links(page: Page, *, whole: bool = True) -> dict[str, str]:
    """Return where a page is found, relative to the site's address."""
    found = {**on_cloud.links(page), "tinyui": f"/x/{tiny(page.id)}"}
    return {**found, "base": base_address()} if whole else found


def body(asked: Asked, page: Page, representation: str) -> dict[str, str]:
    """Return the body of a page in one representation."""
    storage = "" if site().switches.empty_body else page.storage
    if representation == "atlas_doc_format":
        value = adf.document(page.storage)
    elif representation in ("storage", "editor"):
        value = storage
    else:
        value = str(render(page.storage, asked.connection, page.space, site().settings.context))
    return {"representation": representation, "value": value}


def version(asked: Asked, version: Version) -> dict[str, Any]:
    """Return one version."""
    return {
        "number": version.number,
        "message": version.message,
        "minorEdit": version.minor,
        "authorId": account_id(asked, version.author),
        "createdAt": version.at,
        "ncsStepVersion": str(version.number),
    }


def space(asked: Asked, space: Space, description_format: str = "") -> dict[str, Any]:
    """Return a space."""
    owner = account_id(asked, "admin")
    plain = {"representation": "plain", "value": space.description}
    return {
        "createdAt": "2024-01-15T09:00:00.000Z",
        "authorId": owner,
        "spaceOwnerId": owner,
        "homepageId": str(space.homepage or ""),
        "icon": {},
        "description": {"plain": plain} if description_format == "plain" else {},
        "status": "current",
        "name": space.name,
        "key": space.key,
        "id": str(space.id),
        "type": "personal" if space.key.startswith("~") else "global",
        "_links": {"webui": f"/spaces/{space.key}"},
        "currentActiveAlias": space.key,
    }


def person(person: Person) -> dict[str, Any]:
    """Return a person; the e-mail address may be hidden on Cloud, and is here."""
    return {
        "displayName": person.display_name,
        "timeZone": "Etc/UTC",
        "isExternalCollaborator": False,
        "accountStatus": "active",
        "accountId": person.account_id,
        "email": "",
        "accountType": "atlassian",
        "publicName": person.display_name,
        "profilePicture": {"path": f"/wiki/aa-avatar/{person.account_id}", "isDefault": True},
    }


def label(label: extras.Label) -> dict[str, str]:
    """Return a label."""
    return {"prefix": label.prefix, "name": label.name, "id": str(label.id)}


def account_id(asked: Asked, username: str) -> str:
    """Return the account id of someone by name; of one who is gone, a stable one."""
    found = accounts.find_person(asked.connection, username=username)
    return found.account_id if found else accounts.account_id(accounts.key_of(username))


def space_id(asked: Asked, key: str) -> str:
    """Return the id of the space of that key."""
    found = store.find_space(asked.connection, key)
    return str(found.id) if found else ""
