"""A real receiver on loopback: it keeps what came, and answers as a test says."""

import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers with the next of `answers`, and with 204 when there is none left."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.received.append(Received(self.path, headers, body))
                status, more = outer.answers.pop(0) if outer.answers else (204, {})
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002 -- the name it overrides
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/gecc?to=register"

    def answer(self, *statuses: int) -> None:
        """Answer the next requests so."""
        self.answers += [(status, {}) for status in statuses]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _read_request(connection: socket.socket) -> None:
    """All of it: who hangs up with something unread takes their own answer back."""

    def more() -> bytes:
        got = connection.recv(65536)
        if not got:
            raise ConnectionError
        return got

    read = b""
    while b"\r\n\r\n" not in read:
        read += more()
    head, _, body = read.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    wanted = int(length[1]) if length else 0
    while len(body) < wanted:
        body += more()


class Raw:
    """A receiver below HTTP: reads a request, then does to the connection what it is told."""

    def __init__(
        self,
        behave: Callable[[socket.socket, threading.Event], None],
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.calls = 0

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = self._listener.accept()
                    self.calls += 1
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            with suppress(OSError):
                if trust is not None:
                    connection = trust.wrap_socket(connection, server_side=True)
                with connection:
                    _read_request(connection)
                    behave(connection, self.over)

        threading.Thread(target=serve, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._listener.close()
