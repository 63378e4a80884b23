"""Confluence's answers: what an error means and what to do about it.

Envelopes: Data Center ``{"statusCode", "data", "message", "reason"}``, Cloud v2
``{"errors": [{"title"}]}``, Atlassian's gateway ``{"code", "message"}``. Their flags contradict each
other in the field (a 400 with ``"successful": true``), so only the status and words of the message
count. Messages on Cloud often begin with a Java class name.
"""

import re
from collections.abc import Callable, Mapping

from confluence_changelog.errors import (
    AuthenticationError,
    CaptchaError,
    ConflictError,
    ConfluenceError,
    GoneError,
    NotConfluenceError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RejectedStorageError,
    ScopeError,
    ServerError,
    TitleExistsError,
    TooLargeError,
    UnreachableError,
)
from confluence_changelog.text import plain

_JAVA_CLASS = re.compile(r"\b(?:[a-z]\w*\.){2,}[A-Z]\w*:\s*")
_CONFLICT = re.compile(
    r"Version must be incremented|stale data|OptimisticLock|StaleObjectState|UnexpectedRollback"
    r"|Transaction rolled back|version property has not been set correctly"
)
_REJECTED = re.compile(
    r"Error parsing xhtml|CDATA block has embedded|cannot be converted to new editor"
    r"|Error converting .* to storage"
)
_BAD_CREDENTIALS = re.compile(
    r"not permitted to use Confluence|caller cannot access Confluence|Basic Authentication has been"
    r" disabled|Failed to parse Connect Session Auth Token"
)
_SCOPE = re.compile(r"scope does not match|insufficient.scope", re.IGNORECASE)
_MAX_READ = 10_000
_MAX_QUOTED = 300

CREDENTIALS = "check CONFLUENCE_TOKEN, or CONFLUENCE_USER and CONFLUENCE_PASSWORD"
"""What to do when a Data Center refuses the credentials."""


def message_of(payload: object, hide: Callable[[str], str] = str) -> str:
    """Return the message of an error answer, without Java class names, bounded and printable.

    `hide` takes out the credentials, which some answers repeat.
    """
    words = hide(_words(payload))[:_MAX_READ]
    text = _JAVA_CLASS.sub("", hide(plain(words)))
    return text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"


def _words(payload: object) -> str:
    if not isinstance(payload, Mapping):
        return ""
    if first := _first_error(payload):
        return ": ".join(str(first[key]) for key in ("title", "detail") if first.get(key))
    return str(payload.get("message") or "")


def _first_error(payload: object) -> Mapping[str, object] | None:
    """Return the first error in the envelope of Cloud's API v2, or None."""
    errors = payload.get("errors") if isinstance(payload, Mapping) else None
    if not isinstance(payload, Mapping) or payload.get("message") or not isinstance(errors, list):
        return None
    return errors[0] if errors and isinstance(errors[0], Mapping) else None


def error_for(
    status: int,
    headers: Mapping[str, str],
    payload: object,
    what: str,
    hide: Callable[[str], str] = str,
    remedy: str = CREDENTIALS,
) -> ConfluenceError:
    """Return the exception for an answer with status 400 or above.

    Args:
        status: the HTTP status.
        headers: the answer's headers, case-insensitive.
        payload: the decoded JSON, or the text where it was none.
        what: what was being done, such as ``reading page 123 on https://wiki.example.com``.
        hide: takes credentials out of a text.
        remedy: what to do when the credentials are refused.

    """
    message = message_of(payload, hide)
    said = f" ({message})" if message else ""
    if is_captcha(headers, payload):
        return CaptchaError(
            f"Confluence wants a CAPTCHA while {what}: log in once in a browser as this user, then "
            "run again; every further try makes it worse."
        )
    if status == 409 or _CONFLICT.search(_words(payload)):
        return ConflictError(f"Another version was stored while {what}{said}; run again.")
    if status == 400:
        return _bad_request(message, what)
    if status in (401, 403) or _is_hidden_refusal(status, payload):
        return _refused(status, message, what, remedy)
    for kind, statuses, remedy in _REMEDIES:
        if status in statuses:
            return kind(f"Confluence answered {status} while {what}{said}; {remedy}.")
    if status >= 500:
        return ServerError(
            f"Confluence failed with {status} while {what}{said}; run again later, nothing is lost."
        )
    return ConfluenceError(f"Confluence answered {status} while {what}{said}.")


_REMEDIES: tuple[tuple[type[ConfluenceError], tuple[int, ...], str], ...] = (
    (
        NotFoundError,
        (404,),
        "the page does not exist, or this user may not see it: check its id and the credentials",
    ),
    (RateLimitedError, (429,), "it wants fewer requests: run again later, nothing is lost"),
    (GoneError, (410,), "this Confluence no longer has that route: check `page.flavour`"),
    (UnreachableError, (407,), "the proxy wants a log-in: put user and password into HTTPS_PROXY"),
    (
        TooLargeError,
        (413,),
        "the page is too large: move old rows to another page, or start a new one",
    ),
    (
        PermissionDeniedError,
        (405,),
        "something between here and Confluence forbids it: check the address and the proxy",
    ),
)


def is_captcha(headers: Mapping[str, str], payload: object) -> bool:
    """Say whether the answer demands a CAPTCHA (Seraph's header, or Tomcat's text)."""
    reasons = headers.get("X-Seraph-LoginReason", "") + headers.get(
        "X-Authentication-Denied-Reason", ""
    )
    text = payload if isinstance(payload, str) else ""
    return bool(re.search(r"AUTHENTICATION_DENIED|CAPTCHA_CHALLENGE", reasons + text))


def _bad_request(message: str, what: str) -> ConfluenceError:
    if "already exists" in message:
        return TitleExistsError(
            f"Confluence refused the title while {what} ({message}); choose another title."
        )
    if _REJECTED.search(message):
        return RejectedStorageError(
            f"Confluence could not take the body while {what} ({message}); nothing was written."
        )
    return ConfluenceError(
        f"Confluence refused the request while {what} ({message or 'no reason'})."
    )


def _is_hidden_refusal(status: int, payload: object) -> bool:
    """Say whether a 404 of Cloud's API v2 is how it refuses credentials.

    A page that is missing is "Cannot find a page with id …"; to bad credentials it says "Not Found"
    without detail.
    """
    first = _first_error(payload) or {}
    return status == 404 and first.get("title") == "Not Found" and not first.get("detail")


def _refused(status: int, message: str, what: str, remedy: str) -> ConfluenceError:
    said = f" ({message})" if message else ""
    if _SCOPE.search(message):
        return ScopeError(
            f"The token lacks a scope that is needed while {what}{said}; make a token with the scopes "
            "read:page:confluence, write:page:confluence, read:space:confluence and "
            "read:confluence-user."
        )
    if status != 403 or _BAD_CREDENTIALS.search(message):
        return AuthenticationError(
            f"Confluence did not accept the credentials while {what}{said}; {remedy}."
        )
    return PermissionDeniedError(
        f"Confluence forbids this user to go on while {what}{said}; give the user the right to edit "
        "the page."
    )


def not_confluence(what: str, found: str) -> NotConfluenceError:
    """Return the exception for an answer that is not Confluence's."""
    return NotConfluenceError(
        f"Not Confluence's REST API but {found} answered while {what}; check the address with its "
        "context path, and whether a log-in page or proxy stands in front of it."
    )
