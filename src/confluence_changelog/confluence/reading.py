"""Reads the answer to a request: whole, as UTF-8, and within bounds of size and time.

``requests`` bounds each read of a socket, not their sum, decompresses without a limit, and decodes in
whatever character set an answer names.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from confluence_changelog.confluence.answers import error_for, is_captcha, not_confluence

MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer, decompressed: many times what a page of Confluence's largest size takes."""

_PIECE = 65_536
_LONGEST_NAME = 100


class Answer(NamedTuple):
    """An answer that was read."""

    status: int
    headers: Mapping[str, str]
    """Case-insensitive."""
    text: str
    payload: object
    """The decoded JSON, or the text where it is none."""


def read(response: requests.Response, seconds: float, where: str) -> Answer:
    """Read an answer that was asked for as a stream.

    Raises:
        requests.RequestException: it broke off, or took more than `seconds`.
        NotConfluenceError: it is too large.

    """
    data = bytearray()
    with response:
        for piece in _pieces(response, seconds):
            data += piece
            if len(data) > MAX_ANSWER:
                raise not_confluence(where, f"more than {MAX_ANSWER >> 20} MiB")
    text = data.decode("utf-8", "replace")
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        payload = text
    return Answer(response.status_code, response.headers, text, payload)


def _pieces(response: requests.Response, seconds: float) -> Iterator[bytes]:
    """Yield what has come, without waiting for more where urllib3 can (since 2.1)."""
    end = time.monotonic() + seconds
    receive = getattr(response.raw, "read1", response.raw.read)
    try:
        while piece := receive(_PIECE, decode_content=True):
            yield piece
            if time.monotonic() > end:
                raise requests.exceptions.ReadTimeout
    except ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout from error
    except (HTTPError, OSError) as error:
        if isinstance(error, requests.RequestException):
            raise
        raise requests.exceptions.ConnectionError from error


def is_gap(answer: Answer) -> bool:
    """Say whether the network in front of Cloud refused by itself, as it does under load.

    Confluence's own refusals come through it as JSON.
    """
    by_network = "error from cloudfront" in answer.headers.get("X-Cache", "").lower()
    return by_network and answer.status in (403, 404) and answer.payload is answer.text


def decode(answer: Answer, where: str, hide: Callable[[str], str]) -> dict[str, Any]:
    """Return the JSON object of an answer with a status below 400.

    Raises:
        NotConfluenceError: it is none of Confluence's.

    """
    if 300 <= answer.status < 400:
        host = _host(answer.headers.get("Location", ""))
        raise not_confluence(where, f"a redirect to {hide(host) or 'another path'}")
    if is_captcha(answer.headers, ""):
        raise error_for(403, answer.headers, "", where)
    if isinstance(answer.payload, dict):
        return answer.payload
    if answer.payload is not answer.text:
        raise not_confluence(where, "JSON that is no object")
    kind = hide(answer.headers.get("Content-Type", "")).partition(";")[0][:_LONGEST_NAME]
    raise not_confluence(where, (kind or "text") if answer.text else "an empty answer")


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2][:_LONGEST_NAME]
    except ValueError:
        return "an address of no host"
