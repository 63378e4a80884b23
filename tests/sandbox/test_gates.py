"""What stands before REST, and what a sandbox is set up with, in both flavours."""

import sys
from typing import Any

import pytest
import requests

from confluence_changelog.errors import UsageError
from confluence_changelog.sandbox import LOG_ID, Sandbox, serve

BOTH = pytest.mark.parametrize(
    "flavour",
    [
        pytest.param("data-center", marks=pytest.mark.confluence_sandbox),
        pytest.param("cloud", marks=pytest.mark.confluence_sandbox(flavour="cloud")),
    ],
)


def read(sandbox: Sandbox, **options: Any) -> requests.Response:
    """Read the change log by the flavour's own interface."""
    cloud = sandbox.flavour == "cloud"
    route = f"/api/v2/pages/{LOG_ID}" if cloud else f"/rest/api/content/{LOG_ID}"
    auth = options.pop("auth", sandbox.credentials)
    return requests.get(sandbox.url + route, auth=auth, timeout=30, **options)


@BOTH
def test_an_answer_says_how_many_requests_are_left(sandbox: Sandbox, flavour: str) -> None:
    assert "X-RateLimit-Limit" not in read(sandbox).headers
    sandbox.switch(rate_limit_headers=True)
    headers = read(sandbox).headers
    assert int(headers["X-RateLimit-Remaining"]) > 0
    assert ("retry-after" in headers) == (flavour == "data-center")
    assert ("X-RateLimit-Reset" in headers) == (flavour == "cloud")


@BOTH
def test_too_many_requests(sandbox: Sandbox, flavour: str) -> None:
    sandbox.switch(too_many_requests="wait")
    answer = read(sandbox)
    assert answer.status_code == 429
    assert (answer.headers["retry-after"], answer.headers["X-RateLimit-Remaining"]) == ("5", "0")
    assert answer.json()
    assert requests.get(f"{sandbox.url}/", timeout=30).status_code == 200
    sandbox.switch(too_many_requests="block-all")
    blocked = read(sandbox).headers["retry-after"]
    assert blocked == ("9223372036854775807" if flavour == "data-center" else "5")


@BOTH
def test_a_single_sign_on(sandbox: Sandbox, flavour: str) -> None:
    sandbox.switch(log_in_page="page")
    page = read(sandbox)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    sandbox.switch(log_in_page="redirect")
    away = read(sandbox, allow_redirects=False)
    assert (away.status_code, away.headers["Location"]) == (302, "https://login.example.org/sso")
    sandbox.switch(log_in_page="empty")
    assert (read(sandbox).status_code, read(sandbox).text) == (200, "")


@BOTH
def test_a_page_whose_body_is_empty(sandbox: Sandbox, flavour: str) -> None:
    sandbox.switch(empty_body=True)
    cloud = flavour == "cloud"
    query = {"body-format": "storage"} if cloud else {"expand": "body.storage"}
    assert read(sandbox, params=query).json()["body"]["storage"]["value"] == ""
    assert sandbox.page(LOG_ID).storage


@BOTH
def test_a_slash_at_the_end_changes_nothing(sandbox: Sandbox, flavour: str) -> None:
    address = read(sandbox).url
    answer = requests.get(f"{address}/", auth=sandbox.credentials, timeout=30)
    assert answer.json()["id"] == str(LOG_ID)


@BOTH
def test_the_environment_lets_a_client_in(sandbox: Sandbox, flavour: str) -> None:
    environment = sandbox.environment
    auth = (environment["CONFLUENCE_USER"], environment["CONFLUENCE_PASSWORD"])
    assert environment["CONFLUENCE_URL"] == sandbox.url
    assert read(sandbox, auth=auth).status_code == 200


@pytest.mark.parametrize("flavour", ["data-center", "cloud"])
def test_more_spaces_people_and_tokens(flavour: Any) -> None:
    with Sandbox(
        flavour=flavour,
        spaces={"DOC": "Documents"},
        users={"ada@example.com": "secret"},
        tokens={"mine": "ada@example.com", "admins": ""},
    ) as sandbox:
        for _ in range(2):
            assert sandbox.space("DOC").name == "Documents"
            assert read(sandbox, auth=("ada@example.com", "secret")).status_code == 200
            if flavour == "cloud":
                assert read(sandbox, auth=("ada@example.com", "mine")).status_code == 200
            else:
                headers = {"Authorization": "Bearer mine"}
                assert read(sandbox, auth=None, headers=headers).status_code == 200
            sandbox.reset()
        assert [each["user"] for each in sandbox.requests()] == []


@pytest.mark.confluence_sandbox(flavour="cloud")
def test_cloud_is_always_below_wiki(sandbox: Sandbox) -> None:
    assert sandbox.url == f"{sandbox.root}/wiki"
    assert requests.get(sandbox.root, timeout=30).url == f"{sandbox.url}/"
    with Sandbox(flavour="cloud", context="/other") as other:
        assert other.url.endswith("/wiki")


def test_the_command_hands_its_options_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from confluence_changelog.cli import main

    given: dict[str, Any] = {}

    def remember(port: int, data: object, _announce: object, **settings: Any) -> None:
        given.update(settings, port=port, data=data)

    monkeypatch.setattr(sys.modules[serve.__module__.rpartition(".")[0]], "serve", remember)
    options = ["--flavour", "cloud", "--port", "0", "--space", "DOC=Documents", "--user", "ada:x:y"]
    tokens = ["--token", "one", "--token", "two read:page:confluence write:page:confluence"]
    switches = ["--switch", "read_only", "--switch", "captcha=3", "--switch", "log_in_page=page"]
    assert main(["sandbox", *options, *tokens, *switches]) == 0
    assert given == {
        "flavour": "cloud",
        "port": 0,
        "data": None,
        "context": "",
        "spaces": {"DOC": "Documents"},
        "users": {"ada": "x:y"},
        "tokens": {"one": "", "two": ["read:page:confluence", "write:page:confluence"]},
        "read_only": True,
        "captcha": 3,
        "log_in_page": "page",
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--space", "DOC"], "'DOC' is not of the form --space KEY=NAME"),
        (["--user", "ada"], "'ada' is not of the form --user NAME:PASSWORD"),
        (["--token", " "], "A --token is empty"),
        (["--switch", "none"], "A --switch is wrong"),
        (["--switch", "captcha=x"], "A --switch is wrong"),
    ],
)
def test_wrong_options_of_the_command(
    capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    from confluence_changelog.cli import main

    assert main(["sandbox", *options]) == UsageError.exit_code
    assert said in capsys.readouterr().err
