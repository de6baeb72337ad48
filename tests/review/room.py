"""A visit walked to its end, submitted, and the people around it.

room = Room(client, session, clock)      submitted, nobody has taken it
room.reviewer.take(); room.accept("P01")
"""

import hashlib
import json
import uuid
from collections import Counter
from datetime import date
from functools import cached_property
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import insert
from sqlmodel import Session, select

from app.accounts.models import Person
from app.audits import actions as steps
from app.audits import queries as audits
from app.audits.models import Audit, AuditStep, KeptChange, PhotoReference
from app.audits.queries import Found
from app.checklists.rules import Edition
from app.evidence import demo as pictures
from app.evidence.queries import blob
from app.review import actions
from app.rounds import actions as rounds
from app.rounds.models import Round, Visit
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
        self.round = make.round_(session)
        self.visit = make.visit(
            session, in_round=self.round, lead=self.lead, assessors=[self.second]
        ).id
        self.device, _ = make.device(session, self.lead)
        self.counts: Counter[str] = Counter()
        self.edition: Edition = audits.edition_of(session, self.found.edition_sha256)
        steps.open_audit(session, self.found, by=self.lead.id, at=self.now)
        session.flush()
        self.walk()
        self.step("submit", self.lead)
        session.commit()

    @cached_property
    def other(self) -> Person:
        """Another reviewer."""
        return self._come("other", "central_reviewer")

    @cached_property
    def approver(self) -> Person:
        return self._come("approver", "approver")

    @cached_property
    def auditor(self) -> Person:
        return self._come("auditor", "auditor")

    @cached_property
    def head(self) -> Person:
        """The head of the office that was visited."""
        return self._come("head", "office_head", office="PJO-50")

    def _come(self, username: str, *roles: str, office: str | None = None) -> Person:
        made = make.person(self.session, *roles, username=username, office=office)
        self.session.commit()
        return made

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
                self.write("answer", each.code, "met", again=False)
            for part in each.parts:
                best = max(step.points for step in part.steps)
                value = best // 100 if best % 100 == 0 else best / 100
                self.write("answer", each.target_of(part.code), value, again=False)

    def write(
        self,
        kind: str,
        target: str,
        value: Any,
        *,
        author: Person | None = None,
        audit: str | None = None,
        again: bool = True,
    ) -> str:
        """One change, kept as a push would keep it; its id. It supersedes what stands there."""
        audit = audit or self.visit
        self.counts[audit] += 1
        n = self.counts[audit]
        change = {
            "v": 1, "id": str(uuid.uuid4()), "audit": audit,
            "author": (author or self.lead).id, "device": self.device.id,
            "n": n, "lam": n, "made_at": f"{self.now:%Y-%m-%dT%H:%M:%S}.000Z",
            "skew": None, "app": "test", "pack": "0" * 64, "kind": kind, "target": target,
            "value": value, "supersedes": self.standing(audit, kind, target),
        }  # fmt: skip
        self.session.connection().execute(
            insert(KeptChange),
            {
                **{
                    key: change[key]
                    for key in ("id", "author", "device", "n", "lam", "kind", "target")
                },
                "audit_id": audit,
                "seq": n,
                "line": json.dumps(change, ensure_ascii=False, separators=(",", ":")),
                "made_at": self.now,
                "received_at": self.now,
            },
        )
        row = self.session.get_one(Audit, audit)
        row.head = n
        self.session.add(row)
        self.session.flush()
        return str(change["id"])

    def standing(self, audit: str, kind: str, target: str) -> list[str]:
        """What a change of this register supersedes."""
        if kind in {"photo", "photo-removed"}:
            return []
        named = select(KeptChange.id).where(
            KeptChange.audit_id == audit,
            KeptChange.kind == kind,
            KeptChange.target == target,
        )
        return list(self.session.exec(named))

    def photo(
        self,
        criterion: str,
        *,
        data: bytes | None = None,
        sent: bool = True,
        audit: str | None = None,
        **value: Any,
    ) -> str:
        """A photo of a criterion, its bytes here unless they are still on their way."""
        settings: Settings = self.client.app.state.settings  # type: ignore[attr-defined]
        data = data or pictures.photo("sign", seed=self.counts[self.visit], taken_at=self.now)
        sha256 = self.sha256(data)
        said = {
            "sha256": sha256, "bytes": len(data), "type": "image/jpeg", "width": 1280,
            "height": 960, "taken_at": None, "original": None, "position": None,
            "source": "camera", "of": None, **value,
        }  # fmt: skip
        change = self.write("photo", criterion, said, audit=audit)
        self.session.add(
            PhotoReference(
                change_id=change,
                sha256=sha256,
                audit_id=audit or self.visit,
                criterion=criterion,
            )
        )
        if sent and blob(self.session, sha256) is None:
            pictures.receive(
                self.session, settings.data_dir, data, by=self.lead.id, at=self.now
            )
        self.session.flush()
        return change

    def sha256(self, data: bytes) -> str:
        """What these bytes are called."""
        return hashlib.sha256(data).hexdigest()

    def open(self, audit: str) -> str:
        """Another audit, begun."""
        found = audits.find(self.session, audit)
        assert found is not None
        steps.open_audit(self.session, found, by=self.lead.id, at=self.now)
        self.session.flush()
        return audit

    def elsewhere(self, criterion: str, data: bytes) -> None:
        """The same photo in the visit to another office."""
        where = make.office(self.session, "PJO-51")
        by = make.planner(self.session).id
        rounds.add_offices(
            self.session, round_=self.round, office_ids=[where.id], by=by, at=self.now
        )
        planned = make.visit(
            self.session, in_round=self.round, office=where, lead=self.lead, on="2026-11-25"
        )
        self.photo(criterion, data=data, audit=self.open(planned.id))

    def own_answer(self, criterion: str, value: Any, note: str) -> None:
        """What the office said of itself."""
        office = make.office(self.session)
        own = self.open(make.participation(self.session, self.round, office).id)
        self.write("answer", criterion, value, audit=own, author=self.head)
        self.write("note", criterion, note, audit=own, author=self.head)

    def last_visit(self, criterion: str, value: Any, note: str) -> None:
        """A visit of the year before, and what it found."""
        office, by = make.office(self.session), make.planner(self.session).id
        before = Round(
            id=str(uuid.uuid4()), fiscal_year=2569, name_th="รอบที่แล้ว", name_en="Last year",
            edition_sha256=self.round.edition_sha256, opens_on=date(2025, 10, 1),
            closes_on=date(2026, 9, 30), opened_by=by, opened_at=self.now,
        )  # fmt: skip
        self.session.add(before)
        self.session.flush()
        rounds.add_offices(
            self.session, round_=before, office_ids=[office.id], by=by, at=self.now
        )
        visit = Visit(
            id=str(uuid.uuid4()), round_id=before.id, office_id=office.id,
            planned_on=date(2026, 3, 3), planned_by=by, at=self.now,
        )  # fmt: skip
        self.session.add(visit)
        self.session.flush()
        last = self.open(visit.id)
        self.write("answer", criterion, value, audit=last)
        self.write("note", criterion, note, audit=last)

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
        """The reviewer accepts every criterion but these."""
        by, saw = make.caller(self.session, self.reviewer), self.found.head
        self.clock.forward(seconds=1)
        for code in self.codes:
            if code not in but:
                actions.mark(
                    self.session, self.visit, code, "accepted", saw=saw, by=by, at=self.now
                )
        self.session.commit()

    @property
    def stage(self) -> str:
        return self.found.stage
