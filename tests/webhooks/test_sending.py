"""One request: what receivers do to it, and where none may go."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from app.webhooks.sending import Answer, send
from tests.notices.test_mail import certificate_for_loopback
from tests.webhooks.receiver import Raw, Receiver

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
BODY = '{"type":"webhook.test","data":{"ก":1}}'.encode()


def post(url: str, **more: Any) -> Answer:
    chosen: dict[str, Any] = {"networks": LOOPBACK, "at": AT, "patience": 10.0} | more
    return send(url, {"webhook-id": "msg_1"}, BODY, **chosen)


@pytest.fixture
def raws() -> Iterator[list[Raw]]:
    made: list[Raw] = []
    yield made
    for one in made:
        one.close()


def test_the_body_arrives_to_the_letter_with_its_headers(receiver: Receiver) -> None:
    assert post(receiver.url) == Answer(204, "")
    (got,) = receiver.received
    assert got.body == BODY
    assert got.path == "/gecc?to=register"
    assert got.headers["webhook-id"] == "msg_1"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["connection"] == "close"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_a_delivery(receiver: Receiver, status: int) -> None:
    receiver.answer(status)
    assert post(receiver.url) == Answer(status, "")


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_every_other_answer_is_none(receiver: Receiver, status: int) -> None:
    receiver.answer(status)
    assert post(receiver.url) == Answer(status, "status")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    elsewhere = Receiver()
    receiver.answers.append((status, {"Location": elsewhere.url}))
    assert post(receiver.url) == Answer(status, "redirect")
    elsewhere.close()
    assert len(receiver.received) == 1
    assert elsewhere.received == []


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Sat, 21 Nov 2026 02:10:00 GMT", timedelta(minutes=10)),
        ("Sat, 21 Nov 2020 02:10:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("9" * 4000, timedelta(seconds=999999999)),
    ],
)
def test_a_receiver_may_ask_for_quiet(
    receiver: Receiver, said: str, wait: timedelta | None
) -> None:
    receiver.answers.append((429, {"Retry-After": said}))
    assert post(receiver.url) == Answer(429, "status", wait)


def silent(_connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def dripping(connection: socket.socket, over: threading.Event) -> None:
    """A header byte now and then, for ever: no single read ever times out."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        connection.sendall(b"x")


def continuing(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.001):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize("behave", [silent, dripping, continuing])
def test_a_receiver_that_takes_for_ever_is_hung_up_on(raws: list[Raw], behave: Any) -> None:
    raws.append(Raw(behave))
    url = f"http://127.0.0.1:{raws[0].port}/"
    assert post(url, patience=0.3) == Answer(None, "timeout")


def test_one_that_drips_under_tls_is_hung_up_on_as_well(
    raws: list[Raw], tmp_path: Path
) -> None:
    pem, context = certificate_for_loopback(tmp_path)
    raws.append(Raw(dripping, context))
    trust = ssl.create_default_context(cafile=str(pem))
    url = f"https://127.0.0.1:{raws[0].port}/"
    assert post(url, patience=0.5, trust=trust) == Answer(None, "timeout")


def huge(connection: socket.socket, _over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)  # ends when we hang up


def test_of_a_huge_answer_only_its_status_counts(raws: list[Raw]) -> None:
    raws.append(Raw(huge))
    assert post(f"http://127.0.0.1:{raws[0].port}/") == Answer(200, "")


def test_headers_without_an_end_are_no_answer(raws: list[Raw]) -> None:
    def headers(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Y: " + b"x" * 60000 + b"\r\n")

    raws.append(Raw(headers))
    assert post(f"http://127.0.0.1:{raws[0].port}/") == Answer(None, "closed")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"", Answer(None, "closed")),
        (b"HTTP/1.1 2", Answer(None, "closed")),
        (b"SSH-2.0-OpenSSH_9\r\n", Answer(None, "closed")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", Answer(200, "")),
        (b"HTTP/1.1 500 No\r\nContent-Length: 50\r\n\r\nhalf", Answer(500, "status")),
    ],
)
def test_one_that_hangs_up_half_way_counts_by_what_it_said(
    raws: list[Raw], said: bytes, answer: Answer
) -> None:
    raws.append(Raw(lambda connection, _over: connection.sendall(said)))
    assert post(f"http://127.0.0.1:{raws[0].port}/") == answer


