"""Labels and properties that come with a page in its ``metadata``."""

import json

from confluence_changelog.sandbox import extras
from confluence_changelog.sandbox.model import Page

from .asked import Asked, text_at


def add_metadata(asked: Asked, page: Page, data: dict[str, object]) -> None:
    """Add the labels of a request's body to a page, and put its properties in place."""
    given = data.get("metadata")
    metadata = given if isinstance(given, dict) else {}
    for each in _list(metadata.get("labels")):
        if name := text_at(each, "name").strip().lower():
            extras.add_label(asked.connection, page.id, text_at(each, "prefix") or "global", name)
    properties = metadata.get("properties")
    for key, each in properties.items() if isinstance(properties, dict) else ():
        if isinstance(each, dict) and "value" in each:
            found = extras.find_property(asked.connection, page.id, key)
            value = json.dumps(each["value"], ensure_ascii=False)
            number = found.version + 1 if found else 1
            extras.put_property(asked.connection, page.id, key, value, number, asked.username)


def _list(given: object) -> list[object]:
    """Return a list that is sent as one, or as the results of one."""
    inner = given.get("results") if isinstance(given, dict) else given
    return inner if isinstance(inner, list) else []
