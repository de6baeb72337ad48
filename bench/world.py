"""A world to measure in: visits by the dozen, each with a phone that writes its walk."""

import hashlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any, NamedTuple

from sqlmodel import Session, select

from app.accounts.models import Device, Person, SigningKey, SignInSession
from app.accounts.rules import digest
from app.checklists.queries import read_shipped
from app.checklists.rules import Criterion, Edition
from app.kit.clock import wire
from app.kit.database import make_engine, open_session
from app.offices.models import Office
from app.rounds.models import Assignment, Participation, Round, Visit
from tests.signing import Pen, sha256

EDITION = "gecc/2568"
WALK = 80


class Said(NamedTuple):
    """One thing a person says on a walk."""

    kind: str
    target: str
    value: Any


def uuid7() -> str:
    """An id as devices make them: 48 bits of milliseconds, the rest random."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return str(uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


@dataclass(slots=True)
class Phone:
    """One phone at one visit; writes changes as static/js/domain/change.js does, and signs."""

    person: str
    audit: str
    pack: str
    device: str = field(default_factory=uuid7)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    n: int = 0
    standing: dict[str, str] = field(default_factory=dict)
    pen: Pen = field(default_factory=Pen)
    last: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Device {self.device}.{self.secret}",
            "Content-Type": "application/json",
        }

    def line(self, said: Said) -> str:
        """The next change: its exact line. It supersedes what this phone said there before."""
        self.n += 1
        change_id = uuid7()
        register = f"{said.kind} {said.target}"
        before = self.standing.get(register) if said.kind != "photo" else None
        self.standing[register] = change_id
        change = {
            "v": 2,
            "id": change_id,
            "audit": self.audit,
            "author": self.person,
            "device": self.device,
            "n": self.n,
            "prev": self.last and sha256(self.last),
            "lam": self.n,
            "made_at": wire(datetime.now(UTC)),
            "skew": 12,
            "seen": None,
            "app": "0123456789ab",
            "pack": self.pack,
            "kind": said.kind,
            "target": said.target,
            "value": said.value,
            "supersedes": [before] if before else [],
        }
        self.last = json.dumps(change, ensure_ascii=False, separators=(",", ":"))
        return self.last

    def push_body(self, lines: list[str]) -> bytes:
        """A push of these lines, which are this phone's latest."""
        said = {
            "device": self.device,
            "audit": self.audit,
            "from": self.n - len(lines) + 1,
            "upto": self.n,
            "changes": lines,
            "signatures": [self.pen.seal(line) for line in lines],
            "now": wire(datetime.now(UTC)),
        }
        return json.dumps(said, ensure_ascii=False).encode()


def edition() -> Edition:
    """The full edition, as shipped."""
    return read_shipped(EDITION)


def criteria(of: Edition) -> list[Criterion]:
    return [
        criterion
        for section in of.sections
        for group in section.groups
        for criterion in group.criteria
    ]


def walk(of: Edition, count: int = WALK) -> list[Said]:
    """A whole walk's answers: every criterion and part, then second thoughts up to `count`."""
    said = []
    for criterion in criteria(of):
        if criterion.kind != "scored":
            said.append(Said("answer", criterion.code, "met"))
        for part in criterion.parts:
            target = f"{criterion.code}/{part.code}" if part.code else criterion.code
            best = max(step.points for step in part.steps)
            said.append(Said("answer", target, best // 100 if best % 100 == 0 else best / 100))
    again = [
        Said(kind, target, "not_met" if value == "met" else 0) for kind, target, value in said
    ]
    return (said + again)[:count]


def photo_change(data: bytes, criterion: str, width: int = 2048, height: int = 1536) -> Said:
    """The change that names a photo."""
    value = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "type": "image/jpeg",
        "width": width,
        "height": height,
        "taken_at": "2026-11-24T09:30:00+07:00",
        "original": None,
        "position": None,
    }
    return Said("photo", criterion, value)


def make_phones(url: str, count: int, username: str = "lead1") -> list[Phone]:
    """As many visits, each with a phone of this person's, in rounds of their own. Commits."""
    engine = make_engine(url)
    now = datetime.now(UTC)
    try:
        with open_session(engine) as session:
            person = session.exec(select(Person).where(Person.username == username)).one()
            offices = session.exec(select(Office.id).order_by(Office.code)).all()
            phones: list[Phone] = []
            while len(phones) < count:
                wanted = offices[: count - len(phones)]
                phones += _round_of_phones(session, person.id, list(wanted), now)
            session.commit()
    finally:
        engine.dispose()
    return phones


def _round_of_phones(
    session: Session, person: str, offices: list[str], now: datetime
) -> list[Phone]:
    """One visit to each of these offices in a new round."""
    sha256 = edition().sha256
    held = Round(
        id=uuid7(),
        fiscal_year=2570,
        name_th=f"รอบวัดผล {secrets.token_hex(4)}",
        name_en="Bench",
        edition_sha256=sha256,
        opens_on=now.date() - timedelta(days=30),
        closes_on=now.date() + timedelta(days=30),
        opened_by=person,
        opened_at=now,
    )
    session.add(held)
    session.flush()
    phones = []
    for office in offices:
        phone = Phone(person, uuid7(), sha256)
        session.add(
            Participation(
                id=uuid7(), round_id=held.id, office_id=office, added_by=person, at=now
            )
        )
        session.flush()
        session.add(
            Visit(
                id=phone.audit,
                round_id=held.id,
                office_id=office,
                planned_on=now.date(),
                planned_by=person,
                at=now,
            )
        )
        session.add(
            Device(
                id=phone.device,
                person_id=person,
                label="bench",
                key_hash=digest(phone.secret),
                enrolled_at=now,
                last_used_at=now,
            )
        )
        session.flush()
        session.add(
            SigningKey(
                kid=phone.pen.kid, device_id=phone.device, spki=phone.pen.spki, enrolled_at=now
            )
        )
        session.add(
            Assignment(
                visit_id=phone.audit,
                person_id=person,
                office_id=office,
                lead=True,
                assigned_by=person,
                at=now,
            )
        )
        phones.append(phone)
    session.flush()
    return phones


def session_cookie(url: str, username: str) -> dict[str, str]:
    """A browser that is signed in, without the cost of hashing a password."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    engine = make_engine(url)
    try:
        with open_session(engine) as session:
            person = session.exec(select(Person).where(Person.username == username)).one()
            session.add(
                SignInSession(
                    token_hash=digest(token),
                    person_id=person.id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(days=1),
                    user_agent="bench",
                )
            )
            session.commit()
    finally:
        engine.dispose()
    return {"Cookie": f"session={token}"}


class UnansweredError(Exception):
    """The server failed; a phone would ask again."""


class Wire:
    """One kept-open connection to the server."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """The answer's body; anything but 2xx is an error of the bench."""
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 500:
            raise UnansweredError(f"{method} {path}: {answer.status} {said[:300]!r}")
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:300]!r}")
        return said

    def push(self, phone: Phone, body: bytes) -> None:
        """Push; every change must be kept, now or by an earlier push whose answer was lost."""
        results = json.loads(self.ask("POST", "/api/sync/push", body, phone.headers))["results"]
        bad = [result for result in results if result[1] not in {"kept", "known"}]
        if bad:
            raise RuntimeError(f"not kept: {bad[0]}")

    def close(self) -> None:
        self.connection.close()
