"""Mail to a real SMTP server on loopback: it goes once, and waits while the server is away."""

import contextlib
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine
from sqlmodel import select

from app.kit.database import open_session
from app.notices import jobs
from app.notices.models import Mail
from app.notices.rules import RETRIES
from app.settings import Settings
from app.trail.models import TrailLine
from tests import make

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SUBJECT = "ใบรับรอง GECC-2570-00001 จะหมดอายุใน 30 วัน"


class Box:
    """What a mail server was given, and what it says no to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuses:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 taken"


def free_port() -> int:
    """A port of loopback that nobody listens on (the controller takes no zero)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Controller]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    with contextlib.suppress(AssertionError):  # a test may have ended it
        controller.stop()


def settings_of(server: Controller, **more: Any) -> Settings:
    chosen = {"smtp_security": "none", "smtp_from": "gecc@moj.example.go.th", **more}
    return Settings(_env_file=None, smtp_host="127.0.0.1", smtp_port=server.port, **chosen)


def write(engine: Engine, *addresses: str | None) -> list[str]:
    made = []
    with open_session(engine) as session:
        for address in addresses:
            person = make.person(session, "approver")
            person.email = address
            session.flush()
            mail = Mail(
                id=str(uuid4()),
                cause="expiry x 30",
                person_id=person.id,
                subject=SUBJECT,
                body="ใช้ได้ถึงวันที่ 20 พฤศจิกายน 2572\nIt holds until then.\n",
                written_at=NOW,
                next_try_at=NOW,
            )
            session.add(mail)
            made.append(mail.id)
        session.commit()
    return made


def rows(engine: Engine) -> dict[str, Mail]:
    with open_session(engine, reads=True) as session:
        return {each.id: each for each in session.exec(select(Mail))}


def test_a_letter_arrives_whole_in_thai_and_only_once(
    engine: Engine, server: Controller, box: Box
) -> None:
    (mail,) = write(engine, "somchai@moj.example.go.th")
    chosen = settings_of(server)
    assert jobs.send_waiting(engine, chosen, at=NOW) == 1
    assert jobs.send_waiting(engine, chosen, at=NOW + timedelta(days=9)) == 0
    (letter,) = box.letters
    assert letter["To"] == "somchai@moj.example.go.th"
    assert letter["Subject"] == SUBJECT
    assert letter["Message-ID"] == f"<{mail}@moj.example.go.th>"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_body()
    assert body
    assert "20 พฤศจิกายน 2572" in body.get_content()
    assert rows(engine)[mail].sent_at == NOW


def test_one_address_that_is_refused_stops_no_other(
    engine: Engine, server: Controller, box: Box
) -> None:
    box.refuses = {"gone@moj.example.go.th"}
    bad, none, good = write(engine, "gone@moj.example.go.th", None, "here@moj.example.go.th")
    assert jobs.send_waiting(engine, settings_of(server), at=NOW) == 1
    assert [letter["To"] for letter in box.letters] == ["here@moj.example.go.th"]
    found = rows(engine)
    assert found[bad].failure == "SMTPRecipientsRefused"
    assert found[none].failure == "no address"
    assert found[good].failure == ""
    with open_session(engine, reads=True) as session:
        lines = session.exec(select(TrailLine).where(TrailLine.kind == "person")).all()
    said = [line.action for line in lines if line.action.startswith("mail.")]
    assert sorted(said) == ["mail.failed", "mail.failed", "mail.sent"]
    assert "gone@moj.example.go.th" not in str([line.detail for line in lines])


def test_mail_waits_for_a_server_that_is_away_and_is_given_up_at_last(
    engine: Engine, server: Controller, box: Box
) -> None:
    (mail,) = write(engine, "somchai@moj.example.go.th")
    away = settings_of(server)
    server.stop()
    moment = NOW
    for tries in range(1, len(RETRIES) + 1):
        assert jobs.send_waiting(engine, away, at=moment) == 0
        row = rows(engine)[mail]
        assert row.tries == tries
        assert row.next_try_at > moment
        assert jobs.send_waiting(engine, away, at=row.next_try_at - timedelta(seconds=1)) == 0
        assert rows(engine)[mail].tries == tries, "not before its time"
        moment = row.next_try_at
    again = Controller(box, hostname="127.0.0.1", port=free_port())
    again.start()
    assert jobs.send_waiting(engine, settings_of(again), at=moment) == 1
    again.stop()
    assert len(box.letters) == 1


def test_nothing_goes_in_the_clear_when_the_way_should_be_protected(
    engine: Engine, server: Controller, box: Box
) -> None:
    (mail,) = write(engine, "somchai@moj.example.go.th")
    assert jobs.send_waiting(engine, settings_of(server, smtp_security="starttls"), at=NOW) == 0
    assert box.letters == []
    assert rows(engine)[mail].failure == "SMTPNotSupportedError"


def test_two_servers_at_once_send_a_letter_once(
    engine: Engine, server: Controller, box: Box
) -> None:
    (mail,) = write(engine, "somchai@moj.example.go.th")
    assert jobs._taken(engine, mail, NOW)
    assert not jobs._taken(engine, mail, NOW)
    assert jobs.send_waiting(engine, settings_of(server), at=NOW) == 0
    # Whoever took it died: after the lease somebody else may.
    assert jobs.send_waiting(engine, settings_of(server), at=NOW + jobs.LEASE) == 1
    assert len(box.letters) == 1


def certificate_for_loopback(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate that 127.0.0.1 vouches for by itself, and a server's half of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, SHA256())
    )
    public, private = folder / "mail.crt", folder / "mail.key"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def test_the_way_is_protected_and_the_server_asks_for_a_name_and_a_password(
    engine: Engine, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def known(_server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
        right = LoginPassword(b"gecc", b"correct horse")
        return AuthResult(success=said == right, handled=said == right)

    public, context = certificate_for_loopback(tmp_path)
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        authenticator=known,
        auth_required=True,
    )
    controller.start()
    more = {"smtp_security": "starttls", "smtp_user": "gecc"}
    wrong = settings_of(controller, smtp_password="guess", **more)
    right = settings_of(controller, smtp_password="correct horse", **more)
    (mail,) = write(engine, "somchai@moj.example.go.th")
    assert jobs.send_waiting(engine, right, at=NOW) == 0, "nobody vouches for this server"
    assert rows(engine)[mail].failure == "SSLCertVerificationError"
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    assert jobs.send_waiting(engine, wrong, at=NOW + timedelta(days=1)) == 0
    assert rows(engine)[mail].failure == "SMTPAuthenticationError 535"
    assert jobs.send_waiting(engine, right, at=NOW + timedelta(days=2)) == 1
    controller.stop()
    assert len(box.letters) == 1
