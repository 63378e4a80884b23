"""Sends JSON requests to Confluence: one session, time-outs, retries, and every error mapped.

Retries: 429 for every method, because the request was refused; 5xx and broken connections for reads
only. A write that failed that way may have been applied, which only a new read can tell: it is reported
as `LostAnswerError`. Redirects are never followed, so that credentials stay with the host they are for.
"""

import email.utils
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import HTTPError

from confluence_changelog.confluence.answers import CREDENTIALS, error_for
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.failures import (
    impossible,
    is_distrusted,
    lost,
    never_sent,
    unreachable,
)
from confluence_changelog.confluence.reading import Answer, decode, is_gap, read
from confluence_changelog.confluence.session import open_session, openly, proxies_for
from confluence_changelog.credentials import Credentials
from confluence_changelog.errors import (
    CaptchaError,
    ConflictError,
    ConfluenceError,
    RateLimitedError,
    TooLargeError,
)

MAX_REQUEST = 5 * 1024 * 1024
"""Confluence's limit on a request, in bytes of the JSON that is sent (Atlassian: "Requests for this
resource can be at most 5242880 bytes"; Data Center and Cloud)."""

MAX_RETRY_AFTER = 60.0
"""Longest wait that a server may ask for, in seconds. A "block all" rule of Data Center asks for 2^63."""

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
RETRIES = 5


Parameters = Mapping[str, str | Sequence[str]]

_TRANSIENT = frozenset((502, 503, 504))
_FINAL = (CaptchaError, ConflictError)


class _Request(NamedTuple):
    """What is asked."""

    method: str
    address: str
    where: str
    """What is done and where, for errors."""
    params: Parameters | None = None
    data: bytes | None = None
    openly: bool = False
    """Without credentials."""


class _Failure(NamedTuple):
    """A failure after which the request may be repeated."""

    error: ConfluenceError
    pause: float | None
    """Seconds that the server wants us to wait; None leaves it to us."""


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
        self._auth = auth
        self._advised = CREDENTIALS
        self.hide = auth.hide
        self._session = open_session(auth)

    @property
    def remedy(self) -> str:
        """What to do when the credentials are refused; where they came from knows best."""
        return self._auth.source.remedy or self._advised

    @remedy.setter
    def remedy(self, remedy: str) -> None:
        self._advised = remedy

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def get(self, path: str, what: str, params: Parameters | None = None) -> dict[str, Any]:
        """Read `path` (from the base) and return the decoded JSON; `what` names it in errors."""
        return self._object(_Request("GET", self.base + path, f"{what} on {self.base}", params))

    def get_value(self, path: str, what: str) -> object:
        """Read `path` and return whatever JSON it is, or the text where it is none."""
        return self._answer(_Request("GET", self.base + path, f"{what} on {self.base}")).payload

    def get_openly(self, address: str, what: str) -> dict[str, Any]:
        """Read a whole address without credentials and return the decoded JSON."""
        return self._object(_Request("GET", address, f"{what} at {address}", openly=True))

    def put(self, path: str, what: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Write `payload` as UTF-8 JSON.

        Raises:
            TooLargeError: it is over Confluence's limit; nothing was sent.
            LostAnswerError: it was sent, and whether it was applied is not known.

        """
        return self._send("PUT", path, what, payload)

    def post(self, path: str, what: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Add what `payload` describes, as `put` writes it."""
        return self._send("POST", path, what, payload)

    def touch(self, path: str) -> None:
        """Ask for a page of the web interface and ignore the answer."""
        address = self.base + path
        try:
            self._session.get(
                address,
                proxies=proxies_for(address),
                timeout=self._timeout(),
                allow_redirects=False,
            )
        except requests.RequestException:
            return

    def _send(
        self, method: str, path: str, what: str, payload: Mapping[str, Any]
    ) -> dict[str, Any]:
        data = json.dumps(payload, ensure_ascii=False).encode("utf-8")
        if len(data) > MAX_REQUEST:
            raise TooLargeError(
                f"The request for {what} has {len(data):,} bytes, more than the {MAX_REQUEST:,} that "
                "Confluence takes; nothing was sent: publish fewer commits (see `since`), or start a new "
                "page for the log."
            )
        where = f"{what} on {self.base}"
        return self._object(_Request(method, self.base + path, where, data=data))

    def _object(self, request: _Request) -> dict[str, Any]:
        return decode(self._answer(request), request.where, self.hide)

    def _answer(self, request: _Request) -> Answer:
        """Send a request until it has an answer below 400."""
        attempt = 0
        while isinstance(result := self._once(request), _Failure):
            attempt += 1
            if attempt == RETRIES or not self._wait(attempt, result.pause):
                raise result.error
        return result

    def _once(self, request: _Request) -> "Answer | _Failure":
        """Send a request once; return the answer, or a failure after which it may be repeated."""
        try:
            response = self._session.request(
                request.method,
                request.address,
                params=request.params,
                data=request.data,
                headers={"Content-Type": "application/json; charset=utf-8"} if request.data else {},
                auth=openly if request.openly else None,
                proxies=proxies_for(request.address),
                timeout=self._timeout(),
                allow_redirects=False,
                stream=True,
            )
            answer = read(response, self._timeout()[1], request.where)
        except requests.RequestException as failure:
            return _broken(request, failure)
        except (OSError, ValueError, HTTPError) as failure:  # found before anything is sent
            raise impossible(request.where) from failure
        return answer if answer.status < 400 else self._refused(request, answer)

    def _refused(self, request: _Request, answer: Answer) -> _Failure:
        """Return the error of an answer that may be repeated; raise any other."""
        error = error_for(
            answer.status, answer.headers, answer.payload, request.where, self.hide, self.remedy
        )
        if answer.status == 429 and not isinstance(error, CaptchaError):
            return _Failure(error, self._retry_after(answer, request.where))
        if request.method == "GET" and is_gap(answer):
            return _Failure(error, None)
        if answer.status not in _TRANSIENT or isinstance(error, _FINAL):
            raise error
        if request.method != "GET":
            raise lost(request.where) from error
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


def _broken(request: _Request, failure: requests.RequestException) -> _Failure:
    """Return the failure of a connection after which a request may be repeated; raise any other."""
    if request.method != "GET" and not never_sent(failure):
        raise lost(request.where) from failure
    error = unreachable(failure, request.where)
    if is_distrusted(failure):
        raise error from failure
    return _Failure(error, None)
