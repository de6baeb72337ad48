"""A country grows, and what its pages ask of the database does not: statements are counted.

A list shows a hundred rows at most, whatever there is; its figures say how much there is.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.audits import queries as audits
from app.audits.models import Audit, AuditCard, AuditStep
from app.evidence import queries as evidence
from app.evidence.models import ArchivedBlob, Blob
from app.kit.database import open_session
from app.offices.models import Office
from app.overview import counting, country
from app.readiness.models import Task, TaskStep
from app.review.models import Proposal, Review
from app.rounds.models import Assignment, Participation, Round, Visit
from app.surveys.models import Survey, SurveyQuestion
from tests import make
from tests.feeds import many
from tests.visit import look

MANY = 120
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def fill(engine: Engine) -> Callable[[int], None]:
    """A round in which so many offices take part, each with everything that lists show."""

    def filled(offices: int) -> None:
        with open_session(engine) as session:
            stored = make.edition(session)
            reviewer = make.person(session, "central_reviewer", username="reviewer")
            approver = make.person(session, "approver", username="approver")
            lead = make.person(session, "lead_assessor", username="lead")
            edition = audits.edition_of(session, stored.sha256)
            many.fill(session, edition=edition, by=reviewer.id, audits=offices, offices=offices)
            session.flush()
            for n in range(offices):
                _of_office(session, n, edition.sha256, reviewer, approver, lead)
            session.commit()

    return filled


def _of_office(
    session: Session, n: int, edition: str, reviewer: Person, approver: Person, lead: Person
) -> None:
    """A proposal, a task, a survey and a lead; what nobody reads of them is short."""
    visit, office = many.number(4, n), many.number(1, n)
    audit = session.get_one(Audit, visit)
    card = session.get_one(AuditCard, visit)
    audit.head, audit.stage, card.head = 1, "proposed", 1
    session.get_one(Office, office).region = "North" if n % 2 else "South"
    session.add(
        Assignment(
            visit_id=visit,
            person_id=lead.id,
            office_id=office,
            lead=True,
            assigned_by=reviewer.id,
            at=NOW,
        )
    )
    review = Review(
        id=str(uuid.uuid4()),
        audit_id=visit,
        reviewer=reviewer.id,
        kind="review",
        taken_at=NOW,
    )
    session.add(review)
    session.flush()
    session.add(
        Proposal(
            id=str(uuid.uuid4()),
            audit_id=visit,
            review_id=review.id,
            n=1,
            by=reviewer.id,
            at=NOW,
            level=card.level,
            frozen="{}",
            sha256="0" * 64,
            head=1,
        )
    )
    for step, (action, before, after) in enumerate(
        (
            ("submit", "open", "submitted"),
            ("take", "submitted", "in_review"),
            ("propose", "in_review", "proposed"),
        ),
        1,
    ):
        session.add(
            AuditStep(
                audit_id=visit,
                n=step,
                action=action,
                before=before,
                after=after,
                by=lead.id,
                at=NOW,
                head=1,
            )
        )
        session.flush()
    task = Task(
        id=str(uuid.uuid4()),
        office_id=office,
        audit_id=visit,
        edition_sha256=edition,
        criterion="P01",
        found="not_met",
        what="ติดป้าย",
        owner=lead.id,
        due=date(2026, 11, 1) if n % 3 else date(2027, 1, 1),
        effort=1,
        made_by=lead.id,
        made_at=NOW,
    )
    session.add(task)
    session.flush()
    session.add(
        TaskStep(
            task_id=task.id, n=1, action="make", before="new", after="open", by=lead.id, at=NOW
        )
    )
    survey = Survey(
        id=str(uuid.uuid4()),
        round_id=audit.round_id,
        office_id=office,
        code=f"S{n:07}",
        title_th="ความพึงพอใจ",
        title_en="",
        closes_on=date(2027, 1, 1),
        made_by=lead.id,
        made_at=NOW,
    )
    session.add(survey)
    session.flush()
    session.add(
        SurveyQuestion(survey_id=survey.id, number=1, topic="staff", th="สุภาพ", en="Polite")
    )


def asked(client: TestClient, engine: Engine, person: str, pages: list[str]) -> dict[str, int]:
    """How many statements each page took, the second time it was opened."""
    with open_session(engine) as session:
        who = session.exec(select(Person).where(Person.username == person)).one()
    make.sign_in(client, who)
    found = {}
    for page in pages:
        look(client, page)
        with counted(engine) as said:
            look(client, page)
        found[page] = len(said)
    return found


LISTS = {
    "reviewer": [
        "/",
        f"/rounds/{many.number(2, 0)}",
        "/readiness",
        "/plans",
        "/surveys",
        "/offices",
        "/planning?month=2026-11",
        "/planning/suggestions",
        "/review?show=proposed",
        "/held",
    ],
    "approver": ["/", "/national", "/decisions", "/people"],
}


def test_pages_ask_the_database_no_more_of_many_offices_than_of_few(
    fill: Callable[[int], None], client: TestClient, engine: Engine
) -> None:
    fill(2)
    few = {who: asked(client, engine, who, pages) for who, pages in LISTS.items()}
    with open_session(engine) as session:
        edition = session.exec(select(Round)).one().edition_sha256
        people = {
            one.username: one
            for one in session.exec(
                select(Person).where(col(Person.username).in_(["reviewer", "approver", "lead"]))
            )
        }
        _more(session, people, edition)
        session.commit()
    much = {who: asked(client, engine, who, pages) for who, pages in LISTS.items()}
    assert much == few


def _more(session: Session, people: dict[str, Person], edition: str) -> None:
    """The rest of the offices, in the round that there is."""
    for n in range(2, 12):
        common: dict[str, Any] = {
            "round_id": many.number(2, 0),
            "office_id": many.number(1, n),
        }
        session.add(
            Office(
                id=common["office_id"],
                code=f"X-{n:05}",
                name_th=f"สำนักงานที่ {n}",
                name_en=f"Office {n}",
                kind="central",
            )
        )
        session.flush()
        by = people["reviewer"].id
        session.add(Participation(id=many.number(3, n), added_by=by, at=NOW, **common))
        session.flush()
        session.add(
            Visit(
                id=many.number(4, n),
                planned_on=date(2026, 11, 24),
                planned_by=by,
                at=NOW,
                **common,
            )
        )
        session.flush()
        session.add(
            Audit(
                id=many.number(4, n),
                kind="visit",
                edition_sha256=edition,
                opened_at=NOW,
                **common,
            )
        )
        session.flush()
        session.add(AuditCard(**many.card(n, audits.edition_of(session, edition))))
        session.flush()
        _of_office(session, n, edition, people["reviewer"], people["approver"], people["lead"])


def test_a_list_of_many_offices_has_pages_and_keeps_what_was_asked(
    fill: Callable[[int], None], client: TestClient, engine: Engine
) -> None:
    fill(MANY)
    round_id = many.number(2, 0)
    for who, address, rest in (
        ("reviewer", "/offices?q=สำนักงานที่", MANY - 100),
        ("reviewer", "/plans?", MANY - 100),
        ("reviewer", "/surveys?", MANY - 100),
        ("reviewer", f"/rounds/{round_id}?", MANY - 100),
        ("reviewer", "/readiness?show=none&sort=office&down=1", MANY - 100),
        ("approver", f"/national?round={round_id}&kind=visit", MANY - 100),
    ):
        asked(client, engine, who, [])
        first = look(client, address)
        following = re.search(r'rel="next"\s+href="([^"]+)"', first)
        assert following is not None, address
        onward = following[1].replace("&amp;", "&")
        assert onward.endswith("page=2")
        second = look(client, onward)
        assert rows(first) - rows(second) == 100 - rest, address
        assert 'rel="next"' not in second
        assert rows(look(client, onward.replace("page=2", "page=99"))) == rows(second)


def rows(page: str) -> int:
    """How many rows of a table are named by an office or a survey."""
    return len(re.findall(r'<th scope="row">\s*<a', page))


def test_the_home_page_counts_levels_as_the_national_board_does(
    fill: Callable[[int], None], engine: Engine
) -> None:
    fill(10)
    with open_session(engine) as session:
        late = session.get_one(AuditCard, many.number(4, 3))
        late.head = 0  # left behind: the audit itself is asked, and says nothing yet
        audit = session.get_one(Audit, many.number(4, 4))
        audit.head = session.get_one(AuditCard, many.number(4, 4)).head = 0
        session.flush()
        in_round = many.number(2, 0)
        edition = audits.edition_of(session, audit.edition_sha256)
        places = country.places(session, in_round, country.Wanted())
        board = counting.by_level(places, edition.levels)
        assert country.level_counts(session, in_round, edition.levels) == board
        assert board[counting.UNBEGUN] == 1
        assert sum(board.values()) == 10


def test_photos_in_no_backup_are_those_received_less_those_archived(session: Session) -> None:
    by = make.person(session, "lead_assessor").id
    for sign in "abc":
        session.add(Blob(sha256=sign * 64, bytes=1, type="image/jpeg", kept_at=NOW, kept_by=by))
    session.flush()
    assert evidence.not_archived(session) == 3
    session.add(ArchivedBlob(sha256="a" * 64, backup="b1", at=NOW))
    session.flush()
    assert evidence.not_archived(session) == 2
