"""Every recorded error, given by a server in place of the page: what is said, and how it ends."""

import json
from typing import NamedTuple

import pytest

from confluence_changelog import errors
from confluence_changelog.cli import main
from confluence_changelog.confluence.connect import connect
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.credentials import BasicAuth
from support.answering import Answering
from support.corpus import SHARED
from support.repositories import RepoFactory

PAYLOADS = SHARED / "confluence" / "payloads"
pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="the recorded answers are not beside this repository"
)
PAGE = "954415933"


class Case(NamedTuple):
    name: str
    status: int
    kind: type[errors.ConfluenceError]
    says: str
    """What the sentence begins with, after which it says where."""
    remedy: str


REJECTED = "Confluence could not take the body while"
BASIC = "Confluence did not accept the credentials while"
CHECK = "check CONFLUENCE_TOKEN, or CONFLUENCE_USER and CONFLUENCE_PASSWORD"
E_MAIL = "set CONFLUENCE_USER to your e-mail address"
CONFLICT = "Another version was stored while"
TITLE = "Confluence refused the title while"
MISSING = "Confluence answered 404 while"
CASES = (
    Case("dc-error-400-xhtml.json", 400, errors.RejectedStorageError, REJECTED, "</br>"),
    Case(
        "dc-error-400-xhtml-bad-character.json", 400, errors.RejectedStorageError, REJECTED, "'['"
    ),
    Case("server-error-400-cdata.json", 400, errors.RejectedStorageError, REJECTED, "']]>'"),
    Case("server-error-400-title-exists.json", 400, errors.TitleExistsError, TITLE, "arc42"),
    Case("cloud-v1-error-400-xhtml.json", 400, errors.RejectedStorageError, REJECTED, "</xml>"),
    Case(
        "cloud-v1-error-400-new-editor.json", 400, errors.RejectedStorageError, REJECTED, "editor"
    ),
    Case("cloud-v2-error-400-title-exists.json", 400, errors.TitleExistsError, TITLE, "TITLE"),
    Case(
        "cloud-v2-error-400-bad-id.json",
        400,
        errors.ConfluenceError,
        "Confluence refused the request while",
        "Provided value for 'id'",
    ),
    Case("dc-error-401-tomcat.html", 401, errors.AuthenticationError, BASIC, CHECK),
    Case(
        "cloud-gateway-error-401-scope.json",
        401,
        errors.ScopeError,
        "The token lacks a scope that is needed while",
        "write:page:confluence",
    ),
    Case("cloud-v1-error-403-not-permitted.json", 403, errors.AuthenticationError, BASIC, CHECK),
    Case(
        "cloud-v1-error-403-bad-credentials-user-current.json",
        403,
        errors.AuthenticationError,
        BASIC,
        CHECK,
    ),
    Case("cloud-error-403-basic-disabled.json", 403, errors.AuthenticationError, BASIC, CHECK),
    Case(
        "server-error-403-delete.json",
        403,
        errors.PermissionDeniedError,
        "Confluence forbids this user to go on while",
        "give the user the right to edit",
    ),
    Case("dc-error-404-no-content.json", 404, errors.NotFoundError, MISSING, "check its id"),
    Case("dc-error-404-no-user.json", 404, errors.NotFoundError, MISSING, "check its id"),
    Case(
        "cloud-v2-error-404-missing-page.json", 404, errors.NotFoundError, MISSING, "999999999999"
    ),
    Case("cloud-v2-error-404-bad-credentials.json", 404, errors.AuthenticationError, BASIC, CHECK),
    Case("cloud-v1-error-409-version.json", 409, errors.ConflictError, CONFLICT, "run again"),
    Case("cloud-v1-error-409-optimistic-lock.json", 409, errors.ConflictError, CONFLICT, "again"),
    Case("error-409-stale-data.json", 409, errors.ConflictError, CONFLICT, "run again"),
    Case(
        "cloud-v1-error-410-gone.json",
        410,
        errors.GoneError,
        "Confluence answered 410 while",
        "check `page.flavour`",
    ),
    Case(
        "dc-error-413.json", 413, errors.TooLargeError, "Confluence answered 413 while", "5242880"
    ),
    Case(
        "cloud-v1-error-413.json",
        413,
        errors.TooLargeError,
        "Confluence answered 413 while",
        "the page is too large",
    ),
    Case(
        "dc-error-501-unreconciled.json",
        501,
        errors.ServerError,
        "Confluence failed with 501 while",
        "run again later",
    ),
    Case(
        "server-search-unsupported.500.json",
        500,
        errors.ServerError,
        "Confluence failed with 500 while",
        "run again later",
    ),
)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.partition(".")[0])


