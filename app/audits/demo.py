"""Invented answers: self-assessments of pilot offices, and a visit somebody has half walked.

Everything arrives as it would from phones: through `receive`, under invented devices.
"""

import base64
import hashlib
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session, col, select

from app.accounts import actions as accounts
from app.accounts.queries import caller
from app.accounts.rules import kid_of, proof_text
from app.audits import actions, queries
from app.audits.queries import Found
from app.checklists.rules import Criterion
from app.evidence import demo as evidence
from app.kit.clock import wire
from app.kit.html import BANGKOK
from app.offices.models import Office
from app.rounds.models import Participation, Visit
from app.settings import Settings

# How far each pilot's own assessment has come, and how well it stands.
# share answered, share of those good, gates not met
SELVES: Final[dict[str, tuple[float, float, frozenset[str]]]] = {
    "PJO-50": (1.0, 0.90, frozenset({"P10"})),
    "PJO-65": (1.0, 0.82, frozenset()),
    "PJO-41": (0.6, 0.85, frozenset({"P03", "P07"})),
}
WALKED: Final = "PJO-65"
NOTES: Final = {
    "P01": "เปิด 08.30 ถึง 16.30 น. ไม่พักกลางวัน มีป้ายหน้าอาคารและในเว็บไซต์",
    "P03": "ป้ายบอกทางจากถนนใหญ่ยังไม่มีภาษาอังกฤษ",
    "P08": "วัดเวลา 10.15 น. เปิดไฟครบทุกดวง",
    "P10": "ห้องน้ำแยกชายหญิง มีห้องสำหรับผู้พิการหนึ่งห้อง",
    "Q1.1": "ทางลาดด้านหน้าใช้ร่วมกับศาลากลางจังหวัด",
    "Q2.7": "ประกาศเวลามาตรฐานไว้ 8 งานจาก 12 งาน",
}
PHOTOS: Final = (
    ("P01", "sign", "ป้ายเวลาทำการหน้าอาคาร"),
    ("P03", "sign", "ป้ายบอกทางที่โถงชั้นหนึ่ง"),
    ("P04", "counter", "ผังจุดบริการ"),
    ("P11", "seats", "ที่นั่งรอและบัตรคิว"),
    ("P12", "counter", "จุดแรกรับ"),
    ("Q1.1", "ramp", "ทางลาดและราวจับด้านหน้า"),
)


def seed_self_assessments(session: Session, now: datetime, data_dir: Path) -> None:
    """Fill the invented world: needs its people, round, participations and visits.

    Photo bytes go to `data_dir`. The caller commits.
    """
    settings = Settings(data_dir=data_dir)
    for code, (share, quality, unmet) in SELVES.items():
        found = _self(session, code)
        people = queries.team(session, found) if found else []
        if found and people:
            phone = _Phone(session, settings, people[0]["id"], found, now - timedelta(days=20))
            phone.answer(share=share, quality=quality, unmet=unmet)
            phone.send()
    visit = _visit(session, WALKED)
    if visit is not None:
        _walk(session, settings, visit, now)


def _walk(session: Session, settings: Settings, visit: Found, now: datetime) -> None:
    """Two people on one visit: gates done, the rest begun, photos, and one disagreement."""
    day = visit.planned_on or now.date()
    start = datetime.combine(day, time(9, 40), BANGKOK).astimezone(UTC)
    lead, *others = queries.team(session, visit)
    phone = _Phone(session, settings, lead["id"], visit, min(start, now))
    phone.answer(share=0.55, quality=0.9)
    phone.say("measurement", "P08:lux_counter", 342)
    phone.say("measurement", "P08:lux_waiting", 185.5)
    for criterion, text in NOTES.items():
        phone.say("note", criterion, text)
    for number, (criterion, scene, caption) in enumerate(PHOTOS):
        phone.photo(criterion, scene, caption, upright=number % 3 == 1)
    phone.send()
    if others:
        second = _Phone(session, settings, others[0]["id"], visit, min(start, now))
        second.say("answer", "P03", "not_met")
        second.say("note", "P03", "ป้ายชั้นสองหลุด มองไม่เห็นจากบันได")
        second.send()


@dataclass(frozen=True, slots=True)
class _Kept:
    data: bytes
    at: datetime


