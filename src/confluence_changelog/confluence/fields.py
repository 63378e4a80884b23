"""What is taken out of an answer: a value of the right kind, or None."""

import re
from collections.abc import Mapping
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
_LARGEST_VERSION = 2**31


def text_at(payload: Mapping[str, Any], *path: str) -> str | None:
    """Return the text at a path in decoded JSON, or None where there is none that can be sent."""
    value: Any = payload
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value if isinstance(value, str) and not _SURROGATE.search(value) else None


def id_of(value: object) -> str | None:
    """Return an id, which is digits in a text; Data Center has also been seen to send a number."""
    found = str(value) if isinstance(value, str | int) else ""
    return found if found.isascii() and found.isdigit() else None


def version_of(payload: Mapping[str, Any]) -> int | None:
    """Return the number in ``version``."""
    version = payload.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    return number if type(number) is int and 0 < number < _LARGEST_VERSION else None


def items_of(payload: Mapping[str, Any], key: str = "results") -> list[Mapping[str, Any]]:
    """Return the objects of the list at `key`."""
    found = payload.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def web_address(payload: Mapping[str, Any]) -> str | None:
    """Return where a browser shows what an answer is about: ``_links.base`` and ``_links.webui``."""
    base, path = text_at(payload, "_links", "base"), text_at(payload, "_links", "webui")
    address = f"{base or ''}{path or ''}"
    return address if base and path and _ADDRESS.fullmatch(address) else None


def permits_update(payload: Mapping[str, Any]) -> bool | None:
    """Say whether the ``operations`` of a page permit this user to edit it; None where there are none."""
    if not isinstance(payload.get("operations"), list):
        return None
    return any(
        (item.get("operation"), item.get("targetType")) == ("update", "page")
        for item in items_of(payload, "operations")
    )
