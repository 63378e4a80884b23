"""Sends JSON requests to Confluence: one session, time-outs, retries, and every error mapped.

Retries: 429 for every method, because the request was refused; 5xx and broken connections for reads
only. A write that failed that way may have been applied, which only a new read can tell: it is reported
as `LostAnswerError`. Redirects are never followed, so that credentials stay with the host they are for.
"""

import email.utils
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import HTTPError

from confluence_changelog import __version__
from confluence_changelog.confluence.answers import error_for
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.reading import Answer, decode, read
from confluence_changelog.credentials import Credentials
from confluence_changelog.errors import (
    CaptchaError,
    ConflictError,
    ConfluenceError,
    LostAnswerError,
    RateLimitedError,
    TooLargeError,
    UnreachableError,
)

MAX_REQUEST = 5 * 1024 * 1024
"""Confluence's limit on a request, in bytes of the JSON that is sent (Atlassian: "Requests for this
resource can be at most 5242880 bytes"; Data Center and Cloud)."""

MAX_RETRY_AFTER = 60.0
"""Longest wait that a server may ask for, in seconds. A "block all" rule of Data Center asks for 2^63."""

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
RETRIES = 5


_TRANSIENT = frozenset((502, 503, 504))
_FINAL = (CaptchaError, ConflictError)


class _Failure(NamedTuple):
    """A failure after which the request may be repeated."""

    error: ConfluenceError
    pause: float | None
    """Seconds that the server wants us to wait; None leaves it to us."""


class _Session(requests.Session):
    """A session that does not even look where a redirect leads."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return that there is none; requests would read the answer's body to follow it."""


class Transport:
    """A session with one Confluence."""

    def __init__(self, base: str, auth: Credentials, deadline: Deadline) -> None:
        """Make a session.

        Args:
            base: the address with its context path, without a slash at its end.
            auth: what puts the credentials on a request.
            deadline: when to give up.

        """
        self.base = base
        self.deadline = deadline
        self._hide = auth.hide
        self._session = _Session()
        self._session.auth = auth
        self._session.headers.update(
            {
                "Accept": "application/json",
                "User-Agent": f"confluence-changelog/{__version__}",
                "X-Atlassian-Token": "no-check",
            }
        )

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def get(self, path: str, what: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Read `path` (from the base) and return the decoded JSON; `what` names it in errors."""
        return self._request("GET", path, what, params=params)

    def put(self, path: str, what: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Write `payload` as UTF-8 JSON.

        Raises:
            TooLargeError: it is over Confluence's limit; nothing was sent.
            LostAnswerError: it was sent, and whether it was applied is not known.

        """
        data = json.dumps(payload, ensure_ascii=False).encode("utf-8")
        if len(data) > MAX_REQUEST:
            raise TooLargeError(
                f"The request for {what} has {len(data):,} bytes, more than the {MAX_REQUEST:,} that "
                "Confluence takes; nothing was sent: publish fewer commits (see `since`), or start a new "
                "page for the log."
            )
        return self._request("PUT", path, what, data=data)

    def touch(self, path: str) -> None:
        """Ask for a page of the web interface and ignore the answer."""
        try:
            self._session.get(self.base + path, timeout=self._timeout(), allow_redirects=False)
        except requests.RequestException:
            return

    def _request(
        self,
        method: str,
        path: str,
        what: str,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> dict[str, Any]:
        where = f"{what} on {self.base}"
        attempt = 0
        while isinstance(result := self._once(method, path, where, params, data), _Failure):
            attempt += 1
            if attempt == RETRIES or not self._wait(attempt, result.pause):
                raise result.error
        return result

    def _once(
        self,
        method: str,
        path: str,
        where: str,
        params: Mapping[str, str] | None,
        data: bytes | None,
    ) -> "dict[str, Any] | _Failure":
        """Send a request once; return the answer, or a failure after which it may be repeated."""
        try:
            response = self._session.request(
                method,
                self.base + path,
                params=params,
                data=data,
                headers={"Content-Type": "application/json; charset=utf-8"} if data else {},
                timeout=self._timeout(),
                allow_redirects=False,
                stream=True,
            )
            answer = read(response, self._timeout()[1], where)
        except requests.RequestException as failure:
            if method != "GET" and not _never_sent(failure):
                raise _lost(where) from failure
            return _Failure(_unreachable(failure, where), None)
        except (OSError, ValueError, HTTPError) as failure:  # found before anything is sent
            raise _impossible(where) from failure
        if answer.status < 400:
            return decode(answer, where, self._hide)
        error = error_for(answer.status, answer.headers, answer.payload, where, self._hide)
        if answer.status == 429 and not isinstance(error, CaptchaError):
            return _Failure(error, self._retry_after(answer, where))
        if answer.status not in _TRANSIENT or isinstance(error, _FINAL):
            raise error
        if method != "GET":
            raise _lost(where) from error
        return _Failure(error, None)

    def _retry_after(self, answer: Answer, where: str) -> float | None:
        seconds = parse_retry_after(answer.headers.get("Retry-After", ""))
        if seconds is not None and (
            seconds > MAX_RETRY_AFTER or seconds >= self.deadline.remaining()
        ):
            raise RateLimitedError(
                f"Confluence limits the rate of requests and wants a wait of {seconds:,.0f} seconds "
                f"while {where}; run again later, nothing is lost."
            )
        return seconds

    def _wait(self, attempt: int, pause: float | None) -> bool:
        """Wait as long as the server asks for, or a random while; False past the deadline."""
        if pause is not None:
            return self.deadline.wait(pause) and self.deadline.back_off(0)
        return self.deadline.back_off(attempt)

    def _timeout(self) -> tuple[float, float]:
        remaining = max(1.0, self.deadline.remaining())
        return min(CONNECT_TIMEOUT, remaining), min(READ_TIMEOUT, remaining)


def parse_retry_after(value: str) -> float | None:
    """Return the seconds of a ``Retry-After`` header in either of its forms (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _never_sent(failure: requests.RequestException) -> bool:
    """Say whether the connection was never made, so that a write was certainly not applied."""
    if isinstance(failure, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(failure.args[0] if failure.args else None, "reason", None)
    return (
        "NewConnectionError" in type(reason).__name__ or "NameResolution" in type(reason).__name__
    )


def _unreachable(failure: requests.RequestException, where: str) -> UnreachableError:
    if isinstance(failure, requests.exceptions.SSLError):
        why = "its TLS certificate is not trusted: set REQUESTS_CA_BUNDLE to your company's CA file"
    elif isinstance(failure, requests.exceptions.ProxyError):
        why = "the proxy did not let it through: check HTTPS_PROXY and NO_PROXY"
    elif isinstance(failure, requests.exceptions.Timeout):
        why = "it did not answer in time: run again later"
    elif _never_sent(failure):
        why = "no connection could be made: check the address and the network"
    else:
        why = "the connection broke: run again later"
    return UnreachableError(
        f"Confluence could not be reached while {where}; {why}, nothing is lost."
    )


def _impossible(where: str) -> UnreachableError:
    return UnreachableError(
        f"No request could be made for {where}; check the address, REQUESTS_CA_BUNDLE and the proxy, "
        "nothing was sent."
    )


def _lost(where: str) -> LostAnswerError:
    return LostAnswerError(
        f"The answer was lost while {where}, so that it is not known whether it was stored; run again, "
        "each commit gets its row once."
    )
