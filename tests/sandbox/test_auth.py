"""Who may come in: passwords, tokens, nobody in particular, CAPTCHA."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import TOKEN, Sandbox

ADMIN = ("admin", "admin")


def get(address: str, *, token: str = "", **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(address, headers=headers, timeout=5, **options)


def test_a_password(api: str) -> None:
    user = get(f"{api}/user/current", auth=ADMIN).json()
    assert (user["type"], user["username"], user["displayName"]) == ("known", "admin", "Admin")
    assert user["userKey"]


def test_a_token(api: str) -> None:
    answer = get(f"{api}/user/current", token=TOKEN)
    assert answer.json()["username"] == "admin"
    assert answer.headers["X-Seraph-LoginReason"] == "OK"


def test_a_wrong_password(api: str, payload: Callable[[str], Any]) -> None:
    answer = get(f"{api}/user/current", auth=("admin", "wrong"))
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert answer.text == payload("dc-error-401-tomcat.html")


@pytest.mark.parametrize("value", ["Basic", "Basic !!!", "Basic /w==", "Basic Og=="])
def test_credentials_that_are_none(api: str, value: str) -> None:
    answer = requests.get(f"{api}/user/current", headers={"Authorization": value}, timeout=5)
    assert answer.status_code == 401


def test_a_wrong_token_is_refused_where_nobody_may_be_anonymous(api: str) -> None:
    answer = get(f"{api}/user/current", token="wrong")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_wrong_token_makes_one_anonymous_where_that_is_allowed(
    sandbox: Sandbox, api: str, log: str
) -> None:
    sandbox.switch(anonymous_access=True)
    user = get(f"{api}/user/current", token="wrong")
    assert user.status_code == 200
    assert (user.json()["type"], user.json()["displayName"]) == ("anonymous", "Anonymous")
    assert "username" not in user.json()
    assert get(log, token="wrong").status_code == 200
    assert get(f"{api}/user/current", auth=("admin", "wrong")).status_code == 401


def test_nobody_in_particular(sandbox: Sandbox, api: str, log: str) -> None:
    refused = get(f"{api}/user/current")
    assert refused.status_code == 403
    assert refused.json()["message"] == "Current user not permitted to use Confluence"
    assert get(log).status_code == 403
    sandbox.switch(anonymous_access=True)
    assert get(f"{api}/user/current").json()["type"] == "anonymous"
    assert get(f"{api}/user/anonymous").json()["type"] == "anonymous"
    assert get(log).status_code == 200
    assert requests.put(log, json={}, timeout=5).status_code == 403
    assert get(f"{api}/server-information").status_code == 401


def test_after_too_many_wrong_passwords_the_right_one_is_denied(sandbox: Sandbox, api: str) -> None:
    sandbox.switch(captcha=2)
    address = f"{api}/user/current"
    for _ in range(2):
        answer = get(address, auth=("admin", "wrong"))
        assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    denied = get(address, auth=ADMIN)
    assert denied.status_code == 401
    assert denied.headers["X-Seraph-LoginReason"] == "AUTHENTICATION_DENIED"
    assert "Reason : AUTHENTICATION_DENIED" in denied.text
    assert get(address, token=TOKEN).status_code == 200
    assert get(address, auth=("editor", "editor")).status_code == 200
    sandbox.switch(captcha=2)
    assert get(address, auth=ADMIN).status_code == 200


def test_a_right_password_ends_the_count(sandbox: Sandbox, api: str) -> None:
    sandbox.switch(captcha=2)
    passwords = ("wrong", "admin", "wrong", "admin")
    answers = [get(f"{api}/user/current", auth=("admin", password)) for password in passwords]
    assert [answer.status_code for answer in answers] == [401, 200, 401, 200]


def test_a_new_user(sandbox: Sandbox, api: str) -> None:
    sandbox.add_user("ada", "sécret", token="ada-token")
    assert get(f"{api}/user/current", token="ada-token").json()["displayName"] == "Ada"
    assert get(f"{api}/user/current", auth=("ada", "sécret".encode())).status_code == 200


def test_users_are_found_by_name_and_by_key(session: requests.Session, api: str) -> None:
    editor = session.get(f"{api}/user?username=editor").json()
    assert session.get(f"{api}/user?key={editor['userKey']}").json() == editor
    assert session.get(f"{api}/user").status_code == 400


def test_server_information_and_access_mode(
    session: requests.Session, sandbox: Sandbox, api: str
) -> None:
    information = session.get(f"{api}/server-information").json()
    assert information["baseUrl"] == sandbox.url
    assert information["version"].startswith("10.")
    assert isinstance(information["buildNumber"], int)
    assert session.get(f"{api}/accessmode").json() == "READ_WRITE"
