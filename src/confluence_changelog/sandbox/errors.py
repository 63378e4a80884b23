"""Refusals in Confluence's words and envelopes.

Atlassian DC REST 10.2, schema ``RestError``; messages as quoted in public issues of clients.
"""

import html
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class RestError(Exception):
    """An answer other than the one that was asked for: status, body and headers.

    `body` is JSON data, or text: HTML where it begins with ``<``.
    """

    def __init__(
        self, status: int, body: object = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def envelope(
    status: int, message: str, *, authorized: bool = False, read_only: bool = True
) -> dict[str, Any]:
    """Return the usual envelope of Data Center 7 to 10.

    `read_only` is ``allowedInReadOnlyMode``.  The flags say little: ``authorized`` is false in
    nearly every refusal.
    """
    return {
        "statusCode": status,
        "data": {
            "authorized": authorized,
            "valid": True,
            "allowedInReadOnlyMode": read_only,
            "errors": [],
            "successful": False,
        },
        "message": message,
        "reason": HTTPStatus(status).phrase,
    }


def bad_request(message: str) -> RestError:
    """400."""
    return RestError(400, envelope(400, message))


def forbidden(message: str) -> RestError:
    """403."""
    return RestError(403, envelope(403, message))


def not_found(message: str) -> RestError:
    """404."""
    return RestError(404, envelope(404, message))


def no_content(page_id: object) -> RestError:
    """404 for a page that is not there, or not for this person: Confluence does not tell which."""
    return not_found(f"No content found with id: ContentId{{id={page_id}}}")


def no_user(key: str) -> RestError:
    """404 for a person that is not there; its ``data`` has two flags only."""
    data = {"authorized": False, "valid": True}
    message = f"No user found with key : {key}"
    return RestError(
        404, {"statusCode": 404, "data": data, "message": message, "reason": "Not Found"}
    )


def not_convertible() -> RestError:
    """400 for well-formed text that the new editor refuses."""
    said = "Content body cannot be converted to new editor format"
    name = "com.atlassian.confluence.api.service.exceptions.BadRequestException"
    flags = {"authorized": True, "valid": True, "errors": [], "successful": True}
    return RestError(400, {"statusCode": 400, "data": flags, "message": f"{name}: {said}"})


def too_large(limit: int) -> RestError:
    """413, which has no ``data``."""
    message = f"Request too large. Requests for this resource can be at most {limit} bytes"
    return RestError(413, {"statusCode": 413, "message": message})


def unreconciled(page_id: int) -> RestError:
    """501 while the page's shared draft is behind; opening the page in a browser cures it."""
    message = (
        f"Unable to save changes to unreconciled page ContentId{{id={page_id}}}. "
        "Refreshing the page should fix this."
    )
    return RestError(501, {"statusCode": 501, "message": message, "reason": "Not Implemented"})


def conflict(current: int, kind: str = "") -> RestError:
    """Return a stale number's refusal in one of the forms in which Confluence was seen to say it."""
    said = f"Version must be incremented on update. Current version is: {current}"
    lock = (
        "com.atlassian.confluence.api.service.exceptions.ConflictException: "
        "javax.persistence.OptimisticLockException: Batch update returned unexpected row count "
        "from update [0]; actual row count: 0; expected: 1"
    )
    rollback = "Transaction rolled back because it has been marked as rollback-only"
    forms: dict[str, tuple[int, object]] = {
        "": (409, envelope(409, said)),
        "stale-data": (409, envelope(409, "Attempted to update stale data. Try again.")),
        "optimistic-lock": (409, envelope(409, lock)),
        "bare": (409, {"statusCode": 409, "message": said}),
        "empty": (409, ""),
        "bad-request": (400, envelope(400, said)),
        "rollback": (500, {"statusCode": 500, "message": rollback}),
    }
    return RestError(*forms[kind])


def log_in_failed(reason: str, base: str) -> RestError:
    """401 as Tomcat's HTML.

    Seraph's reason is ``AUTHENTICATED_FAILED`` for a wrong password, ``AUTHENTICATION_DENIED``
    where a CAPTCHA must be answered first.
    """
    return RestError(
        401,
        tomcat_page(401, f"Basic Authentication Failure - Reason : {reason}"),
        _seraph_headers(reason, base),
    )


def token_refused(base: str) -> RestError:
    """401 for a personal access token that is not known."""
    reason = "AUTHENTICATED_FAILED"
    return RestError(401, tomcat_page(401, "Unauthorized"), _seraph_headers(reason, base))


def tomcat_page(status: int, message: str) -> str:
    """Tomcat's error page, shortened to what clients look at."""
    title = f"HTTP Status {status} \N{EN DASH} {HTTPStatus(status).phrase}"
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
        '<hr class="line" /><p><b>Type</b> Status Report</p>'
        f"<p><b>Message</b> {html.escape(message)}</p></body></html>"
    )


def _seraph_headers(reason: str, base: str) -> dict[str, str]:
    return {"X-Seraph-LoginReason": reason, "WWW-Authenticate": f'OAuth realm="{base}"'}
