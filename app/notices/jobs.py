"""What time does: once a day reminders are written, every few minutes mail goes."""

import contextlib
import logging
import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from sqlalchemy import Engine, update
from sqlmodel import col

from app.accounts.models import Person
from app.kit.clock import utc_now
from app.kit.database import open_session
from app.notices import actions, queries
from app.notices.models import Mail
from app.settings import Settings

log = logging.getLogger(__name__)
PATIENCE: Final = 20.0
"""Seconds that a mail server may take for an answer."""
LEASE: Final = timedelta(minutes=10)
"""Nobody else takes a letter that was taken this short a while ago."""
OF_ONE_LETTER: Final = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
)
AFTER: Final = 60.0
EVERY: Final = 300.0


def work(engine: Engine, settings: Settings, *, at: datetime) -> tuple[int, int]:
    """Write what is due and send what waits; how many of each. Without a mail server: none."""
    if not settings.smtp_host:
        return 0, 0
    with open_session(engine) as session:
        written = actions.remind(session, settings, by=None, at=at)
        session.commit()
    return written, send_waiting(engine, settings, at=at)


def send_waiting(engine: Engine, settings: Settings, *, at: datetime) -> int:
    """Send each letter whose time has come; how many went. No transaction is open meanwhile."""
    with open_session(engine, reads=True) as session:
        ids = queries.waiting(session, at=at)
    mine = [each for each in ids if _taken(engine, each, at)]
    gone, tried = 0, 0
    try:
        with _server(settings) if mine else contextlib.nullcontext() as server:
            for each in mine:
                gone += _send(engine, settings, server, each, at)
                tried += 1
    except (OSError, smtplib.SMTPException) as error:  # the server as a whole, or the way to it
        for each in mine[tried:]:
            _note(engine, each, _said(error), at)
    return gone


def remind_daily(engine: Engine, settings: Settings) -> None:
    """Keep at it while the product is served."""

    def keep_at_it() -> None:
        time.sleep(AFTER)
        while True:
            try:
                work(engine, settings, at=utc_now())
            except Exception:  # in some minutes again; serving goes on
                log.exception("notices")
            time.sleep(EVERY)

    if settings.smtp_host:
        threading.Thread(target=keep_at_it, name="notices", daemon=True).start()


def _taken(engine: Engine, mail: str, at: datetime) -> bool:
    """Take one letter for this process alone; it counts as a try from now on."""
    with open_session(engine) as session:
        free = (
            update(Mail)
            .where(
                col(Mail.id) == mail, col(Mail.sent_at).is_(None), col(Mail.next_try_at) <= at
            )
            .values(next_try_at=at + LEASE, tries=col(Mail.tries) + 1)
            .returning(col(Mail.id))
        )
        mine = session.connection().execute(free).first() is not None
        session.commit()
    return mine


def _send(
    engine: Engine, settings: Settings, server: smtplib.SMTP | None, mail: str, at: datetime
) -> bool:
    with open_session(engine, reads=True) as session:
        row = session.get_one(Mail, mail)
        person = session.get_one(Person, row.person_id)
        letter = _letter(settings, row, person)
    if letter is None:
        _note(engine, mail, "no address", at)
        return False
    assert server is not None
    try:
        server.send_message(letter)
    except OF_ONE_LETTER as error:  # the next may go
        _note(engine, mail, _said(error), at)
        return False
    _note(engine, mail, None, at)
    return True


def _note(engine: Engine, mail: str, failure: str | None, at: datetime) -> None:
    with open_session(engine) as session:
        row = session.get_one(Mail, mail)
        if failure is None:
            actions.sent(session, row, at=at)
        else:
            actions.not_sent(session, row, failure, at=at)
        session.commit()


def _letter(settings: Settings, mail: Mail, person: Person) -> EmailMessage | None:
    """The letter as it travels; the same each time, so that readers know it from its double."""
    if person.email is None or person.disabled_at is not None:
        return None
    letter = EmailMessage()
    letter["From"] = settings.smtp_from
    letter["To"] = person.email
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(mail.written_at)
    letter["Message-ID"] = f"<{mail.id}@{settings.smtp_from.rpartition('@')[2] or 'gecc'}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers to this
    letter.set_content(mail.body)
    return letter


@contextlib.contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    trust = ssl.create_default_context()
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trust)
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=trust)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server


def _said(error: Exception) -> str:
    """A failure in a line, without what a letter says."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
