"""A visit to the office with the longest name, from the first answer to the certificate."""

import hashlib
import io
import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from PIL import Image
from sqlmodel import Session

from app.accounts.models import Person
from app.audits import actions
from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules.content import digest_of
from app.certification.models import Approval, Certificate, Decision, IssuingKey
from app.certification.rules.payload import Payload, first_second_after, pack
from app.checklists.rules import canonical
from app.evidence import demo as evidence
from app.review.models import Proposal, ReportPhoto, Review
from app.settings import Settings
from tests import make
from tests.audits.world import Phone, uid
from tests.certification.golden import ACTIVE

OFFICE: Final = "PJO-14"
ORIGIN: Final = "https://gecc.example.go.th"
SCENES: Final = ("sign", "counter", "ramp", "seats")
NOTES: Final = {
    "P03": "ป้ายบอกทางชั้นสองหลุด มองไม่เห็นจากบันได ควรติดใหม่ในระดับสายตา",
    "P10": "ห้องน้ำคนพิการปิดซ่อม กำหนดแล้วเสร็จสิ้นเดือนนี้",
    "Q1.1": "ทางลาดหน้าอาคารได้มาตรฐาน มีราวจับสองข้าง",
}


@dataclass
class Story:
    """One audit; each method takes it a step further, as the people would."""

    session: Session
    settings: Settings
    office: str = OFFICE
    day: str = "2026-11-24"
    seen: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        session = self.session
        self.lead = make.person(session, "lead_assessor", name_th="สมเกียรติ วงศ์วัฒนา")
        self.second = make.person(session, "assessor", name_th="ปิยะพงษ์ สุขเกษม")
        self.head = make.person(
            session, "office_head", office=self.office, name_th="บุญส่ง ณ เชียงแสน"
        )
        self.reviewer = make.person(session, "central_reviewer", name_th="ธนากร พงษ์ไพบูลย์")
        self.first = make.person(session, "approver", name_th="นพดล เจริญสุข")
        self.other = make.person(session, "approver", name_th="กัญญารัตน์ อินทรกำแหง")
        visit = make.visit(
            session, office=self.office, lead=self.lead, assessors=[self.second], on=self.day
        )
        self.id = visit.id
        self.now = make.NOW + timedelta(days=3)
        device, _ = make.device(session, self.lead)
        self.phone = Phone(person=self.lead.id, device=device.id)
        self.lines: list[str] = []
        self.edition = audits.edition_of(session, self.found.edition_sha256)

    @property
    def found(self) -> Found:
        found = audits.find(self.session, self.id)
        assert found is not None
        return found

    @property
    def digest(self) -> str:
        return digest_of(audits.reading(self.session, self.found).state)

    def keep(self) -> None:
        """Commit, so that doors see it; nobody's name is asked of the database after that."""
        for person in (
            self.lead,
            self.second,
            self.head,
            self.reviewer,
            self.first,
            self.other,
        ):
            self.session.refresh(person)
        self.session.commit()

    def say(self, kind: str, target: str, value: Any, **other: Any) -> str:
        """Write a change on the lead's phone; its id."""
        line = self.phone.line(self.id, kind, target, value, **other)
        self.lines.append(line)
        return line.split('"id":"')[1][:36]

    def send(self) -> None:
        """Push what was written; all of it must count."""
        verdicts = actions.receive(
            self.session,
            self.id,
            self.lines,
            sender=make.caller(self.session, self.lead),
            device=self.phone.device,
            at=self.now,
        )
        self.lines = []
        assert [one.verdict for one in verdicts] == ["kept"] * len(verdicts), verdicts

    def answer(self, *, weak: int = 6, gates: bool = True) -> None:
        """Answer everything; `weak` scored criteria earn less than they could."""
        asked = [one for one in self.edition.criteria if one.kind != "advisory"]
        scored = [one.code for one in asked if one.kind == "scored" and one.tier == "advanced"]
        lower = set(scored[:: max(len(scored) // weak, 1)][:weak]) if weak else set()
        for criterion in asked:
            if criterion.kind == "gate":
                bad = not gates and criterion.code in {"P03", "P10"}
                self.say("answer", criterion.code, "not_met" if bad else "met")
            for part in criterion.parts:
                step = part.steps[0 if criterion.code in lower else -1].points
                value = step // 100 if step % 100 == 0 else step / 100
                self.say("answer", criterion.target_of(part.code), value)
        self.say("measurement", "P08:lux_counter", 342)
        self.say("measurement", "P08:lux_waiting", 185.5)
        for code, words in NOTES.items():
            self.say("note", code, words)

    def photograph(self, many: int, *, drawn: bool = False) -> None:
        """Take so many photos, one criterion after the other; `drawn`: to be looked at."""
        codes = [one.code for one in self.edition.criteria if one.kind != "advisory"]
        for number in range(many):
            code = codes[number % len(codes)]
            if drawn:
                scene = SCENES[number % len(SCENES)]
                data = evidence.photo(
                    scene, seed=number, taken_at=self.now, upright=number % 3 == 1
                )
            else:
                data = plain_photo(number)
            self.take(code, data, f"ภาพที่ {number + 1} จุดบริการ")

    def take(self, code: str, data: bytes, caption: str = "", *, of: Any = None) -> str:
        """Name a photo and hand in its bytes; the id of its change."""
        value = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "type": "image/jpeg",
            "width": 640,
            "height": 480,
            "taken_at": "2026-11-24T10:12:00",
            "original": None,
            "position": None,
            "source": "camera",
            "of": of,
        }
        change = self.say("photo", code, value)
        if caption:
            self.say("caption", change, caption)
        evidence.receive(
            self.session, self.settings.data_dir, data, by=self.lead.id, at=self.now
        )
        return change

    def sign(self) -> None:
        """The lead and the office sign what is there."""
        over = self.digest
        self.say(
            "signature",
            "assessor",
            {
                "name": "นายสมเกียรติ วงศ์วัฒนา",
                "post": "หัวหน้าคณะผู้ตรวจประเมิน",
                "strokes": scribble(1),
                "over": over,
            },
        )
        self.say(
            "signature",
            "office",
            {
                "name": "นายบุญส่ง ณ เชียงแสน",
                "post": "ยุติธรรมจังหวัดพระนครศรีอยุธยา",
                "strokes": scribble(2),
                "over": over,
            },
        )

    def step(self, action: str, by: Person, *bonds: Any, **other: Any) -> None:
        self.now += timedelta(hours=5)
        caller = make.caller(self.session, by)
        held = audits.bonds(self.session, by.id, self.found) | set(bonds)
        actions.step(self.session, self.id, action, by=caller, bonds=held, at=self.now, **other)
        self.session.flush()

    def propose(self, *, photos: list[str] | None = None) -> Proposal:
        """Submit, take, propose: the rows that the rooms between write."""
        session = self.session
        if self.found.stage == "open":
            self.step("submit", self.lead)
        self.step("take", self.reviewer)
        review = Review(
            id=uid(),
            audit_id=self.id,
            reviewer=self.reviewer.id,
            kind="review",
            taken_at=self.now,
        )
        session.add(review)
        session.flush()
        for change in photos or ():
            session.add(
                ReportPhoto(
                    audit_id=self.id, change_id=change, by=self.reviewer.id, at=self.now
                )
            )
        read = audits.reading(session, self.found)
        frozen = canonical({"format": 1, "scorecard": read.scorecard, "head": read.head})
        proposal = Proposal(
            id=uid(),
            audit_id=self.id,
            review_id=review.id,
            n=1,
            by=self.reviewer.id,
            at=self.now,
            level=read.scorecard["level"],
            frozen=frozen,
            sha256=hashlib.sha256(frozen.encode()).hexdigest(),
            head=read.head,
            remark="หลักฐานครบถ้วน คะแนนเป็นไปตามที่ตรวจพบ",
        )
        session.add(proposal)
        session.flush()
        self.step("propose", self.reviewer, "reviewing")
        return proposal

    def decide(self, proposal: Proposal) -> Decision:
        """Two approvers say the same, and so it is decided."""
        outcome = "calculated" if proposal.level else "none"
        for person in (self.first, self.other):
            self.session.add(
                Approval(
                    id=uid(),
                    proposal_id=proposal.id,
                    by=person.id,
                    at=self.now,
                    outcome=outcome,
                    level=proposal.level,
                )
            )
        self.session.flush()
        self.step("decide", self.other)
        decision = Decision(
            id=uid(),
            audit_id=self.id,
            proposal_id=proposal.id,
            outcome=outcome,
            level=proposal.level,
            first=self.first.id,
            second=self.other.id,
            at=self.now,
        )
        self.session.add(decision)
        self.session.flush()
        return decision

    def certify(self, decision: Decision, *, serial: int = 1) -> Certificate:
        """A certificate as the next room signs it."""
        session, office = self.session, self.found.office
        level = next(one for one in self.edition.levels if one.code == decision.level)
        until = date(2029, 11, 20)
        number = f"GECC-2570-{serial:05}"
        payload = Payload(
            issuer_th=self.settings.issuer_th,
            number=number,
            expires=first_second_after(until),
            issued=int(self.now.timestamp()),
            office_code=office.code,
            office_th=office.name_th,
            office_en=office.name_en,
            level=level.code,
            edition="gecc/2568",
            status_index=serial,
            proposal=bytes(16),
        )
        kid = ACTIVE.kid.hex()
        if session.get(IssuingKey, kid) is None:
            session.add(IssuingKey(kid=kid, public="x" * 44, made_at=self.now))
            session.flush()
        made = Certificate(
            number=number,
            fiscal_year=2570,
            serial=serial,
            status_index=serial,
            decision_id=decision.id,
            office_id=office.id,
            level=level.code,
            level_th=level.name.th,
            level_en=level.name.en,
            office_th=office.name_th,
            office_en=office.name_en,
            edition="gecc/2568",
            edition_sha256=self.edition.sha256,
            issuer_th=self.settings.issuer_th,
            issuer_en=self.settings.issuer_en,
            issued_at=self.now,
            valid_from=date(2026, 11, 21),
            valid_until=until,
            cose=ACTIVE.sign(pack(payload)),
            kid=kid,
        )
        session.add(made)
        session.flush()
        return made


def scribble(seed: int) -> list[list[int]]:
    """Strokes that look like a hand's: loops that drift, a line under them."""
    loops = []
    for turn in range(70):
        along = turn / 69
        x = 90 + 780 * along + 60 * math.sin(turn * 0.9 + seed)
        y = 190 + (120 - 60 * along) * math.sin(turn * 0.62 * seed) * math.cos(turn * 0.11)
        loops += [round(x), round(min(max(y, 0), 400))]
    return [loops, [120, 330, 420, 318, 900, 296]]


def plain_photo(number: int) -> bytes:
    """A small picture, unlike every other."""
    made = io.BytesIO()
    shade = (number * 37 % 256, number * 91 % 256, 120)
    picture = Image.new("RGB", (640, 480), shade)
    picture.paste((255, 255, 255), (20 + number % 200, 30, 300 + number % 200, 200))
    picture.save(made, "JPEG", quality=70, comment=str(number).encode())
    return made.getvalue()
