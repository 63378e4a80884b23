"""A proxy for tests that opens tunnels and keeps to where."""

import select
import socket
from base64 import b64encode

from support.accepting import Accepting, received


class Proxying(Accepting):
    """Listens on 127.0.0.1 for CONNECT; with a log-in, only those who give it get through."""

    def __init__(self, log_in: str = "") -> None:
        super().__init__()
        self.asked: list[str] = []
        """What was to be connected to, and each header line as it came."""
        self.headers: list[str] = []
        self._wanted = b64encode(log_in.encode()).decode() if log_in else ""
        self.address = f"127.0.0.1:{self.port}"

    def take(self, connection: socket.socket) -> None:
        """Open a tunnel to where the request says."""
        head = received(connection)
        if b"\r\n\r\n" in head:
            self._tunnel(head, connection)

    def _tunnel(self, head: bytes, client: socket.socket) -> None:
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
