"""The requests that were made, for tests and for people who wonder."""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

_KEPT = 10_000
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(slots=True)
class Recorded:
    """One request; `status` is None where the connection was dropped or no answer came yet."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    bytes: int
    status: int | None = None
    user: str = ""


class RequestLog:
    """The latest requests, oldest first, without their credentials."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[Recorded] = deque(maxlen=_KEPT)

    def begin(
        self, method: str, path: str, query: str, headers: Iterable[tuple[str, str]], size: int
    ) -> Recorded:
        """Record a request; the caller fills in `status` and `user`."""
        kept = {name: _hidden(name, value) for name, value in headers}
        recorded = Recorded(method, path, query, kept, size)
        with self._lock:
            self._requests.append(recorded)
        return recorded

    def all(self) -> list[dict[str, Any]]:
        """Return the requests as JSON data."""
        with self._lock:
            return [asdict(each) for each in self._requests]

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()


def _hidden(name: str, value: str) -> str:
    if name.lower() not in _SECRET:
        return value
    scheme, _, rest = value.partition(" ")
    return f"{scheme} [hidden]" if rest else "[hidden]"
