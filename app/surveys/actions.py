"""Surveys are made, opened, answered; files come in and are taken back; figures are fixed."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.rules import Caller
from app.kit.database import take_turns
from app.kit.errors import Refused, missing, refuse
from app.kit.inserting import insert_missing
from app.rounds.models import Participation
from app.surveys import queries
from app.surveys.models import (
    Survey,
    SurveyAnswer,
    SurveyClosing,
    SurveyImport,
    SurveyQuestion,
)
from app.surveys.queries import Found
from app.surveys.rules import (
    DEFAULT,
    Question,
    Reading,
    figures,
    refusal_of_marks,
    refusal_of_questions,
    refusal_of_remark,
)
from app.surveys.rules import standing as rules
from app.trail import actions as trail

LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
CODE_LENGTH: Final = 8
TRAIL: Final = {
    "made": "survey.made",
    "edited": "survey.edited",
    "opened": "survey.opened",
    "moved": "survey.moved",
    "file-read": "survey.file-read",
    "file-taken": "survey.file-taken",
    "file-undone": "survey.file-undone",
    "closed": "survey.closed",
    "file-made": "survey.file-made",
    "reopened": "survey.reopened",
}


def make(
    session: Session,
    *,
    part: Participation,
    title_th: str,
    title_en: str,
    closes_on: date | None,
    by: Caller,
    at: datetime,
    named: str = "",
) -> Survey:
    """Begin a survey of an office in a round, with the questions we propose.

    `named`: the id it gets; the same again is the same survey.
    """
    if named:
        take_turns(session, f"survey {named}")
        known = session.get(Survey, named)
        if known is not None:
            return known
    refuse(rules.refusal_of_title(title_th, title_en))
    refuse(rules.refusal_of_last_day(closes_on, queries.today(at)))
    assert closes_on is not None
    survey = Survey(
        id=named or str(uuid4()),
        round_id=part.round_id,
        office_id=part.office_id,
        code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
        title_th=title_th,
        title_en=title_en,
        closes_on=closes_on,
        made_by=by.id,
        made_at=at,
    )
    session.add(survey)
    session.flush()
    _ask(session, survey.id, DEFAULT)
    _note(session, "made", survey, by=by, at=at)
    return survey


def edit(
    session: Session,
    survey_id: str,
    *,
    title_th: str,
    title_en: str,
    questions: Sequence[Question],
    by: Caller,
    at: datetime,
) -> None:
    """Say anew what the survey is called and asks, until it opens."""
    found = _locked(session, survey_id, at)
    refuse(rules.refusal_to_edit(found.stage))
    refuse(rules.refusal_of_title(title_th, title_en))
    refuse(refusal_of_questions(questions))
    found.survey.title_th, found.survey.title_en = title_th, title_en
    session.execute(delete(SurveyQuestion).where(col(SurveyQuestion.survey_id) == survey_id))
    _ask(session, survey_id, questions)
    _note(session, "edited", found.survey, by=by, at=at)


def open_(session: Session, survey_id: str, *, by: Caller, at: datetime) -> None:
    """Let visitors answer; from now on the questions stay."""
    found = _locked(session, survey_id, at)
    refuse(rules.refusal_to_open(found.stage))
    refuse(rules.refusal_of_last_day(found.survey.closes_on, queries.today(at)))
    refuse(refusal_of_questions(found.questions))
    found.survey.opened_by, found.survey.opened_at = by.id, at
    _note(session, "opened", found.survey, by=by, at=at)


def move(
    session: Session, survey_id: str, *, closes_on: date | None, by: Caller, at: datetime
) -> None:
    """Move the last day of answers."""
    found = _locked(session, survey_id, at)
    refuse(rules.refusal_to_move(found.stage))
    refuse(rules.refusal_of_last_day(closes_on, queries.today(at)))
    assert closes_on is not None
    found.survey.closes_on = closes_on
    _note(session, "moved", found.survey, by=by, at=at, on=closes_on.isoformat())


def answer(
    session: Session, survey_id: str, *, answer_id: str, marks: str, remark: str, at: datetime
) -> bool:
    """Keep what a visitor answered; False where this very answer is here already.

    The trail gets one line a day, of the first: more would say when somebody answered.
    """
    found = _locked(session, survey_id, at)
    refuse(rules.refusal_to_answer(found.stage))
    refuse(refusal_of_marks(marks, len(found.questions)))
    refuse(refusal_of_remark(remark))
    day = queries.today(at)
    first = not queries.answered_on(session, survey_id, day)
    row = {
        "survey_id": survey_id,
        "id": answer_id,
        "marks": marks,
        "remark": remark,
        "day": day,
    }
    new = bool(insert_missing(session, SurveyAnswer, [row]))
    if new and first:
        detail = {"title": found.survey.title}
        trail.record(
            session, "survey.answered", "survey", survey_id, by=None, at=at, detail=detail
        )
    return new


def keep_reading(
    session: Session,
    survey_id: str,
    reading: Reading,
    *,
    sha256: str,
    name: str,
    by: Caller,
    at: datetime,
) -> SurveyImport:
    """Keep what a file says for its preview; the same file again is the import there is."""
    found = _locked(session, survey_id, at)
    refuse(rules.refusal_to_import(found.stage))
    known = queries.same_file(session, survey_id, sha256)
    if known is not None:
        return known
    body = json.dumps(
        {
            "sheet": reading.sheet,
            "rows": [[row.line, row.marks, row.remark] for row in reading.rows],
            "counts": reading.counts,
            "refused": [[each.line, each.th, each.en] for each in reading.refused],
            "unused": reading.unused,
        },
        ensure_ascii=False,
    )
    made = SurveyImport(
        id=str(uuid4()),
        survey_id=survey_id,
        sha256=sha256,
        name=name,
        kind=reading.kind,
        respondents=reading.respondents,
        refused=len(reading.refused),
        body=body,
        digest=hashlib.sha256(body.encode()).hexdigest(),
        read_by=by.id,
        read_at=at,
    )
    session.add(made)
    session.flush()
    detail = {"file": name, "rows": reading.respondents, "refused": len(reading.refused)}
    _note(session, "file-read", found.survey, by=by, at=at, **detail)
    return made


def take(
    session: Session, survey_id: str, import_id: str, *, digest: str, by: Caller, at: datetime
) -> None:
    """Take in the good rows of a file; `digest` is of the preview that was looked at."""
    found = _locked(session, survey_id, at)
    kept = _import(session, survey_id, import_id)
    refuse(
        rules.refusal_to_take(
            found.stage,
            kind=kept.kind,
            good=kept.respondents,
            refused=kept.refused,
            taken=kept.taken_at is not None,
            undone=kept.undone_at is not None,
        )
    )
    if digest != kept.digest:
        raise Refused(rules.CHANGED)
    kept.taken_by, kept.taken_at = by.id, at
    detail = {"file": kept.name, "rows": kept.respondents}
    _note(session, "file-taken", found.survey, by=by, at=at, **detail)


def undo(
    session: Session, survey_id: str, import_id: str, *, reason: str, by: Caller, at: datetime
) -> None:
    """Take a whole file back out of the answers; it stays on record."""
    found = _locked(session, survey_id, at)
    kept = _import(session, survey_id, import_id)
    taken, undone = kept.taken_at is not None, kept.undone_at is not None
    refuse(rules.refusal_to_undo(found.stage, taken=taken, undone=undone))
    refuse(rules.refusal_of_reason(reason))
    kept.undone_by, kept.undone_at, kept.undone_reason = by.id, at, reason
    detail = {"file": kept.name, "reason": reason}
    _note(session, "file-undone", found.survey, by=by, at=at, **detail)


def close(session: Session, survey_id: str, *, by: Caller, at: datetime) -> SurveyClosing:
    """Fix the figures. The file that is evidence of them is made after this is committed."""
    found = _locked(session, survey_id, at)
    told = figures(queries.counts(session, found))
    refuse(rules.refusal_to_close(found.stage, told.respondents if told else 0))
    assert told is not None
    made = SurveyClosing(
        survey_id=survey_id,
        n=len(queries.closings(session, survey_id)) + 1,
        figures=json.dumps(told.as_json()),
        closed_by=by.id,
        closed_at=at,
    )
    session.add(made)
    session.flush()
    detail = {"respondents": told.respondents}
    _note(session, "closed", found.survey, by=by, at=at, **detail)
    return made


def note_file(
    session: Session,
    survey_id: str,
    n: int,
    *,
    sha256: str,
    size: int,
    by: Caller,
    at: datetime,
) -> None:
    """Say which file is evidence of the fixed figures; its bytes and their row are there."""
    found = _locked(session, survey_id, at)
    closing = session.get(SurveyClosing, (survey_id, n))
    if closing is None or closing.sha256 is not None:
        return  # somebody else made it meanwhile: the same figures, the same bytes
    closing.sha256, closing.bytes = sha256, size
    _note(session, "file-made", found.survey, by=by, at=at, sha256=sha256)


def reopen(session: Session, survey_id: str, *, reason: str, by: Caller, at: datetime) -> None:
    """Let the figures go on growing; what was fixed stays on record."""
    found = _locked(session, survey_id, at)
    refuse(rules.refusal_to_reopen(found.stage))
    refuse(rules.refusal_of_reason(reason))
    assert found.closing is not None
    found.closing.reopened_by, found.closing.reopened_at = by.id, at
    found.closing.reopened_reason = reason
    _note(session, "reopened", found.survey, by=by, at=at, reason=reason)


def _locked(session: Session, survey_id: str, at: datetime) -> Found:
    """The survey, with nobody else changing it until this transaction ends."""
    take_turns(session, f"survey {survey_id}")
    session.flush()
    # What was read before the wait may have changed meanwhile.
    session.get(Survey, survey_id, populate_existing=True)
    found = queries.find(session, survey_id, at=at)
    if found is None:
        missing("survey")
    return found


def _import(session: Session, survey_id: str, import_id: str) -> SurveyImport:
    found = session.get(SurveyImport, import_id, populate_existing=True)
    if found is None or found.survey_id != survey_id:
        missing("import")
    return found


def _ask(session: Session, survey_id: str, questions: Sequence[Question]) -> None:
    session.add_all(
        SurveyQuestion(
            survey_id=survey_id, number=each.number, topic=each.topic, th=each.th, en=each.en
        )
        for each in questions
    )
    session.flush()


def _note(
    session: Session, action: str, survey: Survey, *, by: Caller, at: datetime, **detail: object
) -> None:
    told = {"title": survey.title, **detail}
    trail.record(session, TRAIL[action], "survey", survey.id, by=by.id, at=at, detail=told)
    session.flush()