def test_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/") == Answer(None, "unreachable")


def test_only_a_certificate_that_is_vouched_for_is_spoken_to(
    raws: list[Raw], tmp_path: Path
) -> None:
    pem, context = certificate_for_loopback(tmp_path)
    said = b"HTTP/1.1 204 No Content\r\n\r\n"
    raws.append(Raw(lambda connection, _over: connection.sendall(said), context))
    url = f"https://127.0.0.1:{raws[0].port}/"
    assert post(url) == Answer(None, "tls")
    trust = ssl.create_default_context(cafile=str(pem))
    assert post(url, trust=trust) == Answer(204, "")

    def here(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    named = f"https://register.example.go.th:{raws[0].port}/"
    assert post(named, trust=trust, resolve=here) == Answer(None, "tls"), "another's name"


class Names:
    """A DNS that says something else each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked.append(host)
        numbers = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(0, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address that would have been called; none is."""
    found: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], **_: Any) -> None:
        found.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    return found


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.2.1",
        "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2001:0:7f00:1::1",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_no_number_that_is_not_public_is_called(
    called: list[tuple[str, int]], number: str
) -> None:
    names = Names([number])
    answer = post("https://inside.example.go.th/", networks=(), resolve=names)
    assert answer == Answer(None, "forbidden")
    assert called == []


@pytest.mark.parametrize("number", ["203.150.228.228", "8.8.8.8", "2001:4860:4860::8888"])
def test_a_public_number_is_called_itself(called: list[tuple[str, int]], number: str) -> None:
    answer = post("https://register.example.go.th/", networks=(), resolve=Names([number]))
    assert answer == Answer(None, "unreachable")
    assert called == [(number, 443)]


def test_a_name_that_changes_its_mind_leads_nowhere_new(
    called: list[tuple[str, int]],
) -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    post("https://rebinding.example.org/", networks=(), resolve=names)
    assert called == [("8.8.8.8", 443)]
    assert len(names.asked) == 1, "asked once; what was looked at is what is called"
    answer = post("https://rebinding.example.org/", networks=(), resolve=names)
    assert answer == Answer(None, "forbidden")
    assert called == [("8.8.8.8", 443)]


def test_one_inner_number_among_public_ones_refuses_all(called: list[tuple[str, int]]) -> None:
    names = Names(["8.8.8.8", "10.0.0.1"])
    answer = post("https://mixed.example.org/", networks=(), resolve=names)
    assert answer == Answer(None, "forbidden")
    assert called == []


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "localhost."],
)
def test_other_ways_to_write_this_machine_lead_nowhere(
    called: list[tuple[str, int]], host: str
) -> None:
    answer = post(f"https://{host}/", networks=())  # asked of the system's own resolver
    assert answer.failure in {"forbidden", "name"}
    assert called == []


def test_an_allowed_network_may_be_called_and_no_other(called: list[tuple[str, int]]) -> None:
    networks = [ip_network("10.20.0.0/16")]
    for number in ("10.20.3.4", "::ffff:10.20.3.4"):
        post("https://relay.moj.internal/", networks=networks, resolve=Names([number]))
    assert [number for number, _ in called] == ["10.20.3.4", "::ffff:10.20.3.4"]
    answer = post(
        "https://relay.moj.internal/", networks=networks, resolve=Names(["10.21.0.1"])
    )
    assert answer == Answer(None, "forbidden")


def test_without_tls_nothing_but_this_machine_is_called(called: list[tuple[str, int]]) -> None:
    networks = [*LOOPBACK, ip_network("10.20.0.0/16")]
    answer = post("http://localhost/", networks=networks, resolve=Names(["10.20.3.4"]))
    assert answer == Answer(None, "forbidden")
    assert called == []


def test_the_body_is_json_that_any_language_reads() -> None:
    assert json.loads(BODY)["data"] == {"ก": 1}
