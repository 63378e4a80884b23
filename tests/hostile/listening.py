"""A server that answers with the bytes it is told, and keeps what it was asked."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Answer = Callable[[bytes, socket.socket], None]
"""Gets a request, head and body, and the connection to answer on; it is closed thereafter."""


def raw(data: bytes) -> Answer:
    """Answer with these bytes, whatever is asked."""
    return lambda _request, connection: connection.sendall(data)


def http(
    body: bytes, status: str = "200 OK", kind: str = "application/json", *headers: str
) -> bytes:
    """Return an answer with a body."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "Connection: close", "", ""]).encode() + body


class Listening:
    """Listens on a port of 127.0.0.1 until it is left."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[bytes] = []
        self.asked = threading.Event()
        self.stopped = threading.Event()
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stopped.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self.stopped.is_set():
            connection, _ = self._socket.accept()
            with connection, suppress(OSError, ValueError):
                connection.settimeout(30)
                if self.stopped.is_set():
                    return
                self.requests.append(_request(connection))
                self.asked.set()
                self._answer(self.requests[-1], connection)


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
