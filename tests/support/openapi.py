"""Judges exchanges by Atlassian's OpenAPI documents: the request, and the answer to it.

Only the gaps are allowed that are known of the documents: null for the parent of a top page, and
refusals, for which they list neither all statuses nor what is sent (where one of them does, recorded
answers say otherwise: ``data.errors`` is a list).  Refusals are held against recorded ones instead.
Two slips are mended: Data Center's list of attachments is answered 200 and not 201, and the allowed
values of two lists in the old document of v1 are those of their items.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Response, g, request
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from confluence_changelog.sandbox import Sandbox

SPECS = Path(__file__).parents[2].parent / "shared" / "confluence" / "specs"
_GATEWAY = re.compile(r"/ex/confluence/[^/]+(?=/)")
_V2 = "/wiki/api/v2"
_METHODS = ("get", "put", "post", "delete")
_PARENT = frozenset(("parentId", "parentType"))
_DC, _CLOUD_V2, _CLOUD_V1 = "dc-10.2.14", "cloud-v2-2026-09", "cloud-v1-2026-09"
_CLOUD_V1_ONCE = "cloud-v1-2022-01"
"""The last document that had the routes of v1 which have been removed since."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; addresses are paths below the host, without a gateway's part."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    request_type: str
    request_body: bytes
    status: int
    answer_type: str
    answer_body: bytes


@dataclass(slots=True)
class _Request:
    """A request as openapi-core wants it."""

    host_url: str
    path: str
    method: str
    content_type: str
    body: bytes | None
    parameters: RequestParameters = field(default_factory=RequestParameters)


@dataclass(slots=True)
class _Answer:
    """An answer as openapi-core wants it."""

    data: bytes
    status_code: int
    content_type: str
    headers: Mapping[str, Any] = field(default_factory=Headers)


class UndocumentedError(LookupError):
    """An address, a method or a status that no document knows."""


@contextmanager
def judging() -> Iterator[list[str]]:
    """Judge every exchange of each sandbox that starts meanwhile; give the list of violations."""
    found: list[str] = []
    start = Sandbox.__init__

    def start_judged(sandbox: Sandbox, **settings: Any) -> None:
        start(sandbox, **settings)
        _judge_all(sandbox, found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "__init__", start_judged)
        yield found


def _judge_all(sandbox: Sandbox, found: list[str]) -> None:
    """Put what is wrong with a sandbox's exchanges into a list.

    What a fault answers, or a switch that keeps requests away from REST, is the test's own.
    """
    app = sandbox._server.wsgi
    context = "" if sandbox.flavour == "cloud" else sandbox._site.settings.context

    def look(response: Response) -> Response:
        fault, switches = g.get("fault"), sandbox._site.switches
        faked = (fault and (fault.answers or fault.drop)) or switches.log_in_page
        if not faked and ("/rest/api/" in request.path or f"{_V2}/" in request.path):
            path = (request.root_path + request.path).removeprefix(context)
            found.extend(violations(_exchange(path, response)))
        return response

    app.after_request_funcs.setdefault(None, []).append(look)


def _exchange(path: str, response: Response) -> Exchange:
    return Exchange(
        request.method,
        path,
        tuple(request.args.items(multi=True)),
        request.content_type or "",
        request.get_data(),
        response.status_code,
        response.content_type or "",
        response.get_data(),
    )


def violations(exchange: Exchange) -> list[str]:
    """Return what is wrong with an exchange, in the order in which it was found."""
    path = _GATEWAY.sub("", exchange.path).rstrip("/")
    try:
        document, template = _operation(exchange.method.lower(), path)
        _check_status(document, template, exchange)
    except UndocumentedError as error:
        return [str(error)] if exchange.status < 400 else []
    return [*_judged(exchange, path, document, template)]


