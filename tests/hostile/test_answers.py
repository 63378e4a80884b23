"""Hostile answers in place of Confluence's: one sentence, no traceback, bounded time and memory."""

import gzip
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import BearerAuth
from confluence_changelog.errors import ChangelogError, PageError, UnreachableError
from confluence_changelog.publish import publish
from confluence_changelog.text import plain
from hostile.corpus import ESC, LOG
from hostile.listening import Answer, Listening, http, raw
from hostile.running import assert_harmless, assert_refused, call
from support.entries import entry, layout, nowhere
from support.repositories import Repo

PAGE: dict[str, Any] = {
    "id": "65538",
    "type": "page",
    "status": "current",
    "title": "Change Log",
    "space": {"key": "OPS"},
    "version": {"number": 7},
    "ancestors": [{"id": "65537"}],
    "body": {"storage": {"value": LOG, "representation": "storage"}},
}
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e400, 10**30, "", "x", "7", f"{ESC}[31m\n::error::x"),
    *([], [None], ["x"], [[]], {}, {"x": None}, [{}], [{"id": None}], "\ud800", "y" * 100_000),
)
_KEYS: tuple[tuple[str, ...], ...] = (
    *(("id",), ("type",), ("status",), ("title",), ("space",), ("space", "key")),
    *(("version",), ("version", "number"), ("ancestors",), ("ancestors", "0"), ()),
    *(("body",), ("body", "storage"), ("body", "storage", "value")),
)


def changed(path: tuple[str, ...], value: Any) -> Any:
    """Return the page with a value in one place, or the value alone."""
    if not path:
        return value
    page = json.loads(json.dumps(PAGE))
    inner = page
    for key in path[:-1]:
        inner = inner[key]
    inner[int(path[-1]) if isinstance(inner, list) else path[-1]] = value
    return page


def publish_to(answer: Answer) -> str:
    """Publish to a server that answers so; what is said of it, or nothing where all is well."""
    with Listening(answer) as server:
        transport = Transport(server.url, BearerAuth("a-token"), Deadline(0.1))
        try:
            publish(DataCenter(transport), PAGE["id"], [entry()], layout(), placements=nowhere)
        except ChangelogError as error:
            return str(error)
        finally:
            transport.close()
    return ""


def assert_one_sentence(said: str) -> None:
    shown = plain(said)
    assert_harmless(shown)
    assert shown.endswith(".")
    assert len(shown) < 2000


def _to_writes(data: bytes) -> Answer:
    """Answer reads with the page, and writes so."""

    def answer(request: bytes, connection: socket.socket) -> None:
        is_read = request.startswith(b"GET")
        connection.sendall(http(json.dumps(PAGE).encode()) if is_read else data)

    return answer


