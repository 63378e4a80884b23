"""Lists of results and their pages by cursor (Atlassian REST v2, "Using the REST API")."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, request

from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.cloud_errors import refused, wrong_type

MOST = 250
_DEFAULT = 25
_MARK = "after:"
Item = TypeVar("Item")


def part_of(items: Sequence[Item], shape: Callable[[Item], Any]) -> Response:
    """Answer with the items from the request's ``cursor`` on, ``limit`` at most.

    The next part is named in ``_links.next`` and in the header ``Link``; at the end in neither.
    """
    start, limit = _start(), _limit()
    shown = [shape(item) for item in items[start : start + limit]]
    links = {"base": base_address()}
    response_links = [f'<{base_address()}>; rel="base"']
    if start + limit < len(items):
        cursor = base64.b64encode(f"{_MARK}{start + limit}".encode()).decode()
        query = {**request.args.to_dict(flat=False), "limit": limit, "cursor": cursor}
        links["next"] = f"{request.path}?{urlencode(query, doseq=True)}"
        response_links.insert(0, f'<{links["next"]}>; rel="next"')
    response = answer({"results": shown, "_links": links})
    response.headers["Link"] = ", ".join(response_links)
    return response


def some_of(items: list[Any], path: str) -> dict[str, Any]:
    """Return the first items as a list inside something else."""
    own = {"self": path}
    return {"results": items[:50], "meta": {"hasMore": len(items) > 50}, "_links": own}


def _start() -> int:
    cursor = request.args.get("cursor", "")
    if not cursor:
        return 0
    try:
        mark, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        mark, number = "", ""
    if f"{mark}:" != _MARK or not number.isdecimal():
        raise refused(400, "Invalid cursor", "")
    return int(number)


def _limit() -> int:
    given = request.args.get("limit", str(_DEFAULT))
    if not given.isdecimal():
        raise wrong_type("limit", "int")
    if not 1 <= int(given) <= MOST:
        raise refused(400, f"limit must be between 1 and {MOST}", "")
    return int(given)
