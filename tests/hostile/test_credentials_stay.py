"""Credentials stay where they belong: every command fails in every way, and all that was written
anywhere is searched for them, in every form that they could take."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest

from confluence_changelog.cli import pending
from confluence_changelog.sandbox import LOG_ID, Sandbox
from hostile.corpus import LOG
from hostile.listening import Listening, http, raw
from hostile.running import SECONDS, assert_harmless, assert_refused, run
from hostile.secrets import (
    BASIC,
    BEARER,
    FORMS,
    HEADERS,
    KINDS,
    PASSWORD,
    PROXY_PASSWORD,
    TOKEN,
    USER,
    Place,
    assert_nowhere,
    command_lines,
    echo,
)
from support.repositories import Repo

ECHOES = {
    f"{status} {kind}": echo(status, kind)
    for status in (
        "200 x",
        "302 x",
        "400 x",
        "401 x",
        "403 x",
        "404 x",
        "409 x",
        "429 x",
        "500 x",
        "503 x",
    )
    for kind in ("application/json", "application/json; padded", "text/html")
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in ECHOES for kind in KINDS if kind == "basic" or "padded" in name],
)
def test_an_echo_is_not_repeated(
    name: str,
    kind: str,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from hostile.running import call

    with Listening(ECHOES[name]) as server:
        for key, value in (KINDS[kind] | place.environment).items():
            monkeypatch.setenv(key, value)
        monkeypatch.setenv("CONFLUENCE_URL", server.url)
        monkeypatch.setenv("CONFLUENCE_PAGE", "65538")
        done = call(capsys, "publish", "--range", "HEAD")
    assert HEADERS[kind].encode() in server.requests[0]
    assert_refused(done)
    assert_nowhere(done.text, place.repo.path, place.home, place.temporary)


def _hang(_request: bytes, connection: socket.socket) -> None:
    connection.recv(1)  # until the client goes


FAILURES: dict[str, Callable[[bytes, socket.socket], None]] = {
    "reset": lambda _request, _connection: None,
    "half an answer": raw(http(b"{}").replace(b"Length: 2", b"Length: 9")),
    "time-out": _hang,
    "no JSON": raw(http(b"{")),
}
PYTHONS = {
    "plain": ((), {}),
    "development": (("-X", "dev"), {"PYTHONFAULTHANDLER": "1", "PYTHONASYNCIODEBUG": "1"}),
    "verbose": (("-v", "-X", "importtime"), {"PYTHONTRACEMALLOC": "5"}),
}
COMMANDS = {
    "publish": ("publish", "--range", "HEAD"),
    "dry run": ("publish", "--commit", "HEAD", "--dry-run", "--format", "json"),
    "pending": ("publish", "--pending"),
    "quiet": ("publish", "--pending", "--quiet"),
    "add": ("add", "What", "Why"),
    "page": ("page", "write", "65538", "<p>x</p>"),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("publish", "basic"),
        ("dry run", "bearer"),
        ("pending", "bearer"),
        ("quiet", "basic"),
        ("add", "basic"),
        ("page", "bearer"),
    ],
)
def test_failures(command: str, kind: str, place: Place) -> None:
    _note(place)
    for failure in FAILURES.values():
        with Listening(failure) as server:
            environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
            environment |= KINDS[kind] | place.environment
            done = run(*COMMANDS[command], folder=place.repo.path, environment=environment)
        assert server.requests
        assert_refused(done)
        assert_nowhere(done.text)
    assert_nowhere(place.repo.path, place.home, place.temporary)


def _note(place: Place) -> None:
    folder = place.repo.path / ".git" / "confluence-changelog" / "pending"
    folder.mkdir(parents=True)
    commit = place.repo.rev_parse()
    note = {"version": 1, "commit": commit, "noted": time.time(), "branch": "main"}
    (folder / commit).write_text(json.dumps(note), encoding="utf-8")


UNREACHABLE = {
    "dead port": {"CONFLUENCE_URL": "http://127.0.0.1:9"},
    "no TLS": {"CONFLUENCE_URL": "https://127.0.0.1:{port}"},
    "no certificates": {
        "CONFLUENCE_URL": "https://127.0.0.1:{port}",
        "REQUESTS_CA_BUNDLE": "/nowhere/ca.pem",
    },
    "dead proxy": {
        "CONFLUENCE_URL": "https://wiki.example.com",
        "HTTPS_PROXY": f"http://me:{PROXY_PASSWORD}@127.0.0.1:9",
    },
    "bad proxy": {
        "CONFLUENCE_URL": "https://wiki.example.com",
        "HTTPS_PROXY": f"http://me:{PROXY_PASSWORD}@[::1",
    },
    "refusing proxy": {
        "CONFLUENCE_URL": "https://wiki.example.com",
        "HTTPS_PROXY": f"http://me:{PROXY_PASSWORD}@127.0.0.1:{{port}}",
    },
    "other host": {"CONFLUENCE_URL": "http://127.0.0.1:{port}", "--url": "http://localhost:{port}"},
    "other scheme": {
        "CONFLUENCE_URL": "https://127.0.0.1:{port}",
        "--url": "http://127.0.0.1:{port}",
    },
    "plain HTTP": {"CONFLUENCE_URL": "http://wiki.example.com"},
    "credentials in the address": {
        "CONFLUENCE_URL": f"http://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{{port}}"
    },
    "a password for an address": {"CONFLUENCE_URL": f"{USER}:{quote(TOKEN, safe='')}@127.0.0.1"},
    "a password for a page": {
        "CONFLUENCE_URL": "http://127.0.0.1:{port}",
        "CONFLUENCE_PAGE": f"http://{USER}:{quote(TOKEN, safe='')}@127.0.0.1/x",
    },
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", UNREACHABLE)
def test_nothing_is_sent_to_anybody_else(name: str, kind: str, place: Place) -> None:
    with Listening(raw(http(b"denied", "407 x", "text/html"))) as server:
        said = {key: value.format(port=server.port) for key, value in UNREACHABLE[name].items()}
        options = ["--url", said.pop("--url")] if "--url" in said else []
        environment = {"CONFLUENCE_PAGE": "65538"} | KINDS[kind] | place.environment | said
        done = run(
            "publish", "--range", "HEAD", *options, folder=place.repo.path, environment=environment
        )
    assert_refused(done, done.code)
    assert done.code in (2, 3)
    assert_nowhere(done.text, place.repo.path, place.home, place.temporary)
    for request in server.requests:
        assert b"Authorization: B" not in request.replace(b"Proxy-Authorization", b"")
        for form, secret in FORMS.items():
            assert secret not in request or form.startswith("proxy"), form


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_gets_nothing(status: int, kind: str, place: Place) -> None:
    with Listening(raw(http(b"{}"))) as other:
        lead = http(b"", f"{status} x", "text/html", f"Location: {other.url}/x")
        with Listening(raw(lead)) as server:
            environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
            environment |= KINDS[kind] | place.environment
            done = run(
                "publish", "--range", "HEAD", folder=place.repo.path, environment=environment
            )
    assert_refused(done)
    assert other.requests == []
    assert HEADERS[kind].encode() in server.requests[0]
    assert_nowhere(done.text)


@pytest.mark.parametrize(
    ("python", "kind"), [("plain", "bearer"), ("development", "basic"), ("verbose", "basic")]
)
def test_while_it_waits_and_is_interrupted(python: str, kind: str, place: Place) -> None:
    """The server never answers; meanwhile anybody may look at the processes."""
    options, more = PYTHONS[python]
    with Listening(_hang) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
        environment |= KINDS[kind] | place.environment | more
        (place.repo.path / "confluence-changelog.toml").unlink()
        output = place.temporary / "output"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [
                    sys.executable,
                    *options,
                    "-m",
                    "confluence_changelog",
                    "publish",
                    "--range",
                    "HEAD",
                ],
                cwd=place.repo.path,
                env=os.environ | environment,
                stdout=file,
                stderr=file,
            )
            assert server.asked.wait(SECONDS)
            assert_nowhere(*command_lines())
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)
    shown = output.read_bytes()
    if os.name == "posix":
        assert process.returncode == 130
    assert b"error: Interrupted; run again" in shown
    assert b"Traceback" not in shown
    assert_nowhere(shown, place.repo.path, place.home, place.temporary)


@pytest.mark.parametrize("kind", KINDS)
def test_a_background_publisher(kind: str, place: Place) -> None:
    """The hook's publisher fails unseen; its reason stands in the Git folder."""
    asked = threading.Event()

    def answer(request: bytes, connection: socket.socket) -> None:
        echo("403 x", "application/json")(request, connection)
        asked.set()

    with Listening(answer) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
        environment |= KINDS[kind] | place.environment | {"CI": ""}
        done = run("note", "--post-commit", folder=place.repo.path, environment=environment)
        assert (done.code, done.text) == (0, "")
        assert asked.wait(SECONDS)
        assert_nowhere(*command_lines())
        _until_ended(place.repo)
        shown = run("status", folder=place.repo.path, environment=environment)
    assert "The last publisher stopped" in shown.out
    assert_harmless(shown.text)
    assert_nowhere(shown.text, place.repo.path, place.home, place.temporary)