def _judged(exchange: Exchange, path: str, document: str, template: str) -> Iterator[str]:
    judge = _judge(document, template)
    query = ImmutableMultiDict(_split(exchange.query, document, template, exchange.method))
    asked = _Request(
        "http://127.0.0.1",
        path,
        exchange.method.lower(),
        exchange.request_type or "application/json",
        exchange.request_body or None,
        RequestParameters(query=query),
    )
    given = _Answer(exchange.answer_body, exchange.status, exchange.answer_type)
    name = f"{exchange.method} {template}"
    # What was refused as wrong may well be wrong.
    if exchange.status < 400:
        try:
            judge.validate_request(asked)
        except OpenAPIError as error:
            yield f"request {name}: {_said(error)}"
    if exchange.status != 204:
        try:
            judge.validate_response(asked, given)
        except OpenAPIError as error:
            yield f"answer {name} {exchange.status}: {_said(error)}"


def _said(error: BaseException) -> str:
    errors = getattr(error.__cause__, "schema_errors", None) or getattr(error, "schema_errors", ())
    details = [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in errors]
    return " | ".join([repr(error.__cause__ or error), *details])[-600:]


def _check_status(document: str, template: str, exchange: Exchange) -> None:
    listed = _documents()[document]["paths"][template][exchange.method.lower()]["responses"]
    if str(exchange.status) not in listed and exchange.status < 400:
        raise UndocumentedError(f"{exchange.method} {template} answers {exchange.status}")


def _split(
    query: tuple[tuple[str, str], ...], document: str, template: str, method: str
) -> Iterator[tuple[str, str]]:
    """Split values with commas where the parameter is a list: Confluence takes both spellings."""
    operation = _documents()[document]["paths"][template][method.lower()]
    lists = {
        each["name"]
        for each in operation.get("parameters", ())
        if each.get("schema", {}).get("type") == "array"
    }
    for name, value in query:
        for part in value.split(",") if name in lists else (value,):
            yield name, part


@cache
def _documents() -> dict[str, Any]:
    """Return the documents by name, their paths as below the host, their known gaps filled."""
    documents = {name: _document(name) for name in (_DC, _CLOUD_V2, _CLOUD_V1, _CLOUD_V1_ONCE)}
    for schema in documents[_CLOUD_V2]["components"]["schemas"].values():
        for each in _PARENT & schema.get("properties", {}).keys():
            schema["properties"][each] = {"type": "string", "nullable": True}
    for schema in _parameters(documents[_CLOUD_V1_ONCE]):
        if schema.get("type") == "array" and "enum" in schema:
            schema["items"]["enum"] = schema.pop("enum")  # it stands a level too high
    for path, operations in documents[_DC]["paths"].items():
        for each in operations.values() if "/child/attachment" in path else ():
            each["responses"].setdefault("200", each["responses"].get("201"))
    return documents


def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))
    prefix = _V2 if name == _CLOUD_V2 else ""
    document["paths"] = {prefix + path: each for path, each in document["paths"].items()}
    document["servers"] = [{"url": "/"}]
    document.pop("security", None)
    return document


def _parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        for method in _METHODS:
            for each in path.get(method, {}).get("parameters", ()):
                yield each.get("schema", {})


@cache
def _operation(method: str, path: str) -> tuple[str, str]:
    """Return the document and the template of an address; the most literal template wins."""
    on_cloud = path.startswith("/wiki/")
    for name in (_CLOUD_V2, _CLOUD_V1, _CLOUD_V1_ONCE) if on_cloud else (_DC,):
        found = [
            template
            for template, operations in _documents()[name]["paths"].items()
            if method in operations and _pattern(template).fullmatch(path)
        ]
        if found:
            return name, min(found, key=lambda template: template.count("{"))
    raise UndocumentedError(f"{method.upper()} {path} is in no document")


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)))


@cache
def _judge(name: str, template: str) -> OpenAPI:
    """Return the judge of one path alone: the whole document takes seconds."""
    document = _documents()[name]
    path = deepcopy(document["paths"][template])
    for method in _METHODS:
        operation = path.get(method, {})
        operation.pop("security", None)
        for status in range(400, 600):
            operation.get("responses", {})[str(status)] = {"description": ""}
    spec = {**document, "paths": {template: path}}
    return OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))
