"""Switches: the Confluences of which little is known."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.sandbox.switches import Switches

Update = Callable[..., dict[str, Any]]


def saved(session: requests.Session, sandbox: Sandbox, log: str, body: dict[str, Any]) -> str:
    assert session.put(log, json=body).status_code == 200
    return sandbox.page(LOG_ID).storage


@pytest.mark.parametrize(
    ("switch", "before", "after"),
    [
        (
            "strip_attributes",
            '<p id="x" data-mine="y" class="z" data-layout="wide">a</p>',
            '<p class="z" data-layout="wide">a</p>',
        ),
        (
            "strip_link_fragments",
            '<p><a href="https://example.com/a?b=1&amp;c=2#cl1">x</a> #y</p>',
            '<p><a href="https://example.com/a?b=1&amp;c=2">x</a> #y</p>',
        ),
        (
            "named_entities",
            "<p>é \N{EN DASH} \N{MULTIPLICATION SIGN} ə</p>",
            "<p>&eacute; &ndash; &times; ə</p>",
        ),
    ],
)
def test_a_save_that_strips(
    session: requests.Session,
    sandbox: Sandbox,
    log: str,
    update: Update,
    switch: str,
    before: str,
    after: str,
) -> None:
    assert saved(session, sandbox, log, update(2, before)) == before
    sandbox.switch(**{switch: True})
    assert saved(session, sandbox, log, update(3, before)) == after


def test_editor_resave(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.switch(editor_resave=True)
    table = "<table><tbody><tr><td>a</td></tr></tbody></table>"
    storage = saved(session, sandbox, log, update(2, table))
    assert "<td ac:local-id=" in storage
    assert '<p local-id="' in storage


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("<tr><td><p>a</p></td></tr>", 200),
        ('<tr><td><p><ac:structured-macro ac:name="status" /></p></td></tr>', 200),
        ('<tr><td><ac:structured-macro ac:name="code" /></td></tr>', 200),
        ('<tr><td><ac:structured-macro ac:name="expand" /></td></tr>', 400),
        ('<tr><td><ac:structured-macro ac:name="status" /></td></tr>', 400),
        ('<tr><td><ac:link><ri:user ri:username="editor" /></ac:link></td></tr>', 400),
        ("<tr><td><div><table><tbody><tr><td /></tr></tbody></table></div></td></tr>", 400),
        ("<tr />", 400),
    ],
)
def test_editor_refuses(
    session: requests.Session,
    sandbox: Sandbox,
    log: str,
    update: Update,
    payload: Callable[[str], Any],
    row: str,
    status: int,
) -> None:
    sandbox.switch(editor_refuses=True)
    answer = session.put(log, json=update(2, f"<table><tbody>{row}</tbody></table>"))
    assert answer.status_code == status
    if status == 400:
        assert answer.json() == payload("cloud-v1-error-400-new-editor.json")


def test_lose_parent(session: requests.Session, sandbox: Sandbox, log: str, update: Update) -> None:
    sandbox.switch(lose_parent=True)
    assert session.put(log, json=update()).json()["ancestors"] == []
    assert sandbox.page(LOG_ID).parent is None


def test_stale_read(session: requests.Session, sandbox: Sandbox, log: str, update: Update) -> None:
    sandbox.switch(stale_read=2)
    assert session.put(log, json=update()).json()["version"]["number"] == 2
    numbers = [session.get(log).json()["version"]["number"] for _ in range(4)]
    assert numbers == [1, 1, 2, 2]
    assert session.put(log, json=update(3)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("stale-data", 409, "Attempted to update stale data. Try again."),
        ("optimistic-lock", 409, "OptimisticLockException"),
        ("bare", 409, '"statusCode": 409, "message"'),
        ("empty", 409, ""),
        ("bad-request", 400, "Version must be incremented on update."),
        ("rollback", 500, "Transaction rolled back"),
    ],
)
def test_conflict_body(
    session: requests.Session,
    sandbox: Sandbox,
    log: str,
    update: Update,
    kind: str,
    status: int,
    text: str,
) -> None:
    sandbox.switch(conflict_body=kind)
    answer = session.put(log, json=update(7))
    assert answer.status_code == status
    assert text in answer.text
    assert bool(answer.text) == bool(text)


def test_answer_without_body(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.switch(answer_without_body=True)
    answer = session.put(log, json=update()).json()
    assert {"body", "ancestors"}.isdisjoint(answer)
    assert answer["version"]["number"] == 2


@pytest.mark.parametrize("status", [405, 503])
def test_read_only(
    session: requests.Session, sandbox: Sandbox, api: str, log: str, update: Update, status: int
) -> None:
    sandbox.switch(read_only=True, read_only_status=status)
    assert session.get(f"{api}/accessmode").json() == "READ_ONLY"
    answer = session.put(log, json=update())
    assert answer.status_code == status
    assert answer.json()["data"]["allowedInReadOnlyMode"] is False
    assert session.post(f"{log}/label", json=[{"name": "x"}]).status_code == status
    assert session.get(log).json()["version"]["number"] == 1


def test_rate_limit_headers_come_to_people_who_are_logged_in(
    session: requests.Session, sandbox: Sandbox, log: str
) -> None:
    sandbox.switch(rate_limit_headers=True, anonymous_access=True)
    headers = session.get(log).headers
    assert (headers["X-RateLimit-Limit"], headers["retry-after"]) == ("10", "0")
    assert "X-RateLimit-Limit" not in requests.get(log, timeout=5).headers


def test_three_byte_database(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    sandbox.switch(three_byte_database=True)
    assert session.put(log, json=update(2, "<p>\N{SLIGHTLY SMILING FACE}</p>")).status_code == 500
    assert session.put(log, json=update(2, "<p>\N{GREEK SMALL LETTER PI}</p>")).status_code == 200


def test_unreconciled_until_the_page_is_opened(
    session: requests.Session,
    sandbox: Sandbox,
    log: str,
    update: Update,
    payload: Callable[[str], Any],
) -> None:
    sandbox.switch(unreconciled=True)
    answer = session.put(log, json=update())
    assert answer.status_code == 501
    recorded = payload("dc-error-501-unreconciled.json")
    recorded["message"] = recorded["message"].replace("361499519", str(LOG_ID))
    assert answer.json() == recorded
    session.get(f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}")
    assert session.put(log, json=update()).status_code == 200
    assert session.put(log, json=update(3)).status_code == 501
    assert session.put(f"{log}?status=current", json=update(3)).status_code == 200


def test_switches_at_the_start() -> None:
    with Sandbox(anonymous_access=True) as sandbox:
        answer = requests.get(f"{sandbox.url}/rest/api/content/{LOG_ID}", timeout=5)
        assert answer.status_code == 200


def test_each_switch_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    assert [name for name in Switches.__struct_fields__ if f"`{name}" not in text] == []


@pytest.mark.parametrize(
    "values",
    [{"strip_everything": True}, {"stale_read": -1}, {"read_only": 1}, {"conflict_body": "x"}],
)
def test_a_wrong_switch_is_refused_and_changes_nothing(
    sandbox: Sandbox, session: requests.Session, values: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"\$\.|unknown field"):
        sandbox.switch(lose_parent=True, **values)
    assert session.get(f"{sandbox.url}/sandbox/switches").json()["lose_parent"] is False
