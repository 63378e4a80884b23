"""The judge of exchanges: it catches what is wrong, and allows no more than it has to."""

import json
from dataclasses import replace

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.documents import EXCEPTIONS, SPECS, documents, is_declared, raw_document
from support.openapi import Exchange, violations
from support.refusals import ASSUMED, CLOUD_V2, DC, EVIDENCE, Refusal

pytestmark = pytest.mark.skipif(
    not SPECS.is_dir(), reason="Atlassian's documents are not beside this project"
)

_REFUSED = {
    "statusCode": 404,
    "data": {"authorized": False, "valid": True, "errors": [], "successful": False},
    "message": "No content found with id: ContentId{id=7}",
    "reason": "Not Found",
}
_READ = Exchange(
    *("GET", "/rest/api/content/7", (("expand", "version"),), "", b"", 404),
    *("application/json", json.dumps(_REFUSED).encode()),
)
_PUT = {
    "id": "7",
    "status": "current",
    "title": "Log",
    "body": {"representation": "storage", "value": "<p/>"},
    "version": {"number": 2},
}
_WRITE = Exchange(
    *("PUT", "/wiki/api/v2/pages/7", (), "application/json", json.dumps(_PUT).encode(), 409),
    *("application/json", b"{}"),
)


def _with(exchange: Exchange, **changes: object) -> Exchange:
    return replace(exchange, **changes)  # type: ignore[arg-type]


def test_what_is_right_passes() -> None:
    assert violations(_READ) == []
    assert violations(_WRITE) == []


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (_with(_READ, path="/rest/api/contents/7"), "is in no document"),
        (_with(_READ, status=200, answer_body=b'{"id": 7, "version": "x"}'), "answer GET"),
        (_with(_READ, status=200, answer_type="text/html"), "answer GET"),
        (_with(_READ, status=418), "answers 418, which dc-10.2.14 does not declare"),
        (_with(_READ, status=302), "answers 302"),
        (_with(_READ, answer_body=b'{"statusCode": "404"}'), "answer GET"),
        (_with(_READ, answer_body=b'{"data": {"errors": {}}}'), "answer GET"),
        (_with(_READ, answer_type="text/html"), "answer GET"),
        (_with(_WRITE, request_body=b'{"id": "7"}'), "request PUT"),
        (_with(_WRITE, request_body=b'{"id": "7"}', status=400), "request PUT"),
        (_with(_WRITE, request_body=b"", status=404), "request PUT"),
        (_with(_WRITE, status=402), "answers 402"),
        (
            _with(_WRITE, path="/wiki/api/v2/pages/7/title"),
            "which cloud-v2-2026-09 does not declare",
        ),
    ],
)
def test_what_is_wrong_is_caught(exchange: Exchange, said: str) -> None:
    (found,) = violations(exchange)
    assert said in found


def test_a_wrong_request_of_others_is_theirs_only_where_it_is_refused() -> None:
    wrong = _with(_WRITE, request_body=b'{"id": "7"}', status=400, is_ours=False)
    assert violations(wrong) == []
    assert violations(_with(wrong, status=200, answer_body=b"{}")) != []


def test_an_exchange_with_a_sandbox_is_judged(
    confluence_sandbox: Sandbox, violations: list[str]
) -> None:
    """The hook sees real ones, and who asked."""
    address = f"{confluence_sandbox.url}/rest/api/content/{LOG_ID}"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    requests.get(address, headers=headers, timeout=60)
    assert violations == []
    requests.put(address, headers=headers, json={"title": 5}, timeout=60)
    assert violations == []
    ours = headers | {"User-Agent": "confluence-changelog/0"}
    requests.put(address, headers=ours, json={"title": 5}, timeout=60)
    (found,) = violations
    assert found.startswith("request PUT")
    violations.clear()


@pytest.mark.parametrize("reason", EXCEPTIONS)
def test_an_exception_is_needed_still(reason: str) -> None:
    name, mend = EXCEPTIONS[reason]
    document = raw_document(name)
    assert mend(document) > 0, f"{name} is right by now: take the exception out"
    assert mend(document) == 0


@pytest.mark.parametrize("refusal", [*EVIDENCE, *ASSUMED], ids=str)
def test_a_refusal_is_declared_nowhere(refusal: Refusal) -> None:
    document, route, status = refusal
    if document:
        assert not is_declared(document, route, status)
    else:
        method, path = route.split()
        for each in documents().values():
            assert method.lower() not in each["paths"].get(path, {})


def test_no_refusal_is_both_known_and_assumed() -> None:
    assert not EVIDENCE.keys() & ASSUMED.keys()
    assert all({**EVIDENCE, **ASSUMED}.values())
    assert {DC, CLOUD_V2} <= {refusal.document for refusal in EVIDENCE}
