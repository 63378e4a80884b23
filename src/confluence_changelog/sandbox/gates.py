"""What stands before REST on some sites: a limit of requests, and a single sign-on."""

from typing import TYPE_CHECKING

from flask import Response

from .cloud_errors import refused
from .errors import RestError, envelope
from .faults import LOG_IN_PAGE

if TYPE_CHECKING:
    from .site import Site

LOG_IN_HOST = "https://login.example.org/sso"

# https://confluence.atlassian.com/conf89/adjusting-your-code-for-rate-limiting-1387596649.html
_DATA_CENTER = {
    "X-RateLimit-Limit": "10",
    "X-RateLimit-Remaining": "9",
    "X-RateLimit-Interval-Seconds": "5",
    "X-RateLimit-FillRate": "2",
    "retry-after": "0",
}
# https://developer.atlassian.com/cloud/confluence/rate-limiting/
_CLOUD = {
    "X-RateLimit-Limit": "40000",
    "X-RateLimit-Remaining": "39000",
    "X-RateLimit-Reset": "2026-10-02T15:00:00Z",
    "X-RateLimit-NearLimit": "false",
}
_NONE_LEFT = {"X-RateLimit-Remaining": "0", "retry-after": "5"}
_CLOUD_NONE_LEFT = {
    "X-RateLimit-NearLimit": "true",
    "RateLimit-Reason": "confluence-burst-based",
}
_BLOCKED = {
    "X-RateLimit-Limit": "0",
    "X-RateLimit-FillRate": "0",
    "X-RateLimit-Interval-Seconds": "1",
    "retry-after": "9223372036854775807",
}


def is_rest(path: str) -> bool:
    """Whether an address is one of the REST interface."""
    return "/rest/" in path or "/api/v2" in path


def rate_limit_headers(site: "Site") -> dict[str, str]:
    """Return the headers of an answer while requests are left; of nothing where there is no limit."""
    if not site.switches.rate_limit_headers:
        return {}
    return dict(_CLOUD if site.is_cloud else _DATA_CENTER)


def stop_at_gate(site: "Site") -> Response | None:
    """Answer a request for REST that does not come through; RestError where that is a 429."""
    if site.switches.too_many_requests:
        raise _too_many(site)
    match site.switches.log_in_page:
        case "page":
            return Response(LOG_IN_PAGE, mimetype="text/html")
        case "redirect":
            return Response(status=302, headers={"Location": LOG_IN_HOST})
        case "empty":
            return Response()
    return None


def _too_many(site: "Site") -> RestError:
    blocked = _BLOCKED if site.switches.too_many_requests == "block-all" else {}
    if not site.is_cloud:
        headers = _DATA_CENTER | _NONE_LEFT | blocked
        return RestError(429, envelope(429, "Rate limit exceeded."), headers)
    headers = _CLOUD | _NONE_LEFT | _CLOUD_NONE_LEFT
    return RestError(429, refused(429, "Too many requests").body, headers)
