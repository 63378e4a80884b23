"""Refusals in Cloud's words: the envelopes of REST v2, of the rest of v1, and of the gateway.

What the parts of the sandbox that both flavours share refuse in Data Center's envelope is
translated here, by the address that was asked.
"""

from http import HTTPStatus
from typing import Any

from .errors import RestError

_CODES = {
    400: "INVALID_REQUEST_PARAMETER",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    413: "CONTENT_TOO_LARGE",
}
_EXCEPTIONS = {
    400: "BadRequestException",
    403: "PermissionException",
    404: "NotFoundException",
    410: "GoneException",
}
_PACKAGE = "com.atlassian.confluence.api.service.exceptions"
_TOO_LARGE = "com.atlassian.plugins.rest.common.limitrequest.RequestEntityTooLargeException"
_NOT_PERMITTED = "Current user not permitted to use Confluence"
_REJECTED = (
    "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: "
    '403 FORBIDDEN "Request rejected because caller cannot access Confluence"'
)


def refused(status: int, title: str, detail: str | None = None) -> RestError:
    """Return a refusal in the envelope of REST v2."""
    code = _CODES.get(status) or HTTPStatus(status).name
    error = {"status": status, "code": code, "title": title, "detail": detail}
    return RestError(status, {"errors": [error]})


def no_page(page_id: object) -> RestError:
    """404 for a page that is not there, or not for this person."""
    return refused(404, f"Cannot find a page with id [{page_id}]")


def wrong_type(name: str, wanted: str) -> RestError:
    """400 for a parameter that is not what it should be."""
    said = f"Provided value for '{name}' is not the correct type. Expected type is {wanted}"
    return refused(400, said, "")


def conflict(current: int, given: int) -> RestError:
    """409 for a stale version number.

    Atlassian's document lists no 409 here; status, code and title are as clients report them.
    """
    said = "Version must be incremented when updating a page."
    return refused(409, f"{said} Current Version: [{current}]. Provided version: [{given}]")


def nobody(path: str) -> RestError:
    """Refuse bad credentials, or none: Cloud does not tell which.

    REST v2 says 404 with nothing in it, v1 says 403.
    """
    if "/api/v2" in path:
        return refused(404, "Not Found")
    if path.endswith("/user/current"):
        return RestError(403, {"statusCode": 403, "message": _REJECTED})
    return RestError(403, {"message": _NOT_PERMITTED, "statusCode": 403})


def at_gateway(status: int, message: str) -> RestError:
    """Return a refusal by ``api.atlassian.com``, before Confluence is asked."""
    return RestError(status, {"code": status, "message": message})


def gone() -> RestError:
    """410 for a route of v1 that was removed."""
    said = f"{_PACKAGE}.GoneException: This deprecated endpoint has been removed."
    return RestError(410, _plain(410, said))


def translated(refusal: RestError, path: str) -> RestError:
    """Return a refusal as Cloud says it at that address."""
    body = refusal.body
    if not isinstance(body, dict) or "statusCode" not in body:
        return refusal
    message = str(body["message"])
    if "/api/v2" in path:
        found = refused(refusal.status, message.removeprefix(f"{_PACKAGE}.BadRequestException: "))
        return RestError(found.status, found.body, refusal.headers)
    if refusal.status == 413:
        body = {"statusCode": 413, "message": f"{_TOO_LARGE}: {message}"}
    elif "reason" in body and "data" in body:
        body = _plain(refusal.status, _with_exception(refusal.status, message))
    return RestError(refusal.status, body, refusal.headers)


def _with_exception(status: int, message: str) -> str:
    name = _EXCEPTIONS.get(status)
    return f"{_PACKAGE}.{name}: {message}" if name else message


def _plain(status: int, message: str) -> dict[str, Any]:
    """Return the envelope of v1 on Cloud: no reason, no word of a read-only mode."""
    flags = {"authorized": False, "valid": True, "errors": [], "successful": False}
    return {"statusCode": status, "data": flags, "message": message}
