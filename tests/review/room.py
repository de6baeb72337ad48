"""A visit walked to its end, submitted, and the people around it.

room = Room(client, session, clock)      submitted, nobody has taken it
room.reviewer.take(); room.accept("P01")
"""

import hashlib
import json
import uuid
from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.audits import actions as steps
from app.audits import queries as audits
from app.audits.models import Audit, AuditStep, KeptChange, PhotoReference
from app.audits.queries import Found
from app.checklists.rules import Edition
from app.evidence import demo as pictures
from app.rounds import actions as rounds
from app.settings import Settings
from tests import make
from tests.conftest import Clock
from tests.visit import look

Response = Any


class Room:
    """What a test of reviews needs; every change of mind is committed."""

    def __init__(self, client: TestClient, session: Session, clock: Clock) -> None:
        self.client, self.session, self.clock = client, session, clock
        session.expire_on_commit = False  # or reading a name would hold the database
        self.lead = make.person(session, "lead_assessor", username="lead")
        self.second = make.person(session, "assessor", username="second")
        self.reviewer = make.person(
            session, "central_reviewer", username="reviewer", name_th="รื่นฤดี ทบทวน"
        )
        self.other = make.person(session, "central_reviewer", username="other")
        self.approver = make.person(session, "approver", username="approver")
        self.auditor = make.person(session, "auditor", username="auditor")
        self.head = make.person(session, "office_head", username="head", office="PJO-50")
        self.round = make.round_(session)
        self.visit = make.visit(
            session, in_round=self.round, lead=self.lead, assessors=[self.second]
        ).id
        self.device, _ = make.device(session, self.lead)
        self.n = 0
        self.edition: Edition = audits.edition_of(session, self.found.edition_sha256)
        steps.open_audit(session, self.found, by=self.lead.id, at=self.now)
        session.flush()
        self.walk()
        self.step("submit", self.lead)
        session.commit()

    @property
    def now(self) -> Any:
        return self.clock()

    @property
    def found(self) -> Found:
        found = audits.find(self.session, self.visit)
        assert found is not None
        return found

    @property
    def base(self) -> str:
        return f"/review/{self.visit}"

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.edition.criteria]

    def walk(self) -> None:
        """Answer everything as well as it can be."""
        for each in self.edition.criteria:
            if each.kind != "scored":
                self.write("answer", each.code, "met")
            for part in each.parts:
                best = max(step.points for step in part.steps)
                self.write(
                    "answer",
                    each.target_of(part.code),
                    best // 100 if best % 100 == 0 else best / 100,
                )

    def write(
        self,
        kind: str,
        target: str,
        value: Any,
        *,
        author: Person | None = None,
        supersedes: list[str] | None = None,
    ) -> str:
        """One change, kept as a push would keep it; its id. It supersedes what stands there."""
        self.n += 1
        change = {
            "v": 1, "id": str(uuid.uuid4()), "audit": self.visit,
            "author": (author or self.lead).id, "device": self.device.id,
            "n": self.n, "lam": self.n, "made_at": f"{self.now:%Y-%m-%dT%H:%M:%S}.000Z",
            "skew": None, "app": "test", "pack": "0" * 64, "kind": kind, "target": target,
            "value": value, "supersedes": supersedes or self.standing(kind, target),
        }  # fmt: skip
        self.session.connection().execute(
            insert(KeptChange),
            {
                **{
                    key: change[key]
                    for key in ("id", "author", "device", "n", "lam", "kind", "target")
                },
                "audit_id": self.visit,
                "seq": self.n,
                "line": json.dumps(change, ensure_ascii=False, separators=(",", ":")),
                "made_at": self.now,
                "received_at": self.now,
            },
        )
        audit = self.session.get_one(Audit, self.visit)
        audit.head = self.n
        self.session.add(audit)
        self.session.flush()
        return str(change["id"])

    def standing(self, kind: str, target: str) -> list[str]:
        """What a change of this register supersedes."""
        if kind in {"photo", "photo-removed", "note"}:
            return []
        named = select(KeptChange.id).where(
            KeptChange.audit_id == self.visit,
            KeptChange.kind == kind,
            KeptChange.target == target,
        )
        return list(self.session.exec(named))

    def photo(
        self, criterion: str, *, data: bytes | None = None, sent: bool = True, **value: Any
    ) -> str:
        """A photo of a criterion, its bytes here unless they are still on their way."""
        settings: Settings = self.client.app.state.settings  # type: ignore[attr-defined]
        data = data or pictures.photo("sign", seed=self.n, taken_at=self.now, upright=False)
        sha256 = hashlib.sha256(data).hexdigest()
        said = {
            "sha256": sha256, "bytes": len(data), "type": "image/jpeg", "width": 1280,
            "height": 960, "taken_at": None, "original": None, "position": None,
            "source": "camera", "of": None, **value,
        }  # fmt: skip
        change = self.write("photo", criterion, said)
        self.session.add(
            PhotoReference(
                change_id=change, sha256=sha256, audit_id=self.visit, criterion=criterion
            )
        )
        if sent:
            pictures.receive(
                self.session, settings.data_dir, data, by=self.lead.id, at=self.now
            )
        self.session.flush()
        return change

    def step(self, action: str, by: Person, **more: Any) -> AuditStep:
        """A step of the lifecycle, by somebody who may."""
        bonds = audits.bonds(self.session, by.id, self.found)
        caller = make.caller(self.session, by)
        return steps.step(
            self.session, self.visit, action, by=caller, bonds=bonds, at=self.now, **more
        )

    def resubmit(self) -> None:
        """The team has corrected what was returned."""
        self.clock.forward(hours=1)
        self.step("resubmit", self.lead)
        self.session.commit()

    def sign_in(self, person: Person) -> "Room":
        """Go on as this person."""
        self.session.refresh(person)
        self.session.commit()
        self.client.post("/sign-out")
        make.sign_in(self.client, person)
        return self

    def post(self, door: str, **data: Any) -> Response:
        """Send a form of this review; nothing is followed."""
        self.session.commit()
        self.clock.forward(seconds=1)
        return self.client.post(f"{self.base}/{door}", data=data, follow_redirects=False)

    def look(self, path: str = "", status: int = 200) -> str:
        """A page of this review, after looking closely at it."""
        self.session.commit()
        return look(self.client, f"{self.base}{path}", status)

    def take(self) -> None:
        """The reviewer takes it."""
        self.sign_in(self.reviewer)
        assert self.post("take").status_code == 303

    def mark(self, criterion: str, verdict: str = "accepted", reason: str = "") -> Response:
        """Say so of one criterion as it stands."""
        return self.post(
            "mark", criterion=criterion, verdict=verdict, saw=self.found.head, reason=reason
        )

    def accept_all(self, *but: str) -> None:
        """Accept every criterion but these."""
        for code in self.codes:
            if code not in but:
                assert self.mark(code).status_code == 303

    @property
    def stage(self) -> str:
        return self.found.stage

    def another_office(self, code: str = "PJO-41", on: str = "2026-11-25") -> str:
        """Another visit of the round, not begun."""
        where = make.office(self.session, code)
        rounds.add_offices(
            self.session,
            round_=self.round,
            office_ids=[where.id],
            by=make.planner(self.session).id,
            at=self.now,
        )
        planned = rounds.plan_visit(
            self.session, round_=self.round, office=where, planned_on=date.fromisoformat(on),
            lead=self.lead.id, assessors=[], by=make.planner(self.session).id, at=self.now,
        )  # fmt: skip
        return planned.id

    def lines(self) -> list[str]:
        """The lines of the audit's changes."""
        found = select(KeptChange.line).where(KeptChange.audit_id == self.visit)
        return list(self.session.exec(found.order_by(col(KeptChange.seq))))
