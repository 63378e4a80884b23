"""Refusals: status, envelope and words, compared with what real servers sent."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.sandbox.errors import conflict

Update = Callable[..., dict[str, Any]]
Payload = Callable[[str], Any]


def test_no_page(session: requests.Session, api: str, payload: Payload) -> None:
    answer = session.get(f"{api}/content/954415933")
    assert answer.status_code == 404
    assert answer.json() == payload("dc-error-404-no-content.json")


@pytest.mark.parametrize("page_id", ["searches", "-1", "99999999999999999999", "1.5"])
def test_what_is_no_page_id_is_not_found(
    session: requests.Session, api: str, update: Update, page_id: str
) -> None:
    assert session.get(f"{api}/content/{page_id}").status_code == 404
    assert session.put(f"{api}/content/{page_id}", json=update()).status_code == 404


def test_no_user(session: requests.Session, api: str, payload: Payload) -> None:
    answer = session.get(f"{api}/user?key=abc")
    assert answer.status_code == 404
    assert answer.json() == payload("dc-error-404-no-user.json")


@pytest.mark.parametrize(
    ("storage", "recorded"),
    [
        ("<p>text</br></p>", "dc-error-400-xhtml.json"),
        ('<p class="x"[>text</p>', "dc-error-400-xhtml-bad-character.json"),
        ("<p>a ]]> b</p>", "server-error-400-cdata.json"),
    ],
)
def test_text_that_does_not_parse(
    session: requests.Session,
    sandbox: Sandbox,
    log: str,
    update: Update,
    payload: Payload,
    storage: str,
    recorded: str,
) -> None:
    answer = session.put(log, json=update(storage=storage))
    expected = payload(recorded)
    assert answer.status_code == 400
    ours = answer.json()
    reason = expected["message"].partition("\n")[0]
    assert ours["message"].startswith(f"{reason}\n at [row,col {{unknown-source}}]: [1,")
    without_message = {**expected, "message": ""}
    assert without_message.items() <= {**ours, "message": "", "data": expected["data"]}.items()
    assert expected["data"].items() <= ours["data"].items()
    assert sandbox.page(LOG_ID).latest == 1


def test_a_title_that_exists(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update, payload: Payload
) -> None:
    sandbox.create_page("arc42")
    answer = session.put(log, json=update(title="Arc42"))
    expected = payload("server-error-400-title-exists.json")["message"]
    assert answer.status_code == 400
    assert answer.json()["message"] == expected.replace("arc42", "Arc42").replace("~EXAMPLE", "OPS")


def test_too_large(session: requests.Session, log: str, update: Update, payload: Payload) -> None:
    answer = session.put(log, json=update(storage="x" * (5 * 1024 * 1024)))
    assert answer.status_code == 413
    assert answer.json() == payload("dc-error-413.json")


def test_just_not_too_large(session: requests.Session, log: str, update: Update) -> None:
    empty = requests.Request("PUT", log, json=update(storage="")).prepare().body
    assert isinstance(empty, bytes)
    rest = 5 * 1024 * 1024 - len(empty)
    assert session.put(log, json=update(storage="x" * rest)).status_code == 200


@pytest.mark.parametrize("number", [0, 1, 3, 99])
def test_a_stale_version(
    session: requests.Session, log: str, update: Update, payload: Payload, number: int
) -> None:
    answer = session.put(log, json=update(number))
    message = "Version must be incremented on update. Current version is: 1"
    assert answer.status_code == 409
    assert answer.json()["message"] == message
    recorded = payload("cloud-v1-error-409-version.json")
    assert answer.json()["data"].keys() >= recorded["data"].keys()


@pytest.mark.parametrize(
    ("kind", "recorded"),
    [
        ("stale-data", "error-409-stale-data.json"),
        ("optimistic-lock", "cloud-v1-error-409-optimistic-lock.json"),
    ],
)
def test_other_forms_of_a_conflict(payload: Payload, kind: str, recorded: str) -> None:
    refusal = conflict(5, kind)
    assert refusal.status == 409
    assert isinstance(refusal.body, dict)
    assert refusal.body["message"] == payload(recorded)["message"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": None}, "Content type is required"),
        ({"type": "comment"}, "Content type is required"),
        ({"title": None}, "must not be empty"),
        ({"title": "  "}, "must not be empty"),
        ({"title": "x" * 256}, "longer than 255"),
        ({"version": {"number": None}}, "No version supplied"),
        ({"body": {"view": {"value": "<p>x</p>"}}}, "must have a value"),
        ({"body": {"storage": {"value": 5}}}, "must have a value"),
        ({"ancestors": 7}, "must be a list"),
    ],
)
def test_what_an_update_must_have(
    session: requests.Session, log: str, update: Update, change: dict[str, Any], message: str
) -> None:
    answer = session.put(log, json=update(**change))
    assert answer.status_code == 400
    assert message in answer.json()["message"]


def test_255_characters_of_title_are_fine(
    session: requests.Session, log: str, update: Update
) -> None:
    assert session.put(log, json=update(title="x" * 255)).status_code == 200


def test_an_update_without_a_space(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    """The documentation wants one; servers do without, as clients that send none show."""
    assert session.put(log, json=update(2, space=None)).status_code == 200
    sandbox.switch(space_required=True)
    for space in (None, {}):
        answer = session.put(log, json=update(3, space=space))
        assert answer.status_code == 400
        assert "Space is required" in answer.json()["message"]


@pytest.mark.parametrize("missing", ["type", "title", "version"])
def test_an_update_without_a_field(
    session: requests.Session, log: str, update: Update, missing: str
) -> None:
    body = update()
    del body[missing]
    assert session.put(log, json=body).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415),
    ],
)
def test_a_body_that_is_no_json(
    session: requests.Session, log: str, body: bytes, kind: str, status: int
) -> None:
    answer = session.put(log, data=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["statusCode"] == status


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"type": "blogpost"}, 400),
        ({"space": {"key": "NONE"}}, 403),
        ({"title": "change log"}, 400),
        ({"ancestors": [{"id": "4711"}]}, 404),
    ],
)
def test_what_cannot_be_created(
    session: requests.Session, api: str, change: dict[str, Any], status: int
) -> None:
    new = {"type": "page", "title": "New", "space": {"key": "OPS"}, **change}
    answer = session.post(f"{api}/content", json=new)
    assert answer.status_code == status
    assert answer.json()["statusCode"] == status


def test_no_edit_right(sandbox: Sandbox, api: str, log: str, update: Update) -> None:
    reader = ("reader", "reader")
    answer = requests.put(log, json=update(), auth=reader, timeout=5)
    assert answer.status_code == 403
    assert answer.json()["message"] == (
        "Could not update Content of type : class com.atlassian.confluence.pages.Page "
        f"with id {LOG_ID}"
    )
    assert answer.json()["reason"] == "Forbidden"
    new = {"type": "page", "title": "New", "space": {"key": "OPS"}}
    answer = requests.post(f"{api}/content", json=new, auth=reader, timeout=5)
    assert answer.status_code == 403
    assert answer.json()["message"] == "Could not create content with type page"
    assert requests.delete(log, auth=reader, timeout=5).status_code == 403
    assert sandbox.page(LOG_ID).latest == 1


def test_a_page_that_is_not_for_all(sandbox: Sandbox, session: requests.Session, log: str) -> None:
    below = sandbox.create_page("Below", parent=LOG_ID)
    sandbox.restrict(LOG_ID, "read", "editor")
    assert session.get(log).status_code == 404
    assert session.get(log.replace(str(LOG_ID), str(below.id))).status_code == 404
    assert requests.get(log, auth=("editor", "editor"), timeout=5).status_code == 200
    sandbox.restrict(LOG_ID, "read")
    assert session.get(log).status_code == 200


def test_a_page_that_few_may_edit(
    sandbox: Sandbox, session: requests.Session, log: str, update: Update
) -> None:
    sandbox.restrict(LOG_ID, "update", "editor")
    assert session.get(log).status_code == 200
    assert session.put(log, json=update()).status_code == 403
    assert requests.put(log, json=update(), auth=("editor", "editor"), timeout=5).ok


def test_an_unknown_route_or_method(session: requests.Session, sandbox: Sandbox, log: str) -> None:
    answer = session.get(f"{sandbox.url}/rest/api/nothing")
    assert answer.json() == {
        "message": f"null for uri: {sandbox.url}/rest/api/nothing",
        "status-code": 404,
    }
    assert session.patch(log).json()["status-code"] == 405
    assert "HTTP Status 404" in session.get(f"{sandbox.url}/nothing").text
