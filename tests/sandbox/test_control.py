"""The control routes, over HTTP, as a test in another language would use them."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, Sandbox

Update = Callable[..., dict[str, Any]]


@pytest.fixture
def control(sandbox: Sandbox) -> str:
    return f"{sandbox.url}/sandbox"


def test_faults(session: requests.Session, control: str, log: str) -> None:
    assert session.post(f"{control}/faults", json={"status": 500, "skip": 1}).json() == [1]
    several = [{"status": 501}, {"status": 502, "times": 0}]
    assert session.post(f"{control}/faults", json=several).json() == [2, 3]
    session.get(log)
    waiting = session.get(f"{control}/faults").json()
    assert [(each["id"], each["skip"], each["times"]) for each in waiting] == [(1, 0, 1), (3, 0, 0)]
    assert session.delete(f"{control}/faults").status_code == 204
    assert session.get(f"{control}/faults").json() == []
    assert session.post(f"{control}/faults", json={"status": 500}).json() == [1]


def test_requests_are_recorded_without_credentials(
    session: requests.Session, control: str, log: str, update: Update
) -> None:
    session.get(f"{log}?expand=version", headers={"Cookie": "JSESSIONID=1234"})
    session.put(log, json=update())
    get, put = session.get(f"{control}/requests").json()
    assert (get["method"], get["path"], get["query"]) == (
        "GET",
        f"/rest/api/content/{LOG_ID}",
        "expand=version",
    )
    assert (get["status"], get["user"], get["bytes"]) == (200, "admin", 0)
    assert get["headers"]["Authorization"] == "Basic [hidden]"
    assert get["headers"]["Cookie"] == "[hidden]"
    assert (put["method"], put["status"]) == ("PUT", 200)
    assert put["bytes"] == int(put["headers"]["Content-Length"]) > 0
    assert session.delete(f"{control}/requests").status_code == 204
    assert session.get(f"{control}/requests").json() == []


def test_switches(session: requests.Session, control: str) -> None:
    assert not any(
        value
        for name, value in session.get(f"{control}/switches").json().items()
        if name != "read_only_status"
    )
    set_now = session.put(f"{control}/switches", json={"stale_read": 2}).json()
    assert set_now["stale_read"] == 2
    session.put(f"{control}/switches", json={"lose_parent": True})
    now = session.get(f"{control}/switches").json()
    assert (now["stale_read"], now["lose_parent"]) == (2, True)
    assert session.delete(f"{control}/switches").json()["stale_read"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "switches", {"nothing": True}),
        ("PUT", "switches", [1]),
        ("POST", "faults", {"nothing": True}),
        ("POST", f"edit/{LOG_ID}", {"nothing": True}),
        ("POST", f"edit/{LOG_ID}", {"find": "not there"}),
        ("POST", f"edit/{LOG_ID}", {"append": "<p>"}),
        ("POST", "edit/1", {"append": "x"}),
        ("PUT", f"restrictions/{LOG_ID}", {"read": "x"}),
    ],
)
def test_what_is_wrong_is_told(
    session: requests.Session, control: str, method: str, path: str, body: Any
) -> None:
    answer = session.request(method, f"{control}/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_edit(session: requests.Session, sandbox: Sandbox, control: str) -> None:
    edit = {"find": "Ben", "replace": "Bea", "append": "<p>end</p>", "title": "Log", "minor": True}
    answer = session.post(f"{control}/edit/{LOG_ID}", json=edit).json()
    assert answer == {"id": str(LOG_ID), "version": 2}
    page = sandbox.page(LOG_ID)
    assert (page.title, page.version.author, page.version.minor) == ("Log", "editor", True)
    assert page.storage == sandbox.page(LOG_ID, 1).storage.replace("Ben", "Bea") + "<p>end</p>"


def test_an_edit_may_be_an_editors_resave(
    session: requests.Session, sandbox: Sandbox, control: str
) -> None:
    session.post(f"{control}/edit/{LOG_ID}", json={"resave": True})
    assert "local-id=" not in sandbox.page(LOG_ID, 1).storage
    assert "<p local-id=" in sandbox.page(LOG_ID).storage


def test_a_body_as_it_is(session: requests.Session, sandbox: Sandbox, control: str) -> None:
    body = {"storage": "<!-- kept --><p>"}
    assert session.put(f"{control}/body/{LOG_ID}", json=body).status_code == 204
    assert (sandbox.page(LOG_ID).storage, sandbox.page(LOG_ID).latest) == ("<!-- kept --><p>", 1)


def test_users_and_restrictions(
    session: requests.Session, control: str, log: str, update: Update
) -> None:
    new = {"password": "x", "displayName": "Ada Example", "tokens": ["t"], "edits": True}
    assert session.put(f"{control}/users/ada", json=new).json()["display_name"] == "Ada Example"
    session.put(f"{control}/restrictions/{LOG_ID}", json={"update": ["ada"]})
    assert session.put(log, json=update()).status_code == 403
    headers = {"Authorization": "Bearer t"}
    assert requests.put(log, json=update(), headers=headers, timeout=5).status_code == 200
    session.put(f"{control}/restrictions/{LOG_ID}", json={"update": []})
    assert session.put(log, json=update(3)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example.com"},
        {"Origin": "https://example.com"},
        {"Origin": "null"},
    ],
)
def test_pages_in_a_browser_cannot_reach_the_control_routes(
    session: requests.Session, control: str, headers: dict[str, str]
) -> None:
    assert session.get(f"{control}/requests", headers=headers).status_code == 403
    assert session.delete(f"{control}/faults", headers=headers).status_code == 403


def test_a_form_cannot_set_anything(session: requests.Session, control: str) -> None:
    answer = session.post(f"{control}/faults", data='{"status": 500}')
    assert answer.status_code == 400
    assert session.get(f"{control}/faults").json() == []
