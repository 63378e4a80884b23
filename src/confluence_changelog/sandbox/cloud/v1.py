"""Which routes of v1 remain on Cloud (Atlassian's OpenAPI document of v1, 2026-09)."""

import re

from flask import Response, abort, g, request

from confluence_changelog.sandbox.app import site
from confluence_changelog.sandbox.cloud_errors import gone

_KEPT = re.compile(
    r"\w+ content/[^/]+/(?:restriction(?:/.*)?|state|child/attachment(?:/.*)?)"
    r"|\w+ user/watch/content/[^/]+"
    r"|GET (?:search(?:/user)?|content/search|content/[^/]+/descendant(?:/[^/]+)?|user(?:/\w+)?"
    r"|settings/systemInfo|contentbody/convert/async/[^/]+|label)"
    r"|POST (?:content/[^/]+/(?:label|version)|content/archive|contentbody/convert/async/[^/]+|space)"
    r"|DELETE content/[^/]+/(?:label(?:/[^/]+)?|version/[^/]+)"
)
_NEVER = re.compile(r"\w+ (?:accessmode|server-information)")
_CHANGE = "https://developer.atlassian.com/cloud/confluence/changelog/#CHANGE-864"
_DEPRECATED = {
    "warning": '299 - "Deprecated API, will be removed on Mon, 31 Mar 2025 00:00:00 GMT"',
    "deprecation": "Wed, 1 Mar 2023 00:00:00 GMT",
    "link": f'<{_CHANGE}>; rel="deprecation"',
}


def refuse_removed() -> None:
    """Refuse what Cloud never had, and after the removal what it has no more."""
    route = f"{request.method} {request.path.partition('/rest/api/')[2]}"
    if _NEVER.fullmatch(route):
        abort(404)
    if _KEPT.fullmatch(route):
        return
    if site().switches.v1_removed:
        raise gone()
    g.deprecated = True


def warn(response: Response) -> Response:
    """Say in the answer's headers that its route is deprecated."""
    if g.get("deprecated"):
        response.headers.update(_DEPRECATED)
    return response
