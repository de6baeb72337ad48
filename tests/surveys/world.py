"""An office with a survey, its editor, and files of answers as offices send them."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import xlsxwriter
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.surveys import actions, queries
from app.surveys.models import Survey
from app.surveys.rules import DEFAULT
from tests import make

CODE = "PJO-50"
QUESTIONS = len(DEFAULT)
HEAD = ["ลำดับ", *(f"ข้อ {each.number}" for each in DEFAULT), "ข้อเสนอแนะ"]


def editor(session: Session, role: str = "office_editor", code: str = CODE) -> Person:
    return make.person(session, role, office=code)


def survey(session: Session, by: Person, *, opened: bool = True, round_: Any = None) -> Survey:
    """A survey of the office with the questions we propose, taking answers unless told."""
    round_ = round_ or make.round_(session, offices=[CODE])
    caller = make.caller(session, by)
    part = make.participation(session, round_, make.office(session, CODE))
    made = actions.make(
        session,
        part=part,
        title_th="ความพึงพอใจต่อจุดบริการ",
        title_en="Satisfaction at the counter",
        closes_on=date(2026, 12, 31),
        by=caller,
        at=make.NOW,
    )
    if opened:
        actions.open_(session, made.id, by=caller, at=make.NOW)
    return made


def answer(
    session: Session, made: Survey, marks: str, *, times: int = 1, remark: str = ""
) -> None:
    for _ in range(times):
        actions.answer(
            session, made.id, answer_id=str(uuid4()), marks=marks, remark=remark, at=make.NOW
        )


def filled(mark: int | str = 5, answer_id: str | None = None, **other: str) -> dict[str, str]:
    """What a browser sends of a form with every question answered."""
    fields = {f"q{number}": str(mark) for number in range(1, QUESTIONS + 1)}
    return {"answer": answer_id or str(uuid4()), "remark": "", **fields, **other}


def xlsx(rows: Sequence[Sequence[Any]], name: str = "คำตอบ") -> bytes:
    """A workbook with these cells."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return made.getvalue()


def people(*marks: str) -> list[list[Any]]:
    """A table of respondents, a heading first."""
    rows = [[n, *map(int, each), ""] for n, each in enumerate(marks, start=1)]
    return [list(HEAD), *rows]


def send(client: TestClient, made: Survey, data: bytes, name: str = "คำตอบ.xlsx") -> Any:
    """Send a file by the front door; the answer, not followed."""
    return client.post(
        f"/surveys/imports?survey={made.id}",
        files={"file": (name, data)},
        follow_redirects=False,
    )


def told(session: Session, made: Survey) -> list[list[int]]:
    """The counts as they stand."""
    session.expire_all()
    found = queries.find(session, made.id, at=make.NOW + timedelta(minutes=1))
    assert found is not None
    counts = queries.counts(session, found)
    session.commit()
    return counts