class _Pen:
    """The signing key of an invented phone, forgotten when its world is made."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.der = self.key.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        self.kid = kid_of(self.der)

    def sign(self, text: str) -> str:
        """R and s, 32 bytes each, base64url without padding."""
        numbers = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(SHA256())))
        raw = b"".join(number.to_bytes(32, "big") for number in numbers)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def enrolment(self, device: str) -> dict[str, str]:
        """The public half, and the proof that the other is here."""
        proof = self.sign(proof_text(device, self.kid).decode())
        return {"spki": base64.b64encode(self.der).decode(), "proof": proof}


class _Phone:
    """An invented phone that writes changes and sends them."""

    def __init__(
        self, session: Session, settings: Settings, person: str, found: Found, start: datetime
    ) -> None:
        owner = caller(session, person)
        if owner is None:
            raise LookupError(person)
        self.session, self.settings, self.found = session, settings, found
        self.person = owner
        self.clock = start
        # The same world each time.
        self.chance = random.Random(f"{found.office.code}{owner.username}")  # noqa: S311
        self.device, _key = accounts.enrol(
            session, person=person, label="โทรศัพท์ตัวอย่าง", at=start
        )
        self.pen = _Pen()
        accounts.enrol_key(
            session, device=self.device, at=start, **self.pen.enrolment(self.device.id)
        )
        self.pack = actions.prepare(session, found, settings, by=owner, at=start)
        self.edition = queries.edition_of(session, found.edition_sha256)
        self.lines: list[str] = []
        self.photos: list[_Kept] = []

    def say(self, kind: str, target: str, value: Any) -> str:
        """Write the next change, some seconds after the one before; return its id."""
        self.clock += timedelta(seconds=self.chance.randint(20, 90))
        number = len(self.lines) + 1
        change = {
            "v": 2,
            "id": self._id(),
            "audit": self.found.id,
            "author": self.person.id,
            "device": self.device.id,
            "n": number,
            "prev": hashlib.sha256(self.lines[-1].encode()).hexdigest() if self.lines else None,
            "lam": number,
            "made_at": wire(self.clock),
            "skew": self.chance.randint(-900, 900),
            "seen": None,
            "app": "demo",
            "pack": self.pack,
            "kind": kind,
            "target": target,
            "value": value,
            "supersedes": [],
        }
        self.lines.append(json.dumps(change, ensure_ascii=False, separators=(",", ":")))
        return str(change["id"])

    def answer(
        self, *, share: float, quality: float, unmet: frozenset[str] = frozenset()
    ) -> None:
        """Answer this share of the criteria, in their order, this well."""
        asked = [one for one in self.edition.criteria if one.kind != "advisory"]
        for criterion in asked[: round(len(asked) * share)]:
            self._answer(criterion, quality, unmet=criterion.code in unmet)

    def photo(self, criterion: str, scene: str, caption: str, *, upright: bool) -> None:
        """Take a photo and say what it shows."""
        self.clock += timedelta(seconds=30)
        seed = self.chance.randrange(2**31)
        data = evidence.photo(scene, seed=seed, taken_at=self.clock, upright=upright)
        self.photos.append(_Kept(data, self.clock))
        value = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "type": "image/jpeg",
            "width": 960 if upright else 1280,
            "height": 1280 if upright else 960,
            "taken_at": wire(self.clock),
            "original": None,
            "position": None,
            "source": "camera",
            "of": None,
        }
        self.say("caption", self.say("photo", criterion, value), caption)

    def send(self) -> None:
        """Hand everything over; an invented change that does not count is a mistake here."""
        verdicts = actions.receive(
            self.session,
            self.found.id,
            self.lines,
            sender=self.person,
            device=self.device.id,
            at=self.clock,
            signatures=[[self.pen.kid, self.pen.sign(line)] for line in self.lines],
        )
        held = [verdict.reason for verdict in verdicts if verdict.verdict == "held"]
        if held:
            raise ValueError(f"invented changes were held: {held}")
        for kept in self.photos:
            evidence.receive(
                self.session,
                self.settings.data_dir,
                kept.data,
                by=self.person.id,
                at=kept.at,
            )

    def _answer(self, criterion: Criterion, quality: float, *, unmet: bool) -> None:
        if criterion.kind == "gate":
            self.say("answer", criterion.code, "not_met" if unmet else "met")
        for part in criterion.parts:
            steps = [step.points for step in part.steps]
            good = self.chance.random() < quality
            points = steps[-1] if good else self.chance.choice(steps[:-1])
            self.say("answer", criterion.target_of(part.code), _plain(points))

    def _id(self) -> str:
        """A UUIDv7, as devices make them."""
        milliseconds = int(self.clock.timestamp() * 1000)
        rest = self.chance.getrandbits(74)
        number = (
            milliseconds << 80 | 7 << 76 | (rest >> 62) << 64 | 2 << 62 | rest & (2**62 - 1)
        )
        return str(UUID(int=number))


def _plain(hundredths: int) -> int | float:
    whole, rest = divmod(hundredths, 100)
    return whole if rest == 0 else hundredths / 100


def _self(session: Session, code: str) -> Found | None:
    found = (
        select(Participation.id)
        .join(Office, col(Office.id) == Participation.office_id)
        .where(Office.code == code)
    )
    audit = session.exec(found).first()
    return queries.find(session, audit) if audit else None


def _visit(session: Session, code: str) -> Found | None:
    found = (
        select(Visit.id)
        .join(Office, col(Office.id) == Visit.office_id)
        .where(Office.code == code, col(Visit.cancelled_at).is_(None))
    )
    audit = session.exec(found).first()
    return queries.find(session, audit) if audit else None
