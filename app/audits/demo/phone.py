"""An invented phone: what it writes arrives as from a real one, through `receive`."""

import base64
import hashlib
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session

from app.accounts import actions as accounts
from app.accounts.queries import caller
from app.accounts.rules import kid_of, proof_text
from app.audits import actions, queries
from app.audits.queries import Found
from app.checklists.rules import Criterion
from app.evidence import demo as evidence
from app.kit.clock import wire
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    data: bytes
    at: datetime


class Pen:
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


class Phone:
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
        self.pen = Pen()
        accounts.enrol_key(
            session, device=self.device, at=start, **self.pen.enrolment(self.device.id)
        )
        self.pack = actions.prepare(session, found, settings, by=owner, at=start)
        self.edition = queries.edition_of(session, found.edition_sha256)
        self.lines: list[str] = []
        self.sent = 0
        self.photos: list[Kept] = []

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
            self.answer_one(criterion, quality, unmet=criterion.code in unmet)

    def photo(
        self,
        criterion: str,
        scene: str,
        caption: str,
        *,
        upright: bool,
        long_side: int = 1280,
    ) -> None:
        """Take a photo and say what it shows, if there is something to say."""
        self.clock += timedelta(seconds=30)
        seed = self.chance.randrange(2**31)
        data = evidence.photo(
            scene, seed=seed, taken_at=self.clock, upright=upright, long_side=long_side
        )
        self.photos.append(Kept(data, self.clock))
        value = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "type": "image/jpeg",
            "width": long_side * 3 // 4 if upright else long_side,
            "height": long_side if upright else long_side * 3 // 4,
            "taken_at": wire(self.clock),
            "original": None,
            "position": None,
            "source": "camera",
            "of": None,
        }
        named = self.say("photo", criterion, value)
        if caption:
            self.say("caption", named, caption)

    def send(self) -> None:
        """Hand over what is new; an invented change that does not count is a mistake here."""
        going = self.lines[self.sent :]
        verdicts = actions.receive(
            self.session,
            self.found.id,
            going,
            sender=self.person,
            device=self.device.id,
            at=self.clock,
            signatures=[[self.pen.kid, self.pen.sign(line)] for line in going],
        )
        held = [verdict.reason for verdict in verdicts if verdict.verdict == "held"]
        if held:
            raise ValueError(f"invented changes were held: {held}")
        self.sent = len(self.lines)
        for kept in self.photos:
            evidence.receive(
                self.session,
                self.settings.data_dir,
                kept.data,
                by=self.person.id,
                at=kept.at,
            )
        self.photos.clear()

    def answer_one(self, criterion: Criterion, quality: float, *, unmet: bool) -> None:
        """Answer one criterion this well."""
        if criterion.kind == "gate":
            self.say("answer", criterion.code, "not_met" if unmet else "met")
        for part in criterion.parts:
            steps = [step.points for step in part.steps]
            good = self.chance.random() < quality
            points = steps[-1] if good else self.chance.choice(steps[:-1])
            self.say("answer", criterion.target_of(part.code), plain(points))

    def _id(self) -> str:
        """A UUIDv7, as devices make them."""
        milliseconds = int(self.clock.timestamp() * 1000)
        rest = self.chance.getrandbits(74)
        number = (
            milliseconds << 80 | 7 << 76 | (rest >> 62) << 64 | 2 << 62 | rest & (2**62 - 1)
        )
        return str(UUID(int=number))


def plain(hundredths: int) -> int | float:
    """Hundredths as phones write points."""
    whole, rest = divmod(hundredths, 100)
    return whole if rest == 0 else hundredths / 100