def _until_ended(repo: Repo) -> None:
    """Wait for the publisher's lock."""
    from confluence_changelog import lock
    from confluence_changelog.git import open_repository

    file = pending.lock_file(open_repository(repo.path))
    end = time.monotonic() + SECONDS
    while lock.is_held(file):
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def test_commands_that_need_no_credentials_read_none(place: Place) -> None:
    (place.repo.path / "MESSAGE").write_text("fix\n", encoding="utf-8")
    environment = BASIC | BEARER | place.environment
    for arguments, code in (
        (("check", "MESSAGE"), 1),
        (("check", "--range", "HEAD", "--format", "json"), 0),
        (("status",), 0),
        (("prepare", "MESSAGE"), 0),
        (("publish",), 2),
        (("publish", "--range", "nowhere"), 3),
        (("--help",), 0),
        (("unknown",), 2),
    ):
        done = run(*arguments, folder=place.repo.path, environment=environment)
        assert done.code == code, done
        assert_nowhere(done.text)
    assert_nowhere(place.repo.path, place.home, place.temporary)


@pytest.mark.parametrize(
    "variables",
    [
        {"CONFLUENCE_TOKEN": "tok-\u20ac-9f3a"},
        {"CONFLUENCE_TOKEN": "tok-9f3a\nX-Evil: yes"},
        {"CONFLUENCE_TOKEN": "tok-9f3a\x7f\x1b[31m"},
        {"CONFLUENCE_USER": "a\r\nX-Evil: yes", "CONFLUENCE_PASSWORD": "tok-9f3a"},
        {"CONFLUENCE_USER": "ada"},
        {"CONFLUENCE_PASSWORD": "tok-9f3a"},
    ],
)
def test_credentials_that_cannot_be(variables: dict[str, str], place: Place) -> None:
    with Listening(raw(http(b"{}"))) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"} | variables
        done = run("publish", "--range", "HEAD", folder=place.repo.path, environment=environment)
    assert_refused(done, 2)
    assert "9f3a" not in done.text
    assert server.requests == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no variables that are not Unicode")
def test_a_password_that_is_not_unicode_is_sent_as_it_is(place: Place) -> None:
    with Listening(raw(http(b"{}", "401 x"))) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
        environment |= {"CONFLUENCE_USER": "ada", "CONFLUENCE_PASSWORD": "p\udcff9f3a"}
        done = run("publish", "--range", "HEAD", folder=place.repo.path, environment=environment)
    assert_refused(done)
    assert base64.b64encode(b"ada:p\xff9f3a") in server.requests[0]
    assert "9f3a" not in done.text


def test_a_page_that_is_refused_is_remembered_harmlessly(sandbox: Sandbox, place: Place) -> None:
    headers = "<th>\x9b31m\u202e::error::##vso[x]</th>"
    sandbox.set_body(LOG_ID, LOG.replace("<th>Date</th>", headers))
    _note(place)
    done = run("publish", "--pending", folder=place.repo.path, environment={})
    assert_refused(done)
    for form in ("text", "json"):
        done = run("status", "--format", form, folder=place.repo.path, environment={})
        assert "with the headers" in done.out
        assert_harmless(done.text)
