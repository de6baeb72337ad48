"""One request to one endpoint, and what it answered. Knows no database.

The host's name is looked up here and each number behind it is looked at; then exactly such a
number is called, with the name only in the Host header and in TLS. So a name that changes its
mind in between leads nowhere new. No redirect is followed, no proxy asked, no cookie kept, and
a clock stands beside it all: a receiver that drips is hung up on.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from app.webhooks.rules.addresses import Network, Target, may_be_plain, may_call, target_of
from app.webhooks.rules.schedule import failure_of

PATIENCE: Final = 15.0
"""Seconds for all of it, as the standard advises: name, connection, request and answer."""
ANSWER_MOST: Final = 16 * 1024
"""Bytes of an answer's body that are read, out of politeness; nothing is kept of them."""
Resolve = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request. `failure`: a code of the rules, empty where it was taken."""

    status: int | None
    failure: str
    wait: timedelta | None = None
    """For how long the receiver asked us to stay away."""


class _Clock:
    """Hangs up on a receiver when the time is over, whatever it is doing just then."""

    def __init__(self, patience: float) -> None:
        self.late = False
        self.sock: socket.socket | None = None
        self._timer = threading.Timer(patience, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> "_Clock":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, sock: socket.socket) -> None:
        """Hang up this connection when it is time, or now if it is past."""
        self.sock = sock
        if self.late:
            raise TimeoutError

    def _ring(self) -> None:
        self.late = True
        if self.sock is not None:
            with suppress(OSError):
                # The plain one even under TLS: whoever reads then sees an end, at once.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def send(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    networks: Collection[Network],
    at: datetime,
    trust: ssl.SSLContext | None = None,
    resolve: Resolve = socket.getaddrinfo,
    patience: float = PATIENCE,
) -> Answer:
    """POST the body; what was answered. Never raises for what the network or receiver does.

    `trust`: whose certificates are believed; the system's unless given.
    """
    target = target_of(url)
    if target is None:
        return Answer(None, "forbidden")
    with _Clock(patience) as clock:
        try:
            numbers = _numbers(target, networks, resolve)
            with _called(target, numbers, clock, trust, patience) as connection:
                return _exchange(connection, target, headers, body, clock, at)
        except _No as no:
            return Answer(None, no.code)
        except TimeoutError:
            return Answer(None, "timeout")
        except (OSError, http.client.HTTPException, ValueError):
            return Answer(None, "timeout" if clock.late else "closed")


class _No(Exception):
    """A reason not to go on, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _numbers(target: Target, networks: Collection[Network], resolve: Resolve) -> list[str]:
    """The addresses behind a host, every one of which may be called."""
    try:
        found = resolve(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _No("name") from None
    numbers = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    # One that is not allowed among others that are is no accident: nothing is called then.
    if not numbers or not all(may_call(number, networks=networks) for number in numbers):
        raise _No("forbidden")
    if not target.secure:
        own = (ipaddress.ip_address(number) for number in numbers)
        if not all(may_be_plain(target, number, networks=networks) for number in own):
            raise _No("forbidden")
    return numbers


@contextmanager
def _called(
    target: Target,
    numbers: Collection[str],
    clock: _Clock,
    trust: ssl.SSLContext | None,
    patience: float,
) -> Iterator[http.client.HTTPConnection]:
    """A connection to the first of these addresses that takes one."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=patience)
    connection.auto_open = 0  # never anywhere but where it is put
    connection.sock = _connected(target, numbers, clock, patience)
    try:
        if target.secure:
            _secure(connection, target, clock, trust or ssl.create_default_context())
        yield connection
    finally:
        connection.close()


def _secure(
    connection: http.client.HTTPConnection,
    target: Target,
    clock: _Clock,
    context: ssl.SSLContext,
) -> None:
    """Begin TLS; the certificate must be the name's, whatever number was called."""
    try:
        secured = context.wrap_socket(
            connection.sock, server_hostname=target.host, do_handshake_on_connect=False
        )
        connection.sock = secured
        clock.watch(secured)
        secured.do_handshake()
    except ssl.SSLError:
        raise _No("timeout" if clock.late else "tls") from None


def _connected(
    target: Target, numbers: Collection[str], clock: _Clock, patience: float
) -> socket.socket:
    for number in numbers:
        if clock.late:
            raise TimeoutError
        with suppress(OSError):
            sock = socket.create_connection((number, target.port), timeout=patience / 2)
            sock.settimeout(patience)
            clock.watch(sock)
            return sock
    raise _No("timeout" if clock.late else "unreachable")


def _exchange(
    connection: http.client.HTTPConnection,
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    clock: _Clock,
    at: datetime,
) -> Answer:
    sent = {"Host": target.authority, "Connection": "close", **headers}
    connection.request("POST", target.path, body, sent)
    answer = connection.getresponse()
    if clock.late:  # we hung up, and that looked like the end of the headers
        raise TimeoutError
    failure = failure_of(answer.status)
    wait = _wait(answer.getheader("Retry-After"), at) if failure else None
    # Its status is its word; what it says besides is read a little way, and let go.
    with suppress(OSError, http.client.HTTPException, ValueError):
        answer.read(ANSWER_MOST)
    return Answer(answer.status, failure, wait)


def _wait(said: str | None, at: datetime) -> timedelta | None:
    """`Retry-After` as a span: seconds, or a moment (RFC 9110, 10.2.3)."""
    if said is None:
        return None
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=int(said[:9]))
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(0), aware - at)
