"""Secrets, every form that they could take, and the search for them."""

import base64
import html
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from hostile.listening import Answer, http
from support.repositories import Repo

USER = "deploy"
PASSWORD = 'Gr\u00fcn "7"/&<x>\\ %41+2026'
TOKEN = "tok-9f3a/+b1=Z&q<8>"
PROXY_PASSWORD = "proxy-Xk29vQ"
BASIC = {"CONFLUENCE_USER": USER, "CONFLUENCE_PASSWORD": PASSWORD}
BEARER = {"CONFLUENCE_TOKEN": TOKEN}
KINDS = {"basic": BASIC, "bearer": BEARER}
PAIR = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
HEADERS = {"basic": f"Basic {PAIR}", "bearer": f"Bearer {TOKEN}"}


def forms() -> dict[str, bytes]:
    """Return each secret in each encoding, as bytes."""
    found: dict[str, bytes] = {}
    for name, secret in (("password", PASSWORD), ("token", TOKEN), ("proxy", PROXY_PASSWORD)):
        texts = {
            "plain": secret,
            "address": quote(secret, safe=""),
            "path": quote(secret),
            "form": quote_plus(secret),
            "JSON": json.dumps(secret)[1:-1],
            "JSON, UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1],
            "HTML": html.escape(secret),
            "Python": repr(secret)[1:-1],
            "base64": base64.b64encode(secret.encode()).decode().rstrip("="),
        }
        found |= {f"{name} as {form}": text.encode() for form, text in texts.items()}
    return found | {"header": PAIR.rstrip("=").encode()}


FORMS = forms()


def assert_nowhere(*places: bytes | str | Path) -> None:
    """Search texts and files, and whatever lies below folders."""
    for place in places:
        if isinstance(place, Path):
            files = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
            for file in files:
                assert_nowhere(str(file), file.read_bytes())
            continue
        data = place.encode("utf-8", "surrogateescape") if isinstance(place, str) else place
        for form, secret in FORMS.items():
            assert secret not in data, (form, data[:200])


class Place(NamedTuple):
    """Where a command runs, and all folders that it may write to."""

    repo: Repo
    home: Path
    temporary: Path

    @property
    def environment(self) -> dict[str, str]:
        folders = dict.fromkeys(("HOME", "USERPROFILE", "XDG_STATE_HOME"), str(self.home))
        return folders | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.temporary))


def echo(status: str, kind: str) -> Answer:
    """Answer with the head of the request, as careless servers and proxies do."""

    def answer(request: bytes, connection: socket.socket) -> None:
        head = request.decode("latin-1")
        lines = head.split("\r\n")
        header = next((line for line in lines if line.startswith("Authorization: ")), "")
        value = header.partition(": ")[2]
        decoded = value
        if value.startswith("Basic "):
            decoded = base64.b64decode(value.removeprefix("Basic ")).decode()
        said = f"{decoded} {value} {quote(decoded)} {html.escape(decoded)} {header} {head}"
        if kind == "application/json":
            text = json.dumps({"message": said, "statusCode": 1})
        elif kind == "application/json; padded":
            text = json.dumps({"message": "x" * (299 - len(value) // 2) + value + said})
        else:
            text = f"<html><body>{said} {html.escape(said)}</body></html>"
        place = f"http://{quote(value)}@other.example.com/{quote(value)}"
        connection.sendall(http(text.encode(), status, kind, f"Location: {place}"))

    return answer


def command_lines() -> Iterator[bytes]:
    """What Linux tells everybody of all processes; nothing elsewhere."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_bytes()
        except OSError:  # it ended
            continue
