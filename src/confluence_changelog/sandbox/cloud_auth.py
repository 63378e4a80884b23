"""Who is asking on Cloud: an e-mail address with an API token, or a token at the gateway.

A token with scopes works at the gateway only (``/ex/confluence/{cloudId}``), and there only for
what its scopes name: v2 wants granular ones, v1 classic ones, and neither implies the other.
"""

import base64
import binascii
import sqlite3

from flask import request

from . import accounts
from .accounts import Person
from .app import site
from .cloud_errors import at_gateway
from .errors import RestError, tomcat_page

_VERBS = {"GET": "read", "HEAD": "read", "DELETE": "delete"}
_FAILED = "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED"


def identify(connection: sqlite3.Connection) -> Person | None:
    """Return the person whose credentials the request carries; None is nobody in particular.

    On the site's own address wrong credentials are as good as none; the gateway refuses them.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    through_gateway = bool(request.root_path)
    if scheme.lower() == "basic":
        if site().switches.basic_disabled and not through_gateway:
            message = "Basic Authentication has been disabled on this instance."
            raise RestError(403, {"message": message})
        name, secret = _pair(value)
        person = _by_secret(connection, name, secret)
    elif scheme.lower() == "bearer" and through_gateway:
        secret = value.strip()
        person = accounts.find_by_token(connection, secret)
    else:
        secret, person = "", None
    _check_scopes(accounts.scopes(connection, secret) if person else frozenset())
    if through_gateway and person is None:
        raise at_gateway(401, "Unauthorized")
    return person


def _check_scopes(scopes: frozenset[str]) -> None:
    if not scopes:
        return
    if not request.root_path:
        raise RestError(401, tomcat_page(401, _FAILED))
    if scope_needed(request.method, request.path) not in scopes:
        raise at_gateway(401, "Unauthorized; scope does not match")


def scope_needed(method: str, path: str) -> str:
    """Return the scope that a request needs (``x-atlassian-oauth2-scopes`` in Atlassian's v1, v2)."""
    _, v2, route = path.partition("/api/v2/")
    if not v2:
        return _classic_scope(method, path.partition("/rest/api/")[2])
    kind = {"spaces": "space", "folders": "folder", "users-bulk": "user"}.get(
        route.partition("/")[0], "page"
    )
    verb = "read" if kind == "user" else _VERBS.get(method, "write")
    verb = "write" if "/properties" in route and verb == "delete" else verb
    return f"{verb}:{kind}:confluence"


def _classic_scope(method: str, route: str) -> str:
    kind = route.partition("/")[0]
    if kind == "user":
        return "read:confluence-user"
    if kind == "search" or route.startswith("content/search"):
        return "search:confluence"
    if kind == "settings":
        return "manage:confluence-configuration"
    if kind == "space":
        return "read:confluence-space.summary" if method == "GET" else "write:confluence-space"
    if method == "GET" or kind == "contentbody":
        return "read:confluence-content.all"
    return "write:confluence-content"


def _pair(value: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret


def _by_secret(connection: sqlite3.Connection, name: str, secret: str) -> Person | None:
    """Return the person of that e-mail address or name, where the API token is theirs."""
    username = name.removesuffix(f"@{accounts.MAIL_DOMAIN}")
    for each in dict.fromkeys((name, username)):
        if each and (person := accounts.find_by_password(connection, each, secret)):
            return person
    owner = accounts.find_by_token(connection, secret)
    return owner if owner and owner.username in (name, username) else None
