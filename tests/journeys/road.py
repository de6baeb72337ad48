"""A bad road: a TCP proxy on loopback that cuts, swallows and answers for the server."""

import contextlib
import random
import re
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

CHUNK = re.compile(rb"PUT /api/photos/([0-9a-f]{64})/(\d+)\?")
PIECE = 16_384
HOTEL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    b"<!doctype html><title>Wi-Fi</title><h1>Please sign in</h1>"
)


@dataclass
class Road:
    """Every request to /api passes here; `cut`, `swallow` and `refuse` are shares of them."""

    target: int
    cut: float = 0.0
    refuse: float = 0.0
    swallow: float = 0.0
    hotel: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    #: How often each chunk of each photo came through whole.
    whole: Counter[tuple[str, int]] = field(default_factory=Counter)
    cuts: int = 0
    swallowed: int = 0
    refused: int = 0
    #: Bytes of photos that left the phone, whatever became of them.
    spent: int = 0

    def __enter__(self) -> Self:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.open = True
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self.thread.join(5)
        self.socket.close()

    def _accept(self) -> None:
        while self.open:
            near, _ = self.socket.accept()
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            near.settimeout(30)
            head = self._head(near)
            if not head:
                return
            if self.hotel:
                near.sendall(HOTEL)
                return
            with socket.create_connection(("127.0.0.1", self.target), 10) as far:
                far.settimeout(30)
                self._pass(near, far, head)

    def _head(self, near: socket.socket) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = near.recv(PIECE)
            if not piece:
                return b""
            head += piece
        return head

    def _pass(self, near: socket.socket, far: socket.socket, seen: bytes) -> None:
        """One request and its answer; the connection ends with it."""
        head, _, body = seen.partition(b"\r\n\r\n")
        lines = [
            line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection")
        ]
        size = next(
            (int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0
        )
        api = b" /api/" in lines[0]
        fate = self.chance.random() if api else 1.0
        stop = self.chance.randrange(size) if fate < self.cut and size > 2_000 else None
        lost = self.cut <= fate < self.cut + self.swallow
        if self.cut + self.swallow <= fate < self.cut + self.swallow + self.refuse:
            self.refused += 1
            return
        chunk = CHUNK.match(lines[0])
        far.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n")
        passed = 0
        while True:
            if stop is not None and passed + len(body) > stop:
                self.cuts += 1
                far.sendall(body[: stop - passed])
                self.spent += stop - passed if chunk else 0
                return
            far.sendall(body)
            passed += len(body)
            self.spent += len(body) if chunk else 0
            if passed >= size:
                break
            body = near.recv(PIECE)
            if not body:
                return
        if chunk:
            self.whole[chunk[1].decode(), int(chunk[2])] += 1
        self.swallowed += lost
        while piece := far.recv(PIECE):
            if not lost:
                near.sendall(piece)
