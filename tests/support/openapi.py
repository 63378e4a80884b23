"""Judges exchanges by Atlassian's OpenAPI documents: the request, and the answer to it.

Allowed besides are `documents.EXCEPTIONS`, defects by name, and the refusals of `refusals`, a
status at a route each.  A refusal that a document declares is judged by it, also what it says where the
document describes that (those of Cloud describe none).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from flask import Response, g, request
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from confluence_changelog.sandbox import Sandbox
from support.documents import DOCUMENTS, METHODS, V2, documents, is_declared
from support.refusals import is_known, known

_GATEWAY = re.compile(r"/ex/confluence/[^/]+(?=/)")
_OURS = "confluence-changelog/"


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
    is_ours: bool = True
    """Whether the tool asked, whose requests are right also where they are refused."""


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
        if not faked and ("/rest/api/" in request.path or f"{V2}/" in request.path):
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
        request.headers.get("User-Agent", "").startswith(_OURS),
    )


def violations(exchange: Exchange) -> list[str]:
    """Return what is wrong with an exchange, in the order in which it was found."""
    path = _GATEWAY.sub("", exchange.path).rstrip("/")
    method = exchange.method.lower()
    try:
        document, template = _operation(method, path)
    except UndocumentedError as error:
        known = is_known("", f"{exchange.method} {path}", exchange.status)
        return [] if known else [f"{error}, answered {exchange.status}"]
    route = f"{exchange.method} {template}"
    if not is_declared(document, route, exchange.status) and not (
        exchange.status >= 400 and is_known(document, route, exchange.status)
    ):
        return [f"{route} answers {exchange.status}, which {document} does not declare"]
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
    # What others ask and is refused as wrong may well be wrong.
    if exchange.status < 400 or exchange.is_ours:
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


def _split(
    query: tuple[tuple[str, str], ...], document: str, template: str, method: str
) -> Iterator[tuple[str, str]]:
    """Split values with commas where the parameter is a list: Confluence takes both spellings."""
    operation = documents()[document]["paths"][template][method.lower()]
    lists = {
        each["name"]
        for each in operation.get("parameters", ())
        if each.get("schema", {}).get("type") == "array"
    }
    for name, value in query:
        for part in value.split(",") if name in lists else (value,):
            yield name, part


@cache
def _operation(method: str, path: str) -> tuple[str, str]:
    """Return the document and the template of an address; the most literal template wins."""
    on_cloud = path.startswith("/wiki/")
    for name in DOCUMENTS[1:] if on_cloud else DOCUMENTS[:1]:
        found = [
            template
            for template, operations in documents()[name]["paths"].items()
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
    document = documents()[name]
    path = deepcopy(document["paths"][template])
    for method in METHODS:
        operation = path.get(method, {})
        operation.pop("security", None)
        for refusal in known():
            if (refusal.document, refusal.route) == (name, f"{method.upper()} {template}"):
                operation["responses"].setdefault(str(refusal.status), {"description": ""})
    spec = {**document, "paths": {template: path}}
    return OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))
