"""Credentials: where they come from, and where alone they are sent."""

import base64

import pytest
import requests

from confluence_changelog.credentials import base_address, credentials_for, is_this_machine
from confluence_changelog.errors import UsageError

BASE = "https://wiki.example.com/confluence"


def header(environment: dict[str, str], base: str = BASE) -> str:
    auth = credentials_for(base, {"CONFLUENCE_URL": base} | environment)
    request = requests.Request("GET", base).prepare()
    return str(auth(request).headers["Authorization"])


def test_a_token_is_sent_as_bearer() -> None:
    assert header({"CONFLUENCE_TOKEN": " pat "}) == "Bearer pat"


def test_user_and_password_are_sent_in_utf8() -> None:
    sent = header({"CONFLUENCE_USER": "ada", "CONFLUENCE_PASSWORD": "pässwörd:€"})
    assert base64.b64decode(sent.removeprefix("Basic ")).decode() == "ada:pässwörd:€"


def test_a_token_comes_before_a_password() -> None:
    both = {"CONFLUENCE_TOKEN": "t", "CONFLUENCE_USER": "u", "CONFLUENCE_PASSWORD": "p"}
    assert header(both) == "Bearer t"


@pytest.mark.parametrize(
    "environment",
    [{}, {"CONFLUENCE_USER": "ada"}, {"CONFLUENCE_PASSWORD": "x"}, {"CONFLUENCE_TOKEN": " "}],
)
def test_none_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"There are no credentials for wiki\.example\.com"):
        header(environment)


@pytest.mark.parametrize(
    "trusted",
    [
        "",
        "https://other.example.com/confluence",
        "http://wiki.example.com/confluence",
        "https://wiki.example.com:8443/confluence",
        "https://wiki.example.com.evil.example.org",
        "https://wiki.example.com@evil.example.org",
        "https://wiki.example.com:notaport",
        "wiki.example.com",
    ],
)
def test_they_go_to_the_host_of_the_environment_only(trusted: str) -> None:
    environment = {"CONFLUENCE_URL": trusted, "CONFLUENCE_TOKEN": "s3cr3t"}
    with pytest.raises(UsageError) as error:
        credentials_for(BASE, environment)
    assert "sent only to the host of CONFLUENCE_URL" in str(error.value)
    assert "s3cr3t" not in str(error.value)


@pytest.mark.parametrize(
    "trusted",
    ["https://wiki.example.com", "https://WIKI.example.com:443/", "https://wiki.example.com/other"],
)
def test_the_same_host_is_the_same_whatever_the_path(trusted: str) -> None:
    assert credentials_for(BASE, {"CONFLUENCE_URL": trusted, "CONFLUENCE_TOKEN": "t"})


def test_plain_http_is_for_this_machine() -> None:
    base = "http://wiki.example.com"
    with pytest.raises(UsageError, match="not https"):
        header({"CONFLUENCE_TOKEN": "t"}, base)
    assert header({"CONFLUENCE_TOKEN": "t", "CONFLUENCE_ALLOW_HTTP": "1"}, base) == "Bearer t"
    assert header({"CONFLUENCE_TOKEN": "t"}, "http://127.0.0.1:8090") == "Bearer t"


@pytest.mark.parametrize("host", ["localhost", "wiki.localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "192.0.2.1", "localhost.example.com", "2001:db8::1", "local"])
def test_other_machines(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("name", ["CONFLUENCE_TOKEN", "CONFLUENCE_USER"])
def test_a_line_break_cannot_make_a_header(name: str) -> None:
    environment = {"CONFLUENCE_USER": "u", "CONFLUENCE_PASSWORD": "p", name: "a\r\nX-Evil: 1"}
    with pytest.raises(UsageError, match=name):
        header(environment)


@pytest.mark.parametrize(
    ("address", "base"),
    [
        (" https://wiki.example.com/ ", "https://wiki.example.com"),
        ("https://wiki.example.com/confluence//", "https://wiki.example.com/confluence"),
        ("http://127.0.0.1:8090?x=1#y", "http://127.0.0.1:8090"),
    ],
)
def test_base_address(address: str, base: str) -> None:
    assert base_address(address) == base


@pytest.mark.parametrize(
    "address", ["wiki.example.com", "ftp://wiki.example.com", "https://", "", "https://u:s3@h"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UsageError) as error:
        base_address(address)
    assert "s3" not in str(error.value)
