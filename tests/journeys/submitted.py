"""A visit of the invented world walked to its end, submitted, and corrected when it came back.

What the phones of the team would push is received here by the same action; the review that
follows is done in a real browser.
"""

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.audits import actions as audits
from app.audits import queries
from app.audits.queries import Found
from app.evidence import demo as pictures
from app.kit.clock import wire
from app.kit.database import make_engine, open_session
from app.offices.models import Office
from app.rounds.models import Visit
from app.settings import Settings
from tests.journeys.conftest import Server
from tests.signing import Pen, written

OFFICE: Final = "PJO-65"
SCENES: Final = ("sign", "counter", "ramp", "seats")


class Team:
    """The lead of one invented visit, with a phone of their own."""

    def __init__(self, server: Server, office: str = OFFICE) -> None:
        self.engine: Engine = make_engine(f"sqlite:///{server.data / 'gecc.sqlite3'}")
        self.settings = Settings(data_dir=server.data)
        self.pen = Pen()
        self.now = datetime.now(UTC) - timedelta(hours=3)
        self.lines: list[str] = []
        self.sent = 0
        with open_session(self.engine) as session:
            self.audit: str = session.exec(
                select(Visit.id)
                .join(Office, col(Office.id) == Visit.office_id)
                .where(Office.code == office)
            ).one()
            found = self._found(session)
            lead = queries.team(session, found)[0]["id"]
            caller = people.caller(session, lead)
            assert caller is not None
            self.lead = caller
            device, _ = accounts.enrol(session, person=lead, label="เครื่องหัวหน้า", at=self.now)
            proof = self.pen.enrolment(device.id)
            accounts.enrol_key(session, device=device, at=self.now, **proof)
            self.device = device.id
            self.pack = audits.prepare(session, found, self.settings, by=self.lead, at=self.now)
            self.edition = queries.edition_of(session, found.edition_sha256)
            self.lam = queries.reading(session, found).state["lam"]
            session.commit()

    def walk_and_submit(self) -> None:
        """Answer everything that is open or torn, add photos, and submit."""
        with open_session(self.engine) as session:
            state = queries.reading(session, self._found(session)).state
            standing = {
                register: [mark["id"] for one in values for mark in one["changes"]]
                for register, values in state["registers"].items()
            }
            for each in self.edition.criteria:
                if each.kind != "scored":
                    self._say("answer", each.code, "met", standing)
                for part in each.parts:
                    best = max(step.points for step in part.steps)
                    value = best // 100 if best % 100 == 0 else best / 100
                    self._say("answer", each.target_of(part.code), value, standing)
            self._say("note", "P02", "ดูกับเจ้าหน้าที่แล้ว ป้ายติดถาวร อ่านได้จากถนน", standing)
            place = self._found(session).office.position
            assert place is not None
            for number, code in enumerate(["P01", "P01", "P02", "P02", "P03", "Q1.1"]):
                self._photo(
                    session, code, SCENES[number % 4], place.lat + number * 0.002, place.lon
                )
            self._send(session)
            self._step(session, "submit")
            session.commit()

    def correct_and_resubmit(self, code: str) -> None:
        """Another answer, a word and a photo for one returned criterion, and submit again."""
        with open_session(self.engine) as session:
            state = queries.reading(session, self._found(session)).state
            standing = {
                register: [mark["id"] for one in values for mark in one["changes"]]
                for register, values in state["registers"].items()
            }
            self._say("answer", code, "not_met", standing)
            self._say("note", code, "ตรวจซ้ำแล้ว ป้ายยังไม่ครบตามเกณฑ์", standing)
            place = self._found(session).office.position
            assert place is not None
            self._photo(session, code, "sign", place.lat, place.lon)
            self._send(session)
            self._step(session, "resubmit")
            session.commit()

    def stage(self) -> str:
        """Where the audit stands."""
        with open_session(self.engine) as session:
            return self._found(session).stage

    def _found(self, session: Session) -> Found:
        found = queries.find(session, self.audit)
        assert found is not None
        return found

    def _say(self, kind: str, target: str, value: Any, standing: dict[str, list[str]]) -> str:
        register = f"{kind} {target}" + (f" {self.lead.id}" if kind == "note" else "")
        self.lam += 1
        self.now += timedelta(seconds=20)
        change = {
            "v": 2,
            "id": str(uuid.uuid4()),
            "audit": self.audit,
            "author": self.lead.id,
            "device": self.device,
            "n": len(self.lines) + 1,
            "prev": hashlib.sha256(self.lines[-1].encode()).hexdigest() if self.lines else None,
            "lam": self.lam,
            "made_at": wire(self.now),
            "skew": 0,
            "seen": None,
            "app": "test",
            "pack": self.pack,
            "kind": kind,
            "target": target,
            "value": value,
            "supersedes": standing.get(register, []),
        }
        self.lines.append(written(change))
        return str(json.loads(self.lines[-1])["id"])

    def _photo(self, session: Session, code: str, scene: str, lat: float, lon: float) -> None:
        data = pictures.photo(scene, seed=len(self.lines), taken_at=self.now)
        value = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "type": "image/jpeg",
            "width": 1280,
            "height": 960,
            "taken_at": wire(self.now),
            "original": None,
            "position": {"lat": lat, "lon": lon, "accuracy": 12.0},
            "source": "camera",
            "of": None,
        }
        photo = self._say("photo", code, value, {})
        self._say("caption", photo, f"ภาพของข้อ {code}", {})
        pictures.receive(
            session, self.settings.data_dir, data, by=self.lead.id, at=datetime.now(UTC)
        )

    def _send(self, session: Session) -> None:
        fresh = self.lines[self.sent :]
        verdicts = audits.receive(
            session,
            self.audit,
            fresh,
            sender=self.lead,
            device=self.device,
            at=datetime.now(UTC),
            signatures=[self.pen.seal(line) for line in fresh],
        )
        self.sent = len(self.lines)
        held = [each.reason for each in verdicts if each.verdict == "held"]
        assert not held, held[:3]

    def _step(self, session: Session, action: str) -> None:
        bonds = queries.bonds(session, self.lead.id, self._found(session))
        audits.step(
            session, self.audit, action, by=self.lead, bonds=bonds, at=datetime.now(UTC)
        )
