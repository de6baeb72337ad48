"""An office with findings: a visit whose answers, notes and photos were pushed by its lead."""

from datetime import date
from typing import Any, Final

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.queries import Found
from app.evidence import demo as pictures
from app.kit.database import open_session
from app.readiness import actions, queries
from app.readiness.models import Task
from app.readiness.queries import Standing
from app.readiness.rules.tasks import Draft
from app.settings import Settings
from tests.audits.world import push, verdicts
from tests.certification.world import Cases
from tests.conftest import Clock
from tests.evidence import files

DUE: Final = date(2026, 12, 15)
ANSWERS: Final = {
    "P01": "not_met",
    "P02": "met",
    "P08": "not_met",
    "Q1.1": 0,
    "Q1.2": 2,
}
NOTE: Final = "ป้ายหน้าอาคารหลุด ควรติดใหม่"


class Plans(Cases):
    """People of an office, its visit with findings, and a client at the door."""

    def __init__(
        self, client: TestClient, engine: Engine, settings: Settings, clock: Clock
    ) -> None:
        super().__init__(engine, settings)
        self.client = client
        self.clock = clock
        self.office = self.world.office
        self.visit_id = self.world.visit
        self.photo = files.jpeg(files.scene(noise=30))
        phone = self.world.phone("lead")
        lines = [
            phone.line(self.visit_id, "answer", code, value) for code, value in ANSWERS.items()
        ]
        author = self.people["lead"]
        lines.append(phone.line(self.visit_id, "note", "P01", NOTE))
        lines.append(phone.photo(self.visit_id, self.photo, "P01"))
        said = push(client, phone, self.visit_id, lines)
        assert set(verdicts(said)) == {"kept"}, said
        with open_session(engine) as session:
            pictures.receive(session, settings.data_dir, self.photo, by=author, at=clock())
            session.commit()

    def found(self, session: Any) -> Found:
        """The visit."""
        found = audits.find(session, self.visit_id)
        assert found is not None
        return found

    def who(self, session: Any, username: str) -> Caller:
        """One of the people."""
        return self.caller(session, username)

    def make(self, code: str = "P01", who: str = "editor", due: date = DUE) -> Task:
        """A task of one finding, by the real action."""
        with open_session(self.engine) as session:
            found = self.found(session)
            one = next(
                each for each in queries.findings(session, found) if each.criterion.code == code
            )
            draft = Draft("ติดป้ายใหม่ให้อ่านได้จากถนน", self.people["editor"], due, 2)
            by = self.who(session, who)
            (made,) = actions.make(
                session, found, [(one, draft)], by=by, at=self.clock(), besides=True
            )
            session.commit()
            return made

    def prove(self, task: Task, who: str = "editor") -> Response:
        """Bring a photo of how it is now, by the front door."""
        self.enter(self.client, who)
        answer: Response = self.client.post(
            f"/plans/proofs?task={task.id}",
            files={"file": ("after.jpg", files.jpeg(files.scene(noise=40)), "image/jpeg")},
            follow_redirects=False,
        )
        return answer

    def move(self, task: Task, action: str, who: str, reason: str = "") -> Response:
        """Move a task by the front door."""
        self.enter(self.client, who)
        answer: Response = self.client.post(
            f"/plans/tasks/{task.id}/{action}", data={"reason": reason}, follow_redirects=False
        )
        return answer

    def standing(self, task: Task) -> Standing:
        """Where it stands."""
        with open_session(self.engine, reads=True) as session:
            found = queries.task(session, task.id)
            assert found is not None
            return found