_BOMB = gzip.compress(b" " * 80_000_000, 1)
_DEEP = b"[" * 100_000 + b"]" * 100_000
_ERROR = b'{"message": "%s"}'
ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "no-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "header-only": b"HTTP/1.1 200 OK\r\n\r\n",
    "status-line": b"HTTP/1.1 \x1b[31m999999 x\r\n\r\n",
    "status-of-nonsense": b"HTTP/1.1 abc \r\n\r\n",
    "many-headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    "long-header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    "deep-json": http(_DEEP),
    "deep-object": http(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep-error": http(_DEEP, "400 Bad"),
    "long-number": http(b'{"version": ' + b"9" * 100_000 + b"}"),
    "not-utf-8": http(b'{"id": "\xff\xfe\xc3"}'),
    "utf-16": http('{"id": "x"}'.encode("utf-16")),
    "nan": http(b'{"version": {"number": NaN}, "id": Infinity}'),
    "html": http(b"<html>\x1b[31m</html>", "200 OK", "text/html\x1b[31m"),
    "kind-of-100-kb": http(b"x", "200 OK", "x" * 60_000),
    "charset-idna": http(b"\xffx", "200 OK", "text/html; charset=idna"),
    "charset-punycode": http(b"x-" + b"9" * 100_000, "400 Bad", "text/html; charset=punycode"),
    "charset-rot13": http(b"x", "400 Bad", "text/html; charset=rot13"),
    "charset-nul": http(b"x", "400 Bad", "text/html; charset=\x00"),
    "charset-undefined": http(b"x", "400 Bad", "text/html; charset=undefined"),
    "gzip-of-nothing": http(b"x", "200 OK", "application/json", "Content-Encoding: gzip"),
    "gzip-bomb": http(_BOMB, "200 OK", "application/json", "Content-Encoding: gzip"),
    "gzip-bomb-of-an-error": http(_BOMB, "400 Bad", "text/html", "Content-Encoding: gzip"),
    "length-too-long": http(b"{}").replace(b"Length: 2", b"Length: 999"),
    "length-too-short": http(json.dumps(PAGE).encode()).replace(b"Length: ", b"Length: 1\r\nX: "),
    "length-of-nonsense": http(b"{}").replace(b"Length: 2", b"Length: x"),
    "lengths": http(b"{}").replace(b"Length: 2", b"Length: 2\r\nContent-Length: 3"),
    "chunks-of-nonsense": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n",
    "chunk-too-long": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n{}",
    "message-line-breaks": http(
        _ERROR % b"a\\n::error::b\\r\\n##vso[x]\\u001b[31m \\u202e", "400 Bad"
    ),
    "message-10-mb": http(_ERROR % (b"m" * 10_000_000), "400 Bad"),
    "message-like-classes": http(_ERROR % (b"a." * 500_000), "400 Bad"),
    "message-of-lists": http(b'{"message": [[[1]], {"a": "\\u001b[31m"}]}', "400 Bad"),
    "errors-of-nonsense": http(b'{"errors": [null, 1]}', "400 Bad"),
    "errors-of-titles": http(b'{"errors": [{"title": ["::error::"]}]}', "403 No"),
    "not-found-of-nonsense": http(b'"\\ud800"', "404 No"),
    "unauthorised": http(b"[]", "401 No", "text/html", 'WWW-Authenticate: Negotiate "\x1b[31m'),
    "captcha": http(b"", "403 No", "text/html", "X-Seraph-LoginReason: AUTHENTICATION_DENIED"),
    "status-299": http(b"{}", "299 x"),
    "status-600": http(b"{}", "600 x"),
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    "redirect-endless": http(b"", "302 x", "text/html", "Location: /x"),
    "redirect-bad-ipv6": http(b"", "302 x", "text/html", "Location: http://[::1"),
    "redirect-bad-port": http(b"", "302 x", "text/html", "Location: http://h.example.com:x9/"),
    "redirect-escape": http(b"", "302 x", "text/html", "Location: http://a\x1b[31m::b/"),
    "redirect-script": http(b"", "302 x", "text/html", "Location: javascript:alert(1)"),
    "redirect-latin-1": http(b"", "302 x", "text/html").replace(
        b"\r\n", b"\r\nLocation: http://\xff\xfe/\r\n", 1
    ),
    "redirect-long": http(b"", "302 x", "text/html", "Location: http://" + "h" * 60_000),
    "redirect-bomb": http(
        _BOMB,
        *("302 x", "text/html", "Location: /x", "Content-Encoding: gzip"),
    ),
    "wait-endless": http(b"{}", "429 x", "text/html", f"Retry-After: {'9' * 5000}"),
    "wait-until-never": http(b"", "429 x", "text/html", "Retry-After: 1 Jan 99999999999 0:0 +0"),
    "wait-before-time": http(
        b"", "429 x", "text/html", "Retry-After: Mon, 01 Jan 0001 00:00:00 +2359"
    ),
    "wait-zone": http(b"", "429 x", "text/html", "Retry-After: 1 Jan 2030 0:0 +99999999999"),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("how", [raw, _to_writes])
def test_an_answer_is_refused(name: str, how: Callable[[bytes], Answer]) -> None:
    said = publish_to(how(ANSWERS[name]))
    assert said
    assert_one_sentence(said)


@pytest.mark.parametrize("path", _KEYS, ids=".".join)
def test_values_of_every_kind_in_a_page(path: tuple[str, ...]) -> None:
    """A page is refused, or taken; never something in between."""
    for value in _ODD:
        said = publish_to(raw(http(json.dumps(changed(path, value)).encode())))
        if said:
            assert_one_sentence(said)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "65539"),
        (("id",), "../../admin"),
        (("title",), None),
        (("title",), "\ud800"),
        (("type",), "attachment"),
        (("version", "number"), True),
        (("version", "number"), 0),
        (("version", "number"), 10**30),
        (("ancestors",), [None]),
        (("ancestors", "0"), {"id": "x/../y"}),
        (("space", "key"), 5),
    ],
)
def test_nothing_is_written_to_a_page_that_is_not_understood(
    path: tuple[str, ...], value: object
) -> None:
    with Listening(raw(http(json.dumps(changed(path, value)).encode()))) as server:
        transport = Transport(server.url, BearerAuth("a-token"), Deadline(0.1))
        with pytest.raises(PageError):
            publish(DataCenter(transport), PAGE["id"], [entry()], layout(), placements=nowhere)
        transport.close()
    assert [request.split(b" ")[0] for request in server.requests] == [b"GET"]


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then satisfies the time limit of each read, not that of the answer."""
    monkeypatch.setattr("confluence_changelog.confluence.transport.READ_TIMEOUT", 0.3)

    def drip(_request: bytes, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not server.stopped.wait(0.02):
            connection.sendall(b" ")

    server = Listening(drip)
    with server:
        transport = Transport(server.url, BearerAuth("a-token"), Deadline(0))
        with pytest.raises(UnreachableError, match="did not answer in time"):
            DataCenter(transport).read_page("65538")
        transport.close()


def test_the_command_line_says_it_in_one_sentence(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFLUENCE_PAGE", "65538")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "a-token")
    for name in ("message-line-breaks", "deep-json", "redirect-escape", "html", "captcha"):
        with Listening(raw(ANSWERS[name])) as server:
            monkeypatch.setenv("CONFLUENCE_URL", server.url)
            assert_refused(call(capsys, "publish", "--range", "HEAD"))
