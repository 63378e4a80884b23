"""The server: connections, start and stop, files, and life without Flask."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from confluence_changelog.errors import UsageError
from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox

Update = Callable[..., dict[str, Any]]


def test_a_connection_is_kept(sandbox: Sandbox) -> None:
    address = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection.connect()
    local = connection.sock.getsockname()
    for path in ("/", "/wiki.css", "/nothing"):
        connection.request("GET", path)
        connection.getresponse().read()
        assert connection.sock.getsockname() == local
    connection.close()


def test_head_and_chunks(sandbox: Sandbox, log: str, update: Update) -> None:
    address = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection.request("HEAD", "/wiki.css")
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")
    assert int(head.headers["Content-Length"]) > 1000
    body = requests.Request("PUT", log, json=update(storage="<p>chunks</p>")).prepare().body
    assert isinstance(body, bytes)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer sandbox-token"}
    connection.request("PUT", urlsplit(log).path, iter([body[:10], body[10:]]), headers)
    assert connection.getresponse().status == 200
    assert sandbox.page(LOG_ID).storage == "<p>chunks</p>"
    connection.close()


@pytest.mark.parametrize(
    "head",
    [
        b"PUT / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"PUT / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_request_that_is_none(
    sandbox: Sandbox, head: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    address = urlsplit(sandbox.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(head)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert b"400" in answer
    assert requests.get(f"{sandbox.url}/", timeout=5).status_code == 200
    assert capfd.readouterr().err == ""


def test_a_client_that_goes_away_says_nothing_on_stderr(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Sandbox() as sandbox:
        address = urlsplit(sandbox.url)
        with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
            connection.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 100\r\n\r\nshort")
        with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n" * 20)
    assert capfd.readouterr().err == ""


def test_stopping_ends_open_connections_and_waiting_requests() -> None:
    with Sandbox() as sandbox, requests.Session() as session:
        session.get(f"{sandbox.url}/")
        sandbox.put_fault(delay=3600)
        with pytest.raises(requests.ReadTimeout):
            session.get(f"{sandbox.url}/", timeout=0.2)
        sandbox.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(f"{sandbox.url}/")


def test_reset_goes_back_to_the_start(sandbox: Sandbox, log: str, update: Update) -> None:
    start = sandbox.page(LOG_ID).version
    page = sandbox.create_page("Gone")
    sandbox.add_user("ada", "x")
    sandbox.switch(stale_read=9, captcha=1, anonymous_access=True)
    requests.put(log, json=update(), auth=("admin", "admin"), timeout=5)
    requests.get(log, auth=("admin", "wrong"), timeout=5)
    sandbox.put_fault(status=500)
    sandbox.reset()
    assert sandbox.requests() == []
    answer = requests.get(f"{log}?expand=version", auth=("admin", "admin"), timeout=5)
    assert (answer.status_code, answer.json()["version"]["number"]) == (200, 1)
    assert requests.get(log, auth=("ada", "x"), timeout=5).status_code == 401
    assert requests.get(log, timeout=5).status_code == 403
    assert sandbox.page(LOG_ID).version.title == start.title
    assert sandbox.create_page("First again").id == page.id


def test_a_file_keeps_everything(tmp_path: Path, update: Update) -> None:
    data = tmp_path / "sandbox.db"
    with Sandbox(data=data) as sandbox:
        address = f"{sandbox.url}/rest/api/content/{LOG_ID}"
        requests.put(address, json=update(), auth=("admin", "admin"), timeout=5)
        page = sandbox.create_page("Kept")
    with Sandbox(data=data) as sandbox:
        assert [version.number for version in sandbox.versions(LOG_ID)] == [2, 1]
        assert sandbox.page(page.id).title == "Kept"
        assert sandbox.page(HOME_ID).latest == 1


def test_memory_keeps_nothing() -> None:
    with Sandbox() as sandbox:
        page = sandbox.create_page("Gone")
    with Sandbox() as sandbox, pytest.raises(LookupError):
        sandbox.page(page.id)


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("no database, but long enough to be looked at as one" * 10, encoding="utf-8")
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE page(x)")
    connection.close()
    for data in (text, foreign, tmp_path / "no folder" / "x.db"):
        with pytest.raises(UsageError, match=r"cannot be used as the sandbox's file"):
            Sandbox(data=data)


def test_a_port_that_is_taken(sandbox: Sandbox) -> None:
    port = urlsplit(sandbox.url).port
    assert port is not None
    for taken in (port, 70000):
        with pytest.raises(UsageError, match=rf"Port {taken} of 127.0.0.1 cannot be used"):
            Sandbox(port=taken)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process alone")
def test_serve_announces_its_address_and_ends_when_interrupted(tmp_path: Path) -> None:
    program = (
        "import pathlib; from confluence_changelog.sandbox import serve; "
        f"serve(0, pathlib.Path({str(tmp_path / 'data.db')!r}), lambda url: print(url, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            assert requests.get(f"{url}/", timeout=5).status_code == 200
        finally:
            process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=20)
    assert (process.returncode, *rest) == (0, "", "")


def test_without_flask_the_package_can_be_imported_and_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['flask'] = None; sys.modules['werkzeug'] = None\n"
        "from confluence_changelog.sandbox import Sandbox, serve\n"
        "for start in (Sandbox, lambda: serve(0, None, print)):\n"
        "    try: start()\n"
        "    except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20
    )
    said = (
        "UsageError The sandbox needs Flask, which is not installed: "
        "run python -m pip install 'confluence-changelog[sandbox]'."
    )
    assert done.stdout.splitlines() == [said, said]


def test_importing_the_package_imports_no_flask() -> None:
    program = (
        "import sys, confluence_changelog.sandbox\n"
        "print([m for m in ('flask', 'werkzeug', 'jinja2', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stdout.strip() == "[]"


def test_the_starting_page_looks_like_a_teams(sandbox: Sandbox) -> None:
    page = sandbox.page(LOG_ID)
    assert page.parent == HOME_ID
    assert page.storage.count("<table") == 3  # the first is not the log, one stands in CDATA
    assert "<![CDATA[<table>" in page.storage
    first, _, rest = page.storage.partition("</table>")
    assert "<th>Date</th>" not in first
    headings = '<tr><th>Date</th><th>Who</th><th colspan="1">What</th><th colspan="1">Why</th></tr>'
    assert headings in rest
