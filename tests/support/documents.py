"""Atlassian's OpenAPI documents, and their defects, each with what mends it."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from support.refusals import CLOUD_V1, CLOUD_V1_ONCE, CLOUD_V2, DC

SPECS = Path(__file__).parents[2].parent / "shared" / "confluence" / "specs"
V2 = "/wiki/api/v2"
METHODS = ("get", "put", "post", "delete")
DOCUMENTS = (DC, CLOUD_V2, CLOUD_V1, CLOUD_V1_ONCE)
"""The last one had the routes of v1 which have been removed since."""
_PARENT = frozenset(("parentId", "parentType"))


def is_declared(document: str, route: str, status: int) -> bool:
    """Tell whether a document names a status for a method and template."""
    method, template = route.split()
    return str(status) in documents()[document]["paths"][template][method.lower()]["responses"]


def _nullable_parents(document: dict[str, Any]) -> int:
    found = 0
    for schema in document["components"]["schemas"].values():
        for each in _PARENT & schema.get("properties", {}).keys():
            found += not schema["properties"][each].get("nullable")
            schema["properties"][each] = {"type": "string", "nullable": True}
    return found


def _items_of_lists(document: dict[str, Any]) -> int:
    wrong = [
        each for each in _parameters(document) if each.get("type") == "array" and "enum" in each
    ]
    for schema in wrong:
        schema["items"]["enum"] = schema.pop("enum")
    return len(wrong)


def _list_of_attachments(document: dict[str, Any]) -> int:
    answers = document["paths"]["/rest/api/content/{id}/child/attachment"]["get"]["responses"]
    if "200" in answers or "201" not in answers:
        return 0
    answers["200"] = answers.pop("201")
    return 1


def _list_of_errors(document: dict[str, Any]) -> int:
    errors = document["components"]["schemas"]["ValidationResult"]["properties"]["errors"]
    found = errors.get("type") == "object"
    errors |= {"type": "array", "items": {"type": "object"}}
    return found


def _refusals_without_content(document: dict[str, Any]) -> int:
    empty = [
        answer
        for operations in document["paths"].values()
        for method in METHODS
        for status, answer in operations.get(method, {}).get("responses", {}).items()
        if status[0] in "45" and answer.get("content") == {}
    ]
    for answer in empty:
        del answer["content"]
    return len(empty)


EXCEPTIONS: Mapping[str, tuple[str, Callable[[dict[str, Any]], int]]] = {
    "a top page has no parent: null, where the document has a text": (CLOUD_V2, _nullable_parents),
    "`enum` stands beside `items` of a list and not in it, so that no list is right": (
        *(CLOUD_V1_ONCE, _items_of_lists),
    ),
    "a list of attachments is read, 200, and not made, 201": (DC, _list_of_attachments),
    "`data.errors` of a refusal is a list in all that is recorded, in the document an object": (
        *(DC, _list_of_errors),
    ),
    **{
        f"refusals of Cloud list no content, though the service sends JSON ({name})": (
            *(name, _refusals_without_content),
        )
        for name in (CLOUD_V2, CLOUD_V1, CLOUD_V1_ONCE)
    },
}
"""Defects of the documents: what mends each, and returns how many places were wrong."""


@cache
def documents() -> dict[str, Any]:
    """Return the documents by name, their paths as below the host, their defects mended."""
    found = {name: raw_document(name) for name in DOCUMENTS}
    for name, mend in EXCEPTIONS.values():
        mend(found[name])
    return found


def raw_document(name: str) -> dict[str, Any]:
    """Return a document as it is, its paths as below the host."""
    document: dict[str, Any] = json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))
    prefix = V2 if name == CLOUD_V2 else ""
    document["paths"] = {prefix + path: each for path, each in document["paths"].items()}
    document["servers"] = [{"url": "/"}]
    document.pop("security", None)
    return document


def _parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        for method in METHODS:
            for each in path.get(method, {}).get("parameters", ()):
                yield each.get("schema", {})
