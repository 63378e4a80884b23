"""Stands between the publishers and the server: makes the trouble that is planned, and kills.

The first part of a request's path names the publisher's process (a `Course`), so that each meets its
own plan, also where the write of a dead one arrives late.
"""

import http.client
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

from campaign.plan import Attempt, Step, Trouble
from confluence_changelog.sandbox.faults import LOG_IN_PAGE

if TYPE_CHECKING:
    from subprocess import Popen


class Answer(NamedTuple):
    """An answer to a request."""

    status: int
    kind: str
    body: bytes
    retry_after: str = ""


def _error(status: int, message: str, retry_after: str = "") -> Answer:
    body = f'{{"statusCode":{status},"message":"{message}"}}'.encode()
    return Answer(status, "application/json", body, retry_after)


_GATEWAY = b"<html><head><title>Bad gateway</title></head><body><h1>nginx</h1></body></html>"
_LOG_IN = Answer(200, "text/html;charset=UTF-8", LOG_IN_PAGE.encode())
_IN_PLACE: dict[Trouble, tuple[bool, Answer | None]] = {
    Trouble.DROPPED_BEFORE: (False, None),
    Trouble.DROPPED_AFTER: (True, None),
    Trouble.CONFLICT: (False, _error(409, "Version must be incremented on update.")),
    Trouble.LIMITED: (False, _error(429, "Rate limit exceeded", "0")),
    Trouble.FAILED: (False, _error(500, "could not execute batch")),
    Trouble.FAILED_AFTER: (True, _error(500, "could not flush the index")),
    Trouble.BAD_GATEWAY: (False, Answer(502, "text/html", _GATEWAY)),
    Trouble.BAD_GATEWAY_AFTER: (True, Answer(502, "text/html", _GATEWAY)),
    Trouble.UNAVAILABLE: (False, Answer(503, "text/html", _GATEWAY)),
    Trouble.UNAVAILABLE_AFTER: (True, Answer(503, "text/html", _GATEWAY)),
    Trouble.LOG_IN: (False, _LOG_IN),
    Trouble.LOG_IN_AFTER: (True, _LOG_IN),
}
"""Whether the server handles the request all the same, and what is answered; None: nothing is."""


@dataclass(slots=True)
class Course:
    """One publisher process and what happens to it."""

    attempt: Attempt
    earlier: deque[tuple[str, Answer]]
    """The worker's latest reads with their paths, for stale ones."""
    process: "Future[Popen[str]]" = field(default_factory=Future)
    met: list[Step | Trouble] = field(default_factory=list)
    """What did happen."""
    counts: Counter[str] = field(default_factory=Counter)

    def kill_at(self, step: Step, nth: int) -> bool:
        """Kill the process if that is planned for here; say whether it was."""
        if self.attempt.kill != (step, nth):
            return False
        self.process.result().kill()
        self.met.append(step)
        return True


class Proxy:
    """Listens on 127.0.0.1, in threads of this process."""

    def __init__(self, upstream: str, edit: Callable[[], bool], nudge: Callable[[], None]) -> None:
        """Make a proxy.

        Args:
            upstream: the address of the server.
            edit: another hand's next edit, made when it returns; says whether one was left.
            nudge: is called after each write, so that the other hand keeps pace.

        """
        self.upstream = urlsplit(upstream).netloc
        self.edit = edit
        self.nudge = nudge
        self.errors: list[BaseException | None] = []
        """What went wrong with the proxy itself."""
        self._courses: dict[str, Course] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def open(self, course: Course) -> str:
        """Return the address under which a publisher meets its course."""
        with self._lock:
            name = str(len(self._courses) + 1)
            self._courses[name] = course
        return f"http://127.0.0.1:{self._server.server_port}/{name}"

    def course(self, name: str) -> Course:
        """Return the course of that name."""
        with self._lock:
            return self._courses[name]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128
    proxy: Proxy

    def handle_error(self, *_args: object) -> None:
        """Keep the error for the campaign's end."""
        self.proxy.errors.append(sys.exception())


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        with suppress(ConnectionError):
            super().finish()

    def do_GET(self) -> None:
        self._relay("READ")

    def do_PUT(self) -> None:
        self._relay("WRITE")

    def do_POST(self) -> None:
        self._relay("WRITE")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _relay(self, kind: str) -> None:
        """Kill, trouble, hand on and answer as the course wants it."""
        _, name, path = self.path.split("/", 2)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        course = self.server.proxy.course(name)
        course.counts[kind] += 1
        nth = course.counts[kind]
        answer = None
        if not course.kill_at(Step[f"{kind}_ASKED"], nth):
            if kind == "WRITE":
                course.kill_at(Step.WRITE_UNDER_WAY, nth)
            answer = self._troubled(course, course.attempt.trouble(self.command, nth), path, body)
        done = Step.WRITE_APPLIED if kind == "WRITE" else Step.READ_ANSWERED
        if answer is None or course.kill_at(done, nth):
            self.close_connection = True
        else:
            self._give(answer)
            course.kill_at(Step[f"{kind}_GIVEN"], nth)
        if kind == "WRITE":
            self.server.proxy.nudge()

    def _troubled(
        self, course: Course, trouble: Trouble | None, path: str, body: bytes
    ) -> Answer | None:
        """Return the answer to a request, or None for none, with the trouble that is planned."""
        happens = trouble is not None
        if trouble is Trouble.EDITED:
            happens = self.server.proxy.edit()
        if trouble is Trouble.SLOW:
            time.sleep(course.attempt.delay)
        earlier = [answer for asked, answer in course.earlier if asked == path]
        if trouble is Trouble.STALE and earlier:
            course.met.append(trouble)
            return earlier[-min(course.attempt.back, len(earlier))]
        if trouble is not None and happens and trouble is not Trouble.STALE:
            course.met.append(trouble)
        handled, instead = _IN_PLACE.get(trouble, (True, None)) if trouble else (True, None)
        answer = self._forward(path, body) if handled else None
        if self.command == "GET" and "body" in path and answer and answer.status == 200:
            course.earlier.append((path, answer))
        return instead if trouble in _IN_PLACE else answer

    def _forward(self, path: str, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self.server.proxy.upstream)
        try:
            headers = {
                name: self.headers[name]
                for name in ("Authorization", "Content-Type", "Accept", "X-Atlassian-Token")
                if name in self.headers
            }
            connection.request(self.command, f"/{path}", body or None, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers["Content-Type"], response.read())
        finally:
            connection.close()

    def _give(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.retry_after:
            self.send_header("Retry-After", answer.retry_after)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()
