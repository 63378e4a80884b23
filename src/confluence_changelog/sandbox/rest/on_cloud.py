"""What v1 says on Cloud that Data Center does not: account ids, addresses, revisions."""

import base64
from typing import Any
from urllib.parse import quote_plus

from confluence_changelog.sandbox import markup
from confluence_changelog.sandbox.accounts import Person
from confluence_changelog.sandbox.app import base_address
from confluence_changelog.sandbox.flavour import CLOUD_ID
from confluence_changelog.sandbox.model import Page, Space, Version


def person(found: Person | None) -> dict[str, Any]:
    """Return a person, or Anonymous."""
    if found is None:
        return {
            "type": "anonymous",
            "accountType": "",
            "email": "",
            "publicName": "Anonymous",
            "profilePicture": _picture("anonymous"),
            "displayName": "Anonymous",
            "isExternalCollaborator": False,
            "isGuest": False,
            "_expandable": {"operations": ""},
            "_links": {"self": f"{base_address()}/rest/api/user/anonymous"},
        }
    return {
        "type": "known",
        "accountId": found.account_id,
        "accountType": "atlassian",
        "email": found.email,
        "publicName": found.display_name,
        "profilePicture": _picture(found.account_id),
        "displayName": found.display_name,
        "isExternalCollaborator": False,
        "isGuest": False,
        "locale": "en_GB",
        "accountStatus": "active",
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {"self": f"{base_address()}/rest/api/user?accountId={found.account_id}"},
    }


def version(page_id: int, version: Version, by: dict[str, Any]) -> dict[str, Any]:
    """Return one version of a page."""
    own = f"/rest/api/content/{page_id}"
    return {
        "by": by,
        "when": version.at,
        "friendlyWhen": markup.day_of(version.at),
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "ncsStepVersion": str(version.number),
        "ncsStepVersionSource": "ncs-ack",
        "confRev": f"confluence$content${page_id}.{version.number}",
        "contentTypeModified": False,
        "_expandable": {"collaborators": "", "content": own},
        "_links": {"self": f"{base_address()}{own}/version/{version.number}"},
    }


def space(space: Space, expandable: dict[str, str]) -> dict[str, Any]:
    """Return what a space has on Cloud beside or in place of Data Center's fields."""
    own = f"/rest/api/space/{space.key}"
    return {
        "alias": space.key,
        "status": "current",
        "_links": {"webui": f"/spaces/{space.key}", "self": base_address() + own},
        "_expandable": {
            **expandable,
            "settings": f"{own}/settings",
            "operations": "",
            "lookAndFeel": f"/rest/api/settings/lookandfeel?spaceKey={space.key}",
            "identifiers": "",
            "permissions": "",
            "roles": "",
            "theme": f"{own}/theme",
            "history": "",
        },
    }


def identifiers(page: Page) -> dict[str, str]:
    """Return a page's resource identifiers."""
    ari = f"ari:cloud:confluence:{CLOUD_ID}:page/{page.id}"
    return {"ari": ari, "base64EncodedAri": base64.b64encode(ari.encode()).decode()}


def links(page: Page) -> dict[str, str]:
    """Return where a browser finds a page, and its editor."""
    return {
        "editui": f"/pages/resumedraft.action?draftId={page.id}",
        "webui": address(page),
        "edituiv2": f"/spaces/{page.space}/pages/edit-v2/{page.id}",
    }


def address(page: Page) -> str:
    """Return where a browser finds a page on Cloud."""
    return f"/spaces/{page.space}/pages/{page.id}/{quote_plus(page.title)}"


def _picture(name: str) -> dict[str, Any]:
    return {"path": f"/wiki/aa-avatar/{name}", "width": 48, "height": 48, "isDefault": False}
