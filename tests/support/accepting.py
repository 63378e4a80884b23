"""Listens on a port of 127.0.0.1 in a thread of its own, until it is left."""

import socket
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from types import TracebackType
from typing import Self


class Accepting(ABC):
    """Takes connections one after the other; what is done with them is a subclass's."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
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

    @abstractmethod
    def take(self, connection: socket.socket) -> None:
        """Answer on a connection; it is closed thereafter."""

    def _serve(self) -> None:
        while not self.stopped.is_set():
            connection, _ = self._socket.accept()
            with connection, suppress(OSError, ValueError):
                connection.settimeout(30)
                if self.stopped.is_set():
                    return
                self.take(connection)


def received(connection: socket.socket) -> bytes:
    """Return what is sent up to the end of a request's head, or of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            break
        data += piece
    return data
