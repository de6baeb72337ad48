"""A small world to push into: an edition, two offices, a round, a visit, people with phones."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.accounts.models import Device, Person, RoleGrant
from app.checklists import queries as checklists
from app.checklists.models import StoredEdition
from app.checklists.rules import Edition, canonical
from app.kit.database import open_session
from app.offices.models import Membership, Office
from app.rounds.models import Assignment, Participation, Round, Visit

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PACK = "0" * 64


def uid() -> str:
    return str(uuid.uuid4())


@dataclass
class Phone:
    """A device and its person, who writes changes on it."""

    person: str
    device: str = field(default_factory=uid)
    secret: str = field(default_factory=lambda: uuid.uuid4().hex)
    n: int = 0
    lam: int = 0

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Device {self.device}.{self.secret}"}

    def line(self, audit: str, kind: str, target: str, value: Any, /, **other: Any) -> str:
        """The next change of this phone, as its journal holds it."""
        self.n += 1
        self.lam += 1
        change = {
            "v": 1,
            "id": uid(),
            "audit": audit,
            "author": self.person,
            "device": self.device,
            "n": self.n,
            "lam": self.lam,
            "made_at": "2026-11-21T02:00:00.000Z",
            "skew": None,
            "app": "test",
            "pack": PACK,
            "kind": kind,
            "target": target,
            "value": value,
            "supersedes": [],
            **other,
        }
        return json.dumps(change, ensure_ascii=False, separators=(",", ":"))

    def photo(self, audit: str, data: bytes, target: str = "P01") -> str:
        """A change that names a photo."""
        value = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "type": "image/jpeg",
            "width": 640,
            "height": 480,
            "taken_at": None,
            "original": None,
            "position": None,
        }
        return self.line(audit, "photo", target, value)


class World:
    """The rows, written straight: what rooms before audits do is tested there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.edition: Edition = checklists.read_shipped("gecc/2568")
        self.round, self.visit, self.own = uid(), uid(), uid()
        self.office, self.elsewhere = uid(), uid()
        self.people = {}
        with open_session(engine) as session:
            for username, roles in {
                "lead": ["lead_assessor"],
                "second": ["assessor"],
                "stranger": ["assessor"],
                "editor": ["office_editor"],
                "neighbour": ["office_editor"],
                "central": ["central_reviewer"],
                "auditor": ["auditor"],
                "admin": ["administrator"],
            }.items():
                self.people[username] = person = uid()
                session.add(
                    Person(
                        id=person,
                        username=username,
                        name_th=f"คน {username}",
                        name_en=username,
                        password_hash="x",
                        created_at=NOW,
                    )
                )
                session.flush()
                session.add_all(RoleGrant(person_id=person, role=r, at=NOW) for r in roles)
            body = self.edition.model_dump(mode="json")
            session.add(
                StoredEdition(
                    slug="gecc",
                    edition="2568",
                    sha256=self.edition.sha256,
                    body=canonical(body),
                    loaded_at=NOW,
                )
            )
            session.flush()
            for office, code, name in (
                (self.office, "PJO-50", "สำนักงานยุติธรรมจังหวัดเชียงใหม่"),
                (self.elsewhere, "PJO-14", "สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา"),
            ):
                session.add(
                    Office(
                        id=office,
                        code=code,
                        name_th=name,
                        name_en=code,
                        kind="provincial",
                        province_code=code[-2:],
                    )
                )
            session.flush()
            session.add_all(
                [
                    Membership(
                        person_id=self.people["editor"], office_id=self.office, since=NOW
                    ),
                    Membership(
                        person_id=self.people["neighbour"], office_id=self.elsewhere, since=NOW
                    ),
                    Round(
                        id=self.round,
                        fiscal_year=2570,
                        name_th="รอบที่ 1",
                        name_en="Round 1",
                        edition_sha256=self.edition.sha256,
                        opens_on=date(2026, 10, 1),
                        closes_on=date(2027, 9, 30),
                        opened_by=self.people["central"],
                        opened_at=NOW,
                    ),
                ]
            )
            session.flush()
            session.add(
                Participation(
                    id=self.own,
                    round_id=self.round,
                    office_id=self.office,
                    added_by=self.people["central"],
                    at=NOW,
                )
            )
            session.flush()
            session.add(
                Visit(
                    id=self.visit,
                    round_id=self.round,
                    office_id=self.office,
                    planned_on=date(2026, 11, 24),
                    planned_by=self.people["central"],
                    at=NOW,
                )
            )
            session.flush()
            for username in ("lead", "second"):
                session.add(
                    Assignment(
                        visit_id=self.visit,
                        person_id=self.people[username],
                        office_id=self.office,
                        lead=username == "lead",
                        assigned_by=self.people["central"],
                        at=NOW,
                    )
                )
            session.commit()

    def join(self, username: str, *roles: str, office: str | None = None) -> str:
        """Somebody else, who holds these roles and works in this office; their id."""
        self.people[username] = person = uid()
        with open_session(self.engine) as session:
            session.add(
                Person(
                    id=person,
                    username=username,
                    name_th=f"คน {username}",
                    name_en=username,
                    password_hash="x",
                    created_at=NOW,
                )
            )
            session.flush()
            session.add_all(RoleGrant(person_id=person, role=r, at=NOW) for r in roles)
            if office:
                session.add(Membership(person_id=person, office_id=office, since=NOW))
            session.commit()
        return person

    def phone(self, username: str) -> Phone:
        """A new phone of this person."""
        phone = Phone(self.people[username])
        with open_session(self.engine) as session:
            session.add(
                Device(
                    id=phone.device,
                    person_id=phone.person,
                    label="โทรศัพท์",
                    key_hash=hashlib.sha256(phone.secret.encode()).hexdigest(),
                    enrolled_at=NOW,
                    last_used_at=NOW,
                )
            )
            session.commit()
        return phone


def push(client: TestClient, phone: Phone, audit: str, lines: list[str], **other: Any) -> Any:
    """Push lines; the answer's JSON, which must be a receipt."""
    answer = client.post(
        "/api/sync/push",
        # Escaped, so that even half a character travels.
        content=json.dumps(
            {
                "device": phone.device,
                "audit": audit,
                "from": 1,
                "upto": phone.n,
                "changes": lines,
                "now": "2026-11-21T02:00:00.000Z",
                **other,
            }
        ),
        headers=phone.key,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def pull(client: TestClient, phone: Phone, audit: str, after: int = 0, limit: int = 500) -> Any:
    answer = client.get(
        "/api/sync/pull",
        params={"audit": audit, "after": after, "limit": limit},
        headers=phone.key,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def verdicts(answer: Any) -> list[str]:
    """`kept`, `known`, or the code of why it is held."""
    return [
        result[3]["code"] if result[1] == "held" else result[1] for result in answer["results"]
    ]
