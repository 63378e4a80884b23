"""What the sandbox answers has the keys and types that recorded answers of real servers have."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox
from support.shapes import missing

Payload = Callable[[str], Any]
Ask = Callable[..., requests.Response]

CLOUD = pytest.mark.confluence_sandbox(flavour="cloud")
PAGE = f"/api/v2/pages/{LOG_ID}"
CONTENT = f"/rest/api/content/{LOG_ID}"
STORAGE = {"representation": "storage", "value": "<p>hello world</p>"}


@pytest.fixture
def ask(sandbox: Sandbox) -> Iterator[Ask]:
    """Ask the sandbox as someone who may do all."""
    with requests.Session() as session:
        session.auth = sandbox.credentials

        def asked(method: str, path: str, **more: Any) -> requests.Response:
            address = path if path.startswith("http") else sandbox.url + path
            return session.request(method, address, timeout=30, **more)

        yield asked


def put(number: int = 2, **changes: Any) -> dict[str, Any]:
    """Body of an update by REST v2."""
    page = {"id": str(LOG_ID), "status": "current", "title": "Change Log", "body": STORAGE}
    return {**page, "version": {"number": number, "message": "msg"}, **changes}


def update(number: int = 2, storage: str = "<p>x</p>", **changes: Any) -> dict[str, Any]:
    """Body of an update by v1."""
    body = {"storage": {"representation": "storage", "value": storage}}
    page = {"type": "page", "title": "Change Log", "body": body, "version": {"number": number}}
    return {**page, **changes}


@CLOUD
def test_rest_v2(sandbox: Sandbox, ask: Ask, payload: Payload) -> None:
    ask("POST", f"{CONTENT}/label", json=[{"prefix": "global", "name": "aaa"}])
    ask("POST", f"{PAGE}/properties", json={"key": "k", "value": "full-width"})
    space = str(sandbox.space("OPS").id)
    new = {"spaceId": space, "status": "current", "title": "new", "parentId": str(HOME_ID)}
    answers = {
        "cloud-v2-post-page.200.json": ask("POST", "/api/v2/pages", json={**new, "body": STORAGE}),
        "cloud-v2-put-page.200.json": ask("PUT", PAGE, json=put()),
        "cloud-v2-put-title.200.json": ask(
            "PUT", f"{PAGE}/title", json={"status": "current", "title": "x"}
        ),
        "cloud-v2-page-labels.200.json": ask("GET", f"{PAGE}/labels"),
        "cloud-v2-page-properties.200.json": ask("GET", f"{PAGE}/properties"),
        "cloud-v2-spaces-by-key.200.json": ask("GET", "/api/v2/spaces?keys=ops"),
    }
    for name, answer in answers.items():
        assert answer.status_code == 200, answer.text
        assert list(missing(payload(name), answer.json())) == [], name


@CLOUD
def test_the_recorded_requests_are_taken(sandbox: Sandbox, ask: Ask, payload: Payload) -> None:
    space, home = str(sandbox.space("OPS").id), str(HOME_ID)
    new = payload("cloud-v2-post-page.request.json") | {"spaceId": space, "parentId": home}
    assert ask("POST", "/api/v2/pages", json=new).json()["parentId"] == home
    changed = payload("cloud-v2-put-page.request.json") | {"spaceId": space, "parentId": home}
    answer = ask("PUT", PAGE, json=changed | {"id": str(LOG_ID)}).json()
    assert (answer["title"], answer["version"]["message"]) == ("Page title", "msg")


@CLOUD
def test_v1_on_cloud(ask: Ask, payload: Payload) -> None:
    ask("POST", f"{CONTENT}/label", json=[{"prefix": "global", "name": "notes"}])
    new = update(title="new", space={"key": "OPS"})
    expand = "body.storage,version,space"
    found = {
        "cloud-v1-post-content.200.json": ask("POST", "/rest/api/content?expand=version", json=new),
        "cloud-v1-get-content-storage.200.json": ask("GET", f"{CONTENT}?expand={expand}"),
        "cloud-v1-labels.200.json": ask("GET", f"{CONTENT}/label"),
        "cloud-v1-search-cql.200.json": ask("GET", "/rest/api/search?cql=type=page"),
    }
    # Attachments that this page has not; what is told of a search's results, and of nothing else.
    others = (".children", ".childTypes", ".macroRenderedOutput", ".restrictions", "._expandable")
    for name, answer in found.items():
        assert answer.status_code == 200, answer.text
        lacking = list(missing(payload(name), answer.json()))
        assert [each for each in lacking if not any(part in each for part in others)] == [], name


NOBODY = ("nobody@example.com", "wrong")
EMPTY_ROW = "<table><tbody><tr /></tbody></table>"
REFUSED: dict[str, tuple[dict[str, Any], tuple[str, str], dict[str, Any]]] = {
    "cloud-error-403-basic-disabled": ({"basic_disabled": True}, ("GET", PAGE), {}),
    "cloud-v1-error-400-new-editor": (
        {"editor_refuses": True},
        ("PUT", CONTENT),
        {"json": update(2, EMPTY_ROW)},
    ),
    "cloud-v1-error-400-xhtml": ({}, ("PUT", CONTENT), {"json": update(2, "<p>x</xml>")}),
    "cloud-v1-error-403-bad-credentials-user-current": (
        {},
        ("GET", "/rest/api/user/current"),
        {"auth": NOBODY},
    ),
    "cloud-v1-error-403-not-permitted": (
        {},
        ("GET", "/rest/api/search?cql=type=page"),
        {"auth": NOBODY},
    ),
    "cloud-v1-error-409-optimistic-lock": (
        {"conflict_body": "optimistic-lock"},
        ("PUT", CONTENT),
        {"json": update(7)},
    ),
    "cloud-v1-error-409-version": ({}, ("PUT", CONTENT), {"json": update(7)}),
    "error-409-stale-data": (
        {"conflict_body": "stale-data"},
        ("PUT", CONTENT),
        {"json": update(7)},
    ),
    "cloud-v1-error-410-gone": ({"v1_removed": True}, ("GET", CONTENT), {}),
    "cloud-v1-error-413": ({}, ("PUT", CONTENT), {"json": update(2, "x" * 6_000_000)}),
    "cloud-v2-error-400-bad-id": ({}, ("GET", "/api/v2/pages/none"), {}),
    "cloud-v2-error-400-title-exists": ({}, ("PUT", PAGE), {"json": put(title="OPERATIONS")}),
    "cloud-v2-error-404-bad-credentials": ({}, ("GET", PAGE), {"auth": NOBODY}),
    "cloud-v2-error-404-missing-page": ({}, ("GET", "/api/v2/pages/999999999999"), {}),
}
"""What provokes each recorded refusal: switches, the request, and what goes with it."""


@CLOUD
def test_a_token_without_the_scope(sandbox: Sandbox, ask: Ask, payload: Payload) -> None:
    sandbox.add_token("scoped", "admin", "read:page:confluence")
    scoped = ("admin@example.com", "scoped")
    answer = ask("GET", f"{sandbox.gateway}/api/v2/spaces", auth=scoped)
    assert (answer.status_code, answer.json()) == (
        401,
        payload("cloud-gateway-error-401-scope.json"),
    )


@CLOUD
@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_on_cloud(sandbox: Sandbox, ask: Ask, payload: Payload, name: str) -> None:
    recorded = payload(f"{name}.json")
    switches, asked, more = REFUSED[name]
    sandbox.switch(**switches)
    answer = ask(*asked, **more)
    assert f"-{answer.status_code}-" in f"{name}-"
    ours = answer.json()
    assert list(missing(recorded, ours)) == list(missing(ours, recorded)) == []
    # The place in the text, and the number of the current version, are this page's.
    message = str(recorded.pop("message", "")).partition("[1,")[0].replace("is: 5", "is: 1")
    assert str(ours.pop("message", "")).partition("[1,")[0] == message
    assert ours == recorded
