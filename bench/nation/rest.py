"""What else a country has: plans, surveys, the trail, what is held, what is searched."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session

from app.audits.models import HeldChange
from app.readiness.models import Task, TaskProof, TaskStep
from app.search import jobs
from app.search.models import SearchAudit, SearchText
from app.search.rules import folded, normal
from app.surveys.models import Survey, SurveyAnswer, SurveyQuestion
from app.trail.models import TrailLine
from bench.nation.knowing import YEARS, Nation, Walked, at, name, put
from bench.nation.walks import PHOTO_BYTES, photo_name

TRAIL: Final = {
    "submit": "audit.submitted",
    "take": "audit.taken",
    "propose": "audit.proposed",
    "decide": "audit.decided",
    "return": "audit.returned",
}


def rest(session: Session, made: Nation) -> None:
    """Everything that no audit waits for."""
    _tasks(session, made)
    _surveys(session, made)
    put(session, TrailLine, _trail(made))
    put(session, HeldChange, _held(made))
    _notes(session, made)


def index(engine: Engine) -> None:
    """Offices, people and criteria are copied for the search by the product's own job."""
    jobs.catch_up(engine)


def _tasks(session: Session, made: Nation) -> None:
    """Six tasks of each office: three of last year's visit, confirmed, and three to do."""
    rows: list[tuple[Walked, bool, int, int]] = []
    for one in made.walked:
        if (one.kind, one.year) in {("visit", YEARS - 2), ("self", YEARS - 1)}:
            for number in range(3):
                rows.append((one, one.kind == "visit", len(rows), number))
    put(session, Task, (_task(made, *row) for row in rows))
    done = [row for row in rows if row[1]]
    put(session, TaskStep, (_move(row, 1, "make", "new", "open", 6) for row in rows))
    put(
        session,
        TaskProof,
        (
            {
                "task_id": name(15, n),
                "sha256": photo_name(n + 1),
                "n": 1,
                "type": "image/jpeg",
                "name": "after.jpg",
                "by": name(6, one.office),
                "at": one.at + timedelta(days=40),
            }
            for one, _, n, _ in done
        ),
    )
    put(session, TaskStep, (_move(row, 2, "do", "open", "done", 6) for row in done))
    put(session, TaskStep, (_move(row, 3, "confirm", "done", "confirmed", 7) for row in done))


def _task(made: Nation, one: Walked, old: bool, n: int, number: int) -> dict[str, Any]:
    return {
        "id": name(15, n),
        "office_id": made.places[one.office],
        "audit_id": one.id,
        "edition_sha256": made.edition_sha256,
        "criterion": ("P01", "P08", "Q1.1")[number],
        "found": "not_met",
        "what": "ซ่อมและติดป้ายใหม่ให้อ่านได้จากระยะสิบเมตร",
        "owner": name(6, one.office),
        "due": one.on + timedelta(days=30 + 40 * number + (not old) * (n % 60)),
        "effort": 1 + n % 5,
        "before_sha256": None,
        "remark": "",
        "made_by": name(6, one.office),
        "made_at": one.at + timedelta(days=1),
    }


def _move(
    row: tuple[Walked, bool, int, int], n: int, action: str, before: str, then: str, who: int
) -> dict[str, Any]:
    return {
        "task_id": name(15, row[2]),
        "n": n,
        "action": action,
        "before": before,
        "after": then,
        "by": name(who, row[0].office),
        "at": row[0].at + timedelta(days=20 * n),
        "reason": "",
    }


def _surveys(session: Session, made: Nation) -> None:
    """Two of each office, of the last two years, with five questions and twenty answers."""
    parts = [
        (year, place) for year in (YEARS - 2, YEARS - 1) for place in range(len(made.places))
    ]
    put(
        session,
        Survey,
        (
            {
                "id": name(16, n),
                "round_id": name(2, year),
                "office_id": made.places[place],
                "code": f"S{n:07}",
                "title_th": "ความพึงพอใจของผู้รับบริการ",
                "title_en": "Satisfaction",
                "closes_on": made.today + timedelta(days=30 if year == YEARS - 1 else -300),
                "made_by": name(6, place),
                "made_at": at(made.today - timedelta(days=400 + n % 30)),
                "opened_by": name(6, place),
                "opened_at": at(made.today - timedelta(days=399)),
            }
            for n, (year, place) in enumerate(parts)
        ),
    )
    put(
        session,
        SurveyQuestion,
        (
            {
                "survey_id": name(16, n),
                "number": number,
                "topic": ("process", "staff", "place", "quality")[number % 4],
                "th": "ขั้นตอนการให้บริการเข้าใจง่าย",
                "en": "The steps are easy to follow",
            }
            for n in range(len(parts))
            for number in range(1, 6)
        ),
    )
    put(
        session,
        SurveyAnswer,
        (
            {
                "survey_id": name(16, n),
                "id": name(17, 20 * n + number),
                "marks": str(11111 * (3 + (n + number) % 3)),
                "remark": "",
                "day": made.today - timedelta(days=300 + number),
            }
            for n in range(len(parts))
            for number in range(20)
        ),
    )


def _trail(made: Nation) -> Iterator[dict[str, Any]]:
    """What the product's actions would have written: plans, photos received, steps."""
    planned = {visit: (place, on) for visit, _, place, on in made.visits}
    for visit, (_, on) in planned.items():
        detail = {"on": on.isoformat()}
        yield _line("visit.planned", "visit", visit, name(4, 100), on, detail)
    for sha256, when, by in made.photos:
        sent: dict[str, Any] = {"bytes": PHOTO_BYTES, "type": "image/jpeg"}
        yield _line("photo.received", "photo", sha256, by, when.date(), sent)
    for step in made.steps:
        action = TRAIL[step["action"]]
        yield _line(action, "audit", step["audit_id"], step["by"], step["at"].date(), {})


def _line(
    action: str, kind: str, subject: str, by: str, on: Any, detail: dict[str, Any]
) -> dict[str, Any]:
    return {
        "at": at(on),
        "by": by,
        "action": action,
        "kind": kind,
        "subject": subject,
        "detail": detail,
    }


def _held(made: Nation) -> Iterator[dict[str, Any]]:
    """One line that does not count for every fifty offices."""
    for n, one in enumerate(made.walked):
        if one.year == YEARS - 1 and one.kind == "visit" and one.office % 50 == 0:
            yield {
                "key": photo_name(n),
                "id": None,
                "audit_id": one.id,
                "line": b"{}",
                "code": "change.shape",
                "th": "อ่านรายการนี้ไม่ได้",
                "en": "This change cannot be read.",
                "person": made.lead(one.office),
                "device": made.device(made.lead(one.office)),
                "n": None,
                "kid": None,
                "signature": None,
                "photo_sha256": None,
                "received_at": one.at,
                "kept_at": None,
            }


def _notes(session: Session, made: Nation) -> None:
    """The copies of notes that the search keeps, as its job would write them."""
    put(
        session,
        SearchText,
        (
            {
                "kind": "note",
                "key": f"{one.id} {code} {made.author(one)}",
                "audit_id": one.id,
                "office_id": made.places[one.office],
                "shown": normal(text),
                "words": folded(normal(text)),
            }
            for one in made.walked
            for code, text in made.walks[one.walk].notes
        ),
    )
    put(
        session,
        SearchAudit,
        ({"audit_id": one.id, "head": made.walks[one.walk].head} for one in made.walked),
    )
