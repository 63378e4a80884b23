"""Faults: what a client meets between it and Confluence."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, Sandbox

Update = Callable[..., dict[str, Any]]


def test_a_status_with_headers_once(session: requests.Session, sandbox: Sandbox, log: str) -> None:
    sandbox.put_fault(method="GET", status=429, headers={"Retry-After": "7"})
    answer = session.get(log)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert session.get(log).status_code == 200


def test_only_the_named_requests_meet_it(
    session: requests.Session, sandbox: Sandbox, api: str, log: str, update: Update
) -> None:
    sandbox.put_fault(method="put", path=r"/content/\d+$", status=503)
    assert session.get(log).status_code == 200
    assert session.get(f"{api}/user/current").status_code == 200
    assert session.put(log, json=update()).status_code == 503
    assert sandbox.page(LOG_ID).latest == 1
    assert session.put(log, json=update()).status_code == 200


def test_skip_and_times(session: requests.Session, sandbox: Sandbox, log: str) -> None:
    sandbox.put_fault(status=502, skip=1, times=2)
    assert [session.get(log).status_code for _ in range(4)] == [200, 502, 502, 200]


def test_times_0_lasts_until_the_faults_are_cleared(
    session: requests.Session, sandbox: Sandbox, log: str
) -> None:
    sandbox.put_fault(status=502, times=0)
    assert [session.get(log).status_code for _ in range(3)] == [502] * 3
    sandbox.clear_faults()
    assert session.get(log).status_code == 200


def test_faults_are_met_in_order(session: requests.Session, sandbox: Sandbox, log: str) -> None:
    assert sandbox.put_fault(status=500) < sandbox.put_fault(status=501)
    assert [session.get(log).status_code for _ in range(3)] == [500, 501, 200]


@pytest.mark.parametrize(
    ("body", "text", "kind"),
    [
        ("plain", "plain", "text/plain"),
        ({"statusCode": 500}, '{"statusCode": 500}', "application/json"),
        (None, "", "text/plain"),
    ],
)
def test_a_body_of_its_own(
    session: requests.Session, sandbox: Sandbox, log: str, body: Any, text: str, kind: str
) -> None:
    sandbox.put_fault(status=500, body=body)
    answer = session.get(log)
    assert (answer.status_code, answer.text) == (500, text)
    assert answer.headers["Content-Type"].startswith(kind)


def test_a_log_in_page_where_json_belongs(
    session: requests.Session, sandbox: Sandbox, log: str
) -> None:
    sandbox.put_fault(html=True)
    answer = session.get(log)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "os_password" in answer.text


def test_an_empty_200(session: requests.Session, sandbox: Sandbox, log: str) -> None:
    sandbox.put_fault(status=200)
    answer = session.get(log)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_redirect(session: requests.Session, sandbox: Sandbox, log: str) -> None:
    sandbox.put_fault(status=302, headers={"Location": "https://login.example.com/"})
    answer = session.get(log, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://login.example.com/")


def test_an_answer_that_comes_after_the_client_gave_up(
    session: requests.Session, sandbox: Sandbox, log: str
) -> None:
    sandbox.put_fault(delay=3600)
    with pytest.raises(requests.ReadTimeout):
        session.get(log, timeout=0.2)


def test_dropped_before_it_is_applied(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.put_fault(method="PUT", drop="before")
    with pytest.raises(requests.ConnectionError):
        session.put(log, json=update())
    assert sandbox.page(LOG_ID).latest == 1
    assert sandbox.requests()[-1]["status"] is None
    assert session.get(log).status_code == 200


def test_dropped_after_it_was_applied(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.put_fault(method="PUT", drop="after")
    with pytest.raises(requests.ConnectionError):
        session.put(log, json=update())
    assert (sandbox.page(LOG_ID).latest, sandbox.page(LOG_ID).storage) == (2, "<p>new</p>")
    assert session.put(log, json=update()).status_code == 409


def test_dropped_amid_the_answer(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.put_fault(method="PUT", drop="during")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        session.put(log, json=update())
    assert sandbox.page(LOG_ID).latest == 2


def test_a_proxy_that_fails_after_the_write(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.put_fault(method="PUT", status=504, body="Gateway Time-out", applied=True)
    answer = session.put(log, json=update())
    assert (answer.status_code, answer.text) == (504, "Gateway Time-out")
    assert sandbox.page(LOG_ID).latest == 2


def test_a_dropped_connection_says_nothing_on_stderr(
    update: Update, capfd: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        log = f"{sandbox.url}/rest/api/content/{LOG_ID}"
        for drop in ("before", "after", "during"):
            sandbox.put_fault(drop=drop)
            with pytest.raises(requests.RequestException):
                requests.put(log, json=update(), auth=("admin", "admin"), timeout=5)
    assert capfd.readouterr() == ("", "")


def test_another_hand_before_a_write_makes_a_conflict(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    edit = {"find": "Chloe", "replace": "Cloe", "message": "typo"}
    sandbox.put_fault(method="PUT", edit=edit)
    answer = session.put(log, json=update())
    assert answer.status_code == 409
    page = sandbox.page(LOG_ID)
    assert (page.latest, page.version.author, page.version.message) == (2, "editor", "typo")
    assert "Chloe" not in page.storage
    assert session.put(log, json=update(3)).status_code == 200


def test_another_hand_after_a_read(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    edit = {"append": "<p>mine</p>", "user": "reader"}
    sandbox.put_fault(method="GET", path="/content/", edit=edit, edit_when="after")
    assert session.get(log).json()["version"]["number"] == 1
    assert session.put(log, json=update()).status_code == 409
    assert sandbox.page(LOG_ID).storage.endswith("<p>mine</p>")
    assert sandbox.page(LOG_ID).version.author == "reader"


def test_another_hand_may_change_another_page(
    session: requests.Session, sandbox: Sandbox, api: str
) -> None:
    sandbox.put_fault(edit={"page": LOG_ID, "storage": "<p>all new</p>"})
    assert session.get(f"{api}/user/current").status_code == 200
    assert sandbox.page(LOG_ID).storage == "<p>all new</p>"


def test_an_edit_that_does_not_fit_is_told(
    session: requests.Session, sandbox: Sandbox, log: str
) -> None:
    sandbox.put_fault(edit={"find": "not there"})
    answer = session.get(log)
    assert answer.status_code == 500
    assert "does not hold 'not there'" in answer.json()["message"]


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": "red"},
        {"drop": "never"},
        {"status": 99},
        {"times": -1},
        {"path": "("},
        {"edit": {"colour": "red"}},
    ],
)
def test_a_fault_with_a_wrong_field_is_refused(sandbox: Sandbox, fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"colour|drop|never|status|times|path|int|Invalid|>="):
        sandbox.put_fault(**fields)


def test_the_control_routes_meet_no_faults(session: requests.Session, sandbox: Sandbox) -> None:
    sandbox.put_fault(status=500, times=0)
    assert session.get(f"{sandbox.url}/sandbox/faults").status_code == 200
