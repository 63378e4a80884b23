"""Lists of results and their pages (Atlassian DC REST 10.2, "Pagination in the REST API")."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from confluence_changelog.sandbox.app import base_address, site

_MOST = 500
Item = TypeVar("Item")


def part_of(
    items: Sequence[Item],
    shape: Callable[[Item], Any],
    *,
    default_limit: int = 25,
    by_cursor: bool = False,
) -> dict[str, Any]:
    """Return the part of the items that the request's ``start`` and ``limit`` name, with links.

    With `by_cursor` it is ``cursor`` that counts, and ``start`` does not (Cloud's search).
    """
    start = _count("cursor" if by_cursor else "start", 0)
    limit = min(_count("limit", default_limit), _MOST)
    shown = [shape(item) for item in items[start : start + limit]]
    links = {"self": f"{base_address()}{_path()}{_query()}"}
    if start + limit < len(items):
        place = {"cursor" if by_cursor else "start": start + limit}
        links["next"] = f"{_path()}{_query(**place, limit=limit)}"
    if start and not by_cursor:
        links["prev"] = f"{_path()}{_query(start=max(0, start - limit), limit=limit)}"
    links |= {"base": base_address(), "context": site().settings.context}
    return {"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links}


def all_of(items: list[Any], path: str) -> dict[str, Any]:
    """All items as a list inside something else."""
    links = {"self": base_address() + path}
    return {"results": items, "start": 0, "limit": 200, "size": len(items), "_links": links}


def _count(name: str, default: int) -> int:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() else default


def _path() -> str:
    return request.path.removeprefix(site().settings.context)


def _query(**changes: int) -> str:
    query = urlencode({**request.args.to_dict(), **changes})
    return f"?{query}" if query else ""
