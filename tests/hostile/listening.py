"""A server that answers with the bytes it is told, and keeps what it was asked."""

import socket
import threading
from collections.abc import Callable

from support.accepting import Accepting, received

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


class Listening(Accepting):
    """Listens on a port of 127.0.0.1 until it is left."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.requests: list[bytes] = []
        self.asked = threading.Event()
        self._answer = answer
        self.url = f"http://127.0.0.1:{self.port}"

    def take(self, connection: socket.socket) -> None:
        """Keep the request, and answer."""
        self.requests.append(_request(connection))
        self.asked.set()
        self._answer(self.requests[-1], connection)


def _request(connection: socket.socket) -> bytes:
    data = received(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    if b"\r\n\r\n" not in data:
        return data
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
