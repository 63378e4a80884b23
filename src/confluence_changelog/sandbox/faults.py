"""Faults: what goes wrong with the requests to come."""

import re
import threading
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

LOG_IN_PAGE = (
    "<!DOCTYPE html><html><head><title>Log In - Confluence</title></head><body>"
    '<form name="loginform" method="post" action="/dologin.action">'
    '<input name="os_username"><input name="os_password" type="password"></form></body></html>'
)


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A change of a page by another hand: a new version, saved like any other."""

    page: int = 0
    """Id of the page; 0: the page of the request that triggers the edit."""
    find: str = ""
    """Text of the body that `replace` takes the place of, everywhere."""
    replace: str = ""
    append: str = ""
    """Storage text to put at the end."""
    storage: str | None = None
    """A whole new body."""
    resave: bool = False
    """Save through an editor: see `editor.resave`."""
    title: str = ""
    user: str = "editor"
    message: str = ""
    minor: bool = False


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which requests, and what happens to them.

    Without `applied`, a request with `status`, `body` or `html` never reaches Confluence.
    """

    method: str = ""
    """HTTP method; empty: any."""
    path: str = ""
    """Regular expression that is searched for in the path."""
    skip: Annotated[int, msgspec.Meta(ge=0)] = 0
    """So many matching requests pass first."""
    times: Annotated[int, msgspec.Meta(ge=0)] = 1
    """So many requests it happens to; 0: all, until the fault is deleted."""
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    headers: dict[str, str] = {}
    body: Any = None
    """Body of the answer: text, or JSON data."""
    html: bool = False
    """Answer with a log-in page."""
    applied: bool = False
    """Handle the request as ever, and only then put `status`, `body` or `html` in its place."""
    delay: Annotated[float, msgspec.Meta(ge=0)] = 0
    """Seconds before the request is handled."""
    drop: Literal["", "before", "during", "after"] = ""
    """Close the connection: before the request is handled, amid its answer, or before it."""
    edit: Edit | None = None
    """Another hand changes a page."""
    edit_when: Literal["before", "after"] = "before"
    """Whether that is before or after the request is handled."""

    @property
    def answers(self) -> bool:
        """Whether the answer is the fault's own."""
        return self.status is not None or self.body is not None or self.html


@dataclass(slots=True)
class _Queued:
    id: int
    fault: Fault
    pattern: re.Pattern[str]
    to_skip: int
    left: int


class Faults:
    """The queue: for each request the first fault that fits and that has nothing left to skip."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[_Queued] = []
        self._last = 0

    def put(self, values: object) -> int:
        """Queue a fault and give its number; ValueError says what is wrong with the fields."""
        fault = msgspec.convert(values, Fault)
        try:
            pattern = re.compile(fault.path)
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from error
        with self._lock:
            self._last += 1
            self._queue.append(_Queued(self._last, fault, pattern, fault.skip, fault.times))
            return self._last

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that this request meets, if any, and count it as met."""
        with self._lock:
            for queued in self._queue:
                wanted = queued.fault.method.upper()
                if wanted not in ("", method) or not queued.pattern.search(path):
                    continue
                if queued.to_skip:
                    queued.to_skip -= 1
                    continue
                if queued.left == 1:
                    self._queue.remove(queued)
                elif queued.left:
                    queued.left -= 1
                return queued.fault
        return None

    def waiting(self) -> list[dict[str, Any]]:
        """Return the faults that are still to come, with what is left of their counts."""
        with self._lock:
            return [
                {
                    **msgspec.to_builtins(queued.fault),
                    "id": queued.id,
                    "skip": queued.to_skip,
                    "times": queued.left,
                }
                for queued in self._queue
            ]

    def clear(self) -> None:
        """Forget all faults; the next one is number 1 again."""
        with self._lock:
            self._queue.clear()
            self._last = 0
