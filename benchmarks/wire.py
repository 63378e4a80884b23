"""A sandbox in a process of its own, pages on it, and a meter of what goes over the wire."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import requests

from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import BearerAuth
from confluence_changelog.sandbox import SPACE, TOKEN

_titles = count(1)


@dataclass(slots=True)
class Meter:
    """Counts requests and the bytes of their bodies and answers, whoever sends them."""

    requests: int = 0
    bytes: int = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count what goes through ``requests`` meanwhile."""
        send = requests.Session.send

        def counted(
            session: requests.Session, request: requests.PreparedRequest, **options: object
        ) -> requests.Response:
            answer = send(session, request, **options)  # type: ignore[arg-type]
            self.requests += 1
            if options.get("stream"):  # whoever streams reads the content
                received = int(answer.headers.get("Content-Length") or 0)
            else:
                received = len(answer.content)
            self.bytes += len(request.body or b"") + received
            return answer

        requests.Session.send = counted  # type: ignore[method-assign]
        try:
            yield
        finally:
            requests.Session.send = send  # type: ignore[method-assign]


@contextmanager
def sandbox() -> Iterator[str]:
    """Give the address of a sandbox that lives as long as the context."""
    code = "from confluence_changelog.sandbox import serve; serve(0, None, lambda a: print(a, flush=True))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, encoding="ascii"
    )
    try:
        yield _first_line(process)
    finally:
        process.terminate()
        process.communicate()


def _first_line(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        raise RuntimeError("the sandbox has no output")
    return process.stdout.readline().strip()


def session() -> requests.Session:
    """Return a session that is logged in."""
    made = requests.Session()
    made.headers["Authorization"] = f"Bearer {TOKEN}"
    return made


def create_page(address: str, storage: str) -> tuple[str, str]:
    """Create a page and return its id and title."""
    title = f"Change Log {next(_titles)}"
    payload = {
        "type": "page",
        "title": title,
        "space": {"key": SPACE},
        "body": {"storage": {"value": storage, "representation": "storage"}},
    }
    with session() as web:
        answer = web.post(f"{address}/rest/api/content", json=payload)
        answer.raise_for_status()
    return str(answer.json()["id"]), title


@contextmanager
def client(address: str, seconds: float = 120.0) -> Iterator[DataCenter]:
    """Give a client of ours with the deadline that is the configuration's default."""
    transport = Transport(address, BearerAuth(TOKEN), Deadline(seconds))
    yield DataCenter(transport)
    transport.close()
