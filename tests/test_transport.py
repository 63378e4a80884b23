"""The transport against a server that answers as told: what is retried and how errors read."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from confluence_changelog import errors
from confluence_changelog.confluence.answers import message_of
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.transport import Transport, parse_retry_after
from confluence_changelog.credentials import BasicAuth

Answer = tuple[int, dict[str, str], bytes]
PASSWORD = "s3cr3t-pässword"


class Server:
    """Answers requests with a queue of answers, the last of them again and again."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.seen.append((self.command, dict(self.headers)))
                answers = server.answers
                status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_PUT = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.httpd.server_port}"
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, status: int, body: object = None, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        self.answers.append((status, {k.replace("_", "-"): v for k, v in headers.items()}, data))


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.httpd.shutdown()
    running.httpd.server_close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Transport]]:
    made: list[Transport] = []

    def make(base: str, seconds: float = 20) -> Transport:
        made.append(Transport(base, BasicAuth("ada", PASSWORD), Deadline(seconds)))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


Connect = Callable[..., Transport]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_read_is_repeated_but_for_500(server: Server, connect: Connect, status: int) -> None:
    server.put(status)
    server.put(200, {"ok": 1})
    if status == 500:
        with pytest.raises(errors.ServerError, match="failed with 500"):
            connect(server.base).get("/x", "reading")
    else:
        assert connect(server.base).get("/x", "reading") == {"ok": 1}


def test_a_write_is_not_repeated_after_a_server_error(server: Server, connect: Connect) -> None:
    server.put(503)
    with pytest.raises(errors.LostAnswerError, match="run again"):
        connect(server.base).put("/x", "writing", {})
    assert len(server.seen) == 1


def test_a_rate_limit_is_repeated_for_both(server: Server, connect: Connect) -> None:
    for method in ("get", "put"):
        server.answers.clear()
        server.put(429, Retry_After="0")
        server.put(200, {"ok": 1})
        transport = connect(server.base)
        send = transport.get if method == "get" else transport.put
        assert send("/x", "asking", {}) == {"ok": 1}


@pytest.mark.parametrize("after", ["9223372036854775807", "61", "30"])
def test_a_wait_beyond_bounds_is_an_error_at_once(
    server: Server, connect: Connect, after: str
) -> None:
    server.put(429, Retry_After=after)
    with pytest.raises(errors.RateLimitedError, match="run again later"):
        connect(server.base, 20).get("/x", "reading")
    assert len(server.seen) == 1


def test_an_endless_rate_limit_ends(server: Server, connect: Connect) -> None:
    server.put(429, Retry_After="0")
    with pytest.raises(errors.RateLimitedError, match="run again later, nothing is lost"):
        connect(server.base, 0.5).get("/x", "reading")


def test_endless_failure_ends(server: Server, connect: Connect) -> None:
    server.put(503)
    with pytest.raises(errors.ServerError, match="nothing is lost"):
        connect(server.base, 0.5).get("/x", "reading")


def test_retry_after_in_both_forms() -> None:
    assert parse_retry_after(" 7 ") == 7.0
    later = parse_retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=100)))
    assert later is not None
    assert 90 < later <= 100
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert parse_retry_after("soon") is None


def test_captcha_stops_at_once(server: Server, connect: Connect) -> None:
    server.put(401, b"<html>", X_Seraph_LoginReason="AUTHENTICATION_DENIED")
    with pytest.raises(errors.CaptchaError, match="log in once in a browser"):
        connect(server.base).get("/x", "reading")
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("status", "headers", "body", "says"),
    [
        (
            302,
            {"Location": "https://sso.example.org/login?token=x"},
            b"",
            "redirect to sso.example.org",
        ),
        (302, {"Location": "/login.action"}, b"", "redirect to another path"),
        (200, {"Content-Type": "text/html;charset=UTF-8"}, b"<html>Log in</html>", "text/html"),
        (200, {}, b"", "an empty answer"),
        (200, {}, b"[1]", "JSON that is no object"),
    ],
)
def test_what_is_not_confluence(
    server: Server, connect: Connect, status: int, headers: dict[str, str], body: bytes, says: str
) -> None:
    server.answers.append((status, {"Content-Length": str(len(body)), **headers}, body))
    with pytest.raises(errors.NotConfluenceError) as error:
        connect(server.base).get("/x", "reading page 7")
    assert says in str(error.value)
    assert "reading page 7" in str(error.value)


def test_credentials_are_on_every_request_and_in_no_error(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.put(403, {"message": "no"})
    with pytest.raises(errors.PermissionDeniedError) as error:
        connect(server.base).put("/x", "writing", {"a": "\u20ac"})
    sent = server.seen[0][1]
    assert sent["Authorization"].startswith("Basic YWRhOnMzY3IzdC1ww6Rzc3dvcmQ")
    assert sent["X-Atlassian-Token"] == "no-check"
    assert sent["Content-Type"] == "application/json; charset=utf-8"
    assert "s3cr3t" not in str(error.value)
    assert "s3cr3t" not in repr(error.getrepr(style="long"))


def test_a_dead_address(connect: Connect) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    with pytest.raises(errors.UnreachableError) as error:
        connect(base, 0.3).put("/x", "writing", {})
    assert not isinstance(error.value, errors.LostAnswerError)
    assert "no connection could be made" in str(error.value)
    assert base in str(error.value)


def test_messages_are_bounded_and_printable() -> None:
    message = message_of({"message": "a\x1b[31m\n" + "b" * 1000})
    assert len(message) == 300
    assert "\x1b" not in message
    assert "\n" not in message
    assert message_of({"errors": [{"title": "t"}]}) == "t"
    assert message_of(["x"]) == message_of({"errors": []}) == ""
