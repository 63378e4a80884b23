"""HTTP/1.1 in front of the application: persistent connections, and answers that never come.

Werkzeug's development server closes each connection and waits ten milliseconds after each answer,
hence this one on the standard library.  An application asks for a dropped connection with the
header `DROP`: ``silent``, or ``amid`` for an answer that breaks off half-way.
"""

import io
import os
import socket
import socketserver
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_Request: TypeAlias = socket.socket | tuple[bytes, socket.socket]

DROP = "X-Sandbox-Drop"
_LARGEST = 64 * 1024 * 1024
_IDLE_SECONDS = 60


class Handler(WSGIRequestHandler):
    """Answers the requests of one connection."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    wbufsize = -1  # head and body leave in one packet

    def handle(self) -> None:
        """Read requests and answer them until either side closes."""
        try:
            self.close_connection = True
            self.handle_one_request()
            while not self.close_connection:
                self.handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def finish(self) -> None:
        """Close the streams; what a client that is gone did not read is lost."""
        with suppress(OSError):
            super().finish()
        self.rfile.close()

    def answer(self) -> None:
        """Answer the request whose head was read."""
        try:
            body = self._body()
        except ValueError as error:
            self.close_connection = True
            self.send_error(400, str(error))
            return
        environ: dict[str, Any] = {
            **self.get_environ(),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.run_once": False,
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
        }
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        response = Response.from_app(self.server.wsgi, environ, buffered=True)
        self._send(response, response.headers.pop(DROP, ""))

    def version_string(self) -> str:
        """Name the sandbox in the ``Server`` header."""
        return "confluence-changelog-sandbox"

    def log_message(self, *_args: object) -> None:
        """Say nothing: the requests are in the request log."""

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer  # noqa: N815

    def _body(self) -> bytes:
        """Read the request's body; ValueError where its length cannot be made out, or is absurd."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        size = int(self.headers.get("Content-Length", "0"))
        if not 0 <= size <= _LARGEST:
            raise ValueError("Content-Length is out of range")
        return self._read(size)

    def _read(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionResetError("the client went away amid its request")
        return data

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline(100).split(b";")[0].strip(), 16):
            if not 0 <= size <= _LARGEST - len(body):
                raise ValueError("the chunks are too large")
            body += self._read(size)
            self._read(2)
        while self.rfile.readline(65_536).strip():
            pass
        return bytes(body)

    def _send(self, response: Response, drop: str) -> None:
        if drop == "silent":
            self.close_connection = True
            return
        content = response.get_data()
        without_body = self.command == "HEAD" or response.status_code in (204, 304)
        self.send_response(response.status_code, response.status.partition(" ")[2])
        for name, value in response.headers:
            self.send_header(name, value)
        if "Content-Length" not in response.headers and not without_body:
            self.send_header("Content-Length", str(len(content)))
        if drop == "amid":
            self.close_connection = True
            content = content[: len(content) // 2]
        self.end_headers()
        self.wfile.write(b"" if without_body else content)
        self.wfile.flush()


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """Listens on the loopback interface; each connection has a thread."""

    daemon_threads = False
    block_on_close = True
    allow_reuse_address = os.name == "posix"
    request_queue_size = 128

    def __init__(self, port: int, application: "WSGIApplication") -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.wsgi = application
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without looking the host's name up, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]
        self.setup_environ()

    def process_request(self, request: _Request, client_address: tuple[str, int]) -> None:
        """Remember the connection and serve it in a thread."""
        with self._lock:
            self._open.add(_socket(request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        """Forget the connection and close it."""
        with self._lock:
            self._open.discard(_socket(request))
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close all connections, wait for their threads, and stop listening."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


def _socket(request: _Request) -> socket.socket:
    return request if isinstance(request, socket.socket) else request[1]
