"""A proxy for tests that opens tunnels and keeps to where."""

import select
import socket
import threading
from base64 import b64encode
from types import TracebackType
from typing import Self


class Proxying:
    """Listens on 127.0.0.1 for CONNECT; with a log-in, only those who give it get through."""

    def __init__(self, log_in: str = "") -> None:
        self.asked: list[str] = []
        """What was to be connected to, and each header line as it came."""
        self.headers: list[str] = []
        self._wanted = b64encode(log_in.encode()).decode() if log_in else ""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._stopped = threading.Event()
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
        self._stopped.set()
        host, _, port = self.address.partition(":")
        socket.create_connection((host, int(port))).close()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            connection, _ = self._socket.accept()
            with connection:
                self._tunnel(connection)

    def _tunnel(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65_536)
            if not piece:
                return
            head += piece
        line, *headers = head.decode("latin-1").split("\r\n")
        self.headers += [header for header in headers if header]
        self.asked.append(line)
        if self._wanted and not any(header.endswith(self._wanted) for header in headers):
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        host, _, port = line.split(" ")[1].partition(":")
        with socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _pass_on(client, server)


def _pass_on(client: socket.socket, server: socket.socket) -> None:
    """Pass bytes on both ways until one side closes."""
    other = {client: server, server: client}
    while True:
        for ready in select.select([client, server], [], [])[0]:
            try:
                data = ready.recv(65_536)
                if not data:
                    return
                other[ready].sendall(data)
            except OSError:
                return