def recorded(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def kind_of(name: str) -> str:
    return "text/html;charset=UTF-8" if name.endswith(".html") else "application/json"


def test_no_recorded_error_is_left_out() -> None:
    found = {path.name for path in PAYLOADS.iterdir() if "error" in path.name}
    assert found | {"server-search-unsupported.500.json"} == {case.name for case in CASES}


@each_case
def test_a_read_that_is_answered_so(case: Case) -> None:
    """As a Data Center, whose credentials are a token, or user and password."""
    with Answering() as server:
        server.will(case.status, recorded(case.name), Content_Type=kind_of(case.name))
        error = read(server.base, "data-center")
    check(error, case, f"reading page {PAGE} on {server.base}")


@each_case
def test_a_read_of_cloud_that_is_answered_so(case: Case) -> None:
    with Answering() as server:
        server.will(case.status, recorded(case.name), Content_Type=kind_of(case.name))
        error = read(server.base, "cloud")
    remedy = E_MAIL if case.remedy == CHECK else case.remedy
    check(error, case._replace(remedy=remedy), f"reading page {PAGE} on {server.base}/wiki")


@each_case
@pytest.mark.parametrize("flavour", ["data-center", "cloud"])
def test_a_write_that_is_answered_so(case: Case, flavour: str) -> None:
    """The page is readable; the answer to the write, and to all that follows it, is the recorded one."""
    with Answering() as server:
        server.will(200, page_of(flavour))
        server.will(case.status, recorded(case.name), Content_Type=kind_of(case.name))
        with (
            pytest.raises(errors.ConfluenceError) as raised,
            connect(server.base, auth(), Deadline(5), flavour=flavour) as client,  # type: ignore[arg-type]
        ):
            client.write_page(client.read_page(PAGE), "<p>x</p>", "why")
    assert [each.method for each in server.asked[:2]] == ["GET", "PUT"]
    unknown = flavour == "cloud" and case.kind is errors.NotFoundError
    assert type(raised.value) is (errors.PermissionDeniedError if unknown else case.kind)
    assert f"version 8 of page {PAGE}" in str(raised.value)


@each_case
def test_the_command_says_it_in_a_sentence_and_ends_with_3(
    case: Case,
    make_repo: RepoFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = make_repo()
    repo.commit({"a": "1"}, "Open port 443\n\nThe new gateway listens there.")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("CONFLUENCE_PAGE", PAGE)
    monkeypatch.setenv("CONFLUENCE_TOKEN", "a-token")
    with Answering() as server:
        monkeypatch.setenv("CONFLUENCE_URL", server.base)
        server.will(case.status, recorded(case.name), Content_Type=kind_of(case.name))
        assert main(["publish", "--range", "HEAD"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {case.says} reading page {PAGE}")
    assert err.count("\n") == 1
    assert "a-token" not in err


HEADERS = (
    ("DC 429", 429, errors.RateLimitedError),
    ('DC 429, "block all"', 429, errors.RateLimitedError),
    ("Cloud 429", 429, errors.RateLimitedError),
    ("DC 401, CAPTCHA", 401, errors.CaptchaError),
)


@pytest.mark.parametrize(("block", "status", "kind"), HEADERS)
def test_headers_that_say_more_than_the_body(
    block: str, status: int, kind: type[errors.ConfluenceError]
) -> None:
    """Each ends the command at once: the deadline is nearer than the wait that is asked for."""
    with Answering() as server:
        server.will(status, b"<html>", **recorded_headers(block))
        with (
            pytest.raises(errors.ConfluenceError) as raised,
            connect(server.base, auth(), Deadline(4), flavour="data-center") as client,
        ):
            client.read_page(PAGE)
    assert type(raised.value) is kind
    assert len(server.asked) == 1


def test_a_deprecated_call_is_answered_all_the_same() -> None:
    with Answering() as server:
        server.will(200, page_of("data-center"), **recorded_headers("Cloud v1, answered"))
        with connect(server.base, auth(), Deadline(4), flavour="data-center") as client:
            assert client.read_page(PAGE).version == 7


def recorded_headers(block: str) -> dict[str, str]:
    """Return the headers of the last block of the recorded file whose comment begins so."""
    blocks = recorded("headers.txt").decode().split("\n\n")
    lines = next(text for text in blocks if text.startswith(f"# {block}")).splitlines()
    pairs = [line.split(": ", 1) for line in lines if ": " in line and line[0] != "#"]
    return {name: value for name, value in pairs if name.lower() != "content-type"}


def auth() -> BasicAuth:
    return BasicAuth("ada", "a-password")


def read(base: str, flavour: str) -> errors.ConfluenceError:
    """Return what is raised when a page is read there."""
    with (
        pytest.raises(errors.ConfluenceError) as raised,
        connect(base, auth(), Deadline(5), flavour=flavour) as client,  # type: ignore[arg-type]
    ):
        client.read_page(PAGE)
    return raised.value


def check(error: errors.ConfluenceError, case: Case, where: str) -> None:
    said = str(error)
    assert type(error) is case.kind
    assert said.startswith(f"{case.says} {where}")
    assert case.remedy in said
    assert said.endswith(".")
    assert "\n" not in said
    assert "com.atlassian" not in said
    assert error.exit_code == 3


def page_of(flavour: str) -> dict[str, object]:
    """Return a page in the shape of a recorded answer."""
    if flavour == "cloud":
        page = json.loads(recorded("cloud-v2-put-page.200.json"))
    else:
        page = json.loads(recorded("dc-put-content.200.json")) | {"space": {"key": "OPS"}}
        page["ancestors"] = []
    body = {"storage": {"value": "<p>text</p>", "representation": "storage"}}
    return {**page, "id": PAGE, "version": {"number": 7}, "body": body}
