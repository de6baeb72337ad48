"""Questions about surveys: what is asked, what was answered, what an office can hand in."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.rules import Caller, scopes
from app.audits import queries as audits
from app.kit.html import BANGKOK
from app.offices import queries as offices
from app.offices.models import Office
from app.rounds.models import Round
from app.surveys.models import (
    Survey,
    SurveyAnswer,
    SurveyClosing,
    SurveyImport,
    SurveyQuestion,
)
from app.surveys.rules import Figures, Question, Row, added, figures, hundredths, tally
from app.surveys.rules.standing import Stage, stage_of

CRITERION: Final = "R1"
"""The criterion on satisfaction, in every edition so far."""


@dataclass(frozen=True, slots=True)
class Found:
    """A survey with what it asks, whose it is and where it stands."""

    survey: Survey
    questions: tuple[Question, ...]
    office: Office
    round_: Round
    closing: SurveyClosing | None
    stage: Stage


def may(session: Session, person: Caller, action: str, office_id: str) -> bool:
    """Whether a line of ACCESS lets this person do it for this office."""
    reach = scopes(person.roles, action)
    if "all" in reach:
        return True
    return "office" in reach and works_at(session, person.id) == office_id


def works_at(session: Session, person_id: str) -> str | None:
    """The office that somebody works in."""
    return offices.works_at(session, [person_id]).get(person_id)


def find(session: Session, survey_id: str, *, at: datetime) -> Found | None:
    """The survey with this id."""
    survey = session.get(Survey, survey_id)
    return _found(session, survey, at) if survey else None


def by_code(session: Session, code: str, *, at: datetime) -> Found | None:
    """The survey whose public form has this code."""
    survey = session.exec(select(Survey).where(Survey.code == code)).first()
    return _found(session, survey, at) if survey else None


def how_many(session: Session, *, office_id: str | None = None) -> int:
    """How many surveys an office has, or all have."""
    asked = select(func.count()).select_from(Survey)
    if office_id is not None:
        asked = asked.where(Survey.office_id == office_id)
    return session.exec(asked).one()


def surveys(
    session: Session,
    *,
    at: datetime,
    office_id: str | None = None,
    first: int = 0,
    most: int | None = None,
) -> list[tuple[Found, int]]:
    """The surveys of an office, or of all, each with how many answered; the newest first.

    `first`, `most`: one page of them. A few questions to the database, however many there are.
    """
    asked = select(Survey).order_by(col(Survey.made_at).desc(), Survey.id)
    if office_id is not None:
        asked = asked.where(Survey.office_id == office_id)
    rows = session.exec(asked.offset(first).limit(most)).all()
    answered = _respondents(session, [each.id for each in rows])
    return [(each, answered.get(each.survey.id, 0)) for each in _all_found(session, rows, at)]


def respondents(session: Session, found: Found) -> int:
    """How many people's answers count in a survey."""
    return _respondents(session, [found.survey.id]).get(found.survey.id, 0)


def _respondents(session: Session, survey_ids: Sequence[str]) -> dict[str, int]:
    of_answer, of_file = col(SurveyAnswer.survey_id), col(SurveyImport.survey_id)
    visitors = (
        select(of_answer, func.count()).where(of_answer.in_(survey_ids)).group_by(of_answer)
    )
    files = (
        select(of_file, func.coalesce(func.sum(SurveyImport.respondents), 0))
        .where(of_file.in_(survey_ids), *_COUNTS)
        .group_by(of_file)
    )
    found: Counter[str] = Counter()
    for asked in (visitors, files):
        found.update({survey: int(number) for survey, number in session.exec(asked)})
    return dict(found)


def answered_on(session: Session, survey_id: str, day: date) -> bool:
    """Whether a visitor answered on this day."""
    asked = select(SurveyAnswer.id).where(
        SurveyAnswer.survey_id == survey_id, SurveyAnswer.day == day
    )
    return session.exec(asked.limit(1)).first() is not None


def counts(session: Session, found: Found) -> list[list[int]]:
    """The counts of all kept answers, `counts[question][mark - 1]`."""
    number = len(found.questions)
    asked = select(SurveyAnswer.marks, func.count()).group_by(SurveyAnswer.marks)
    visitors = session.exec(asked.where(SurveyAnswer.survey_id == found.survey.id))
    files = session.exec(select(SurveyImport.body).where(*_counting(found.survey.id)))
    tables = [tally(visitors, number), *(json.loads(body)["counts"] for body in files)]
    return added(tables, number)


def figures_of(session: Session, found: Found) -> Figures | None:
    """The figures: the fixed ones of a closed survey, else of the answers kept by now."""
    if found.closing is not None:
        return figures(json.loads(found.closing.figures)["counts"])
    return figures(counts(session, found))


def imports(session: Session, survey_id: str) -> list[SurveyImport]:
    """The files of a survey, the newest first."""
    asked = select(SurveyImport).where(SurveyImport.survey_id == survey_id)
    return list(session.exec(asked.order_by(col(SurveyImport.read_at).desc(), SurveyImport.id)))


def same_file(session: Session, survey_id: str, sha256: str) -> SurveyImport | None:
    """The import of these very bytes that was not taken back."""
    asked = select(SurveyImport).where(
        SurveyImport.survey_id == survey_id,
        SurveyImport.sha256 == sha256,
        col(SurveyImport.undone_at).is_(None),
    )
    return session.exec(asked).first()


def rows_of(body: str) -> list[Row]:
    """The respondents whom an import holds."""
    return [Row(line, marks, remark) for line, marks, remark in json.loads(body)["rows"]]


def answers(session: Session, found: Found) -> list[Row]:
    """Every respondent known one by one: visitors by day, then those of each file."""
    asked = select(SurveyAnswer).where(SurveyAnswer.survey_id == found.survey.id)
    visitors = session.exec(asked.order_by(col(SurveyAnswer.day), SurveyAnswer.id))
    rows = [Row(0, each.marks, each.remark) for each in visitors]
    files = select(SurveyImport).where(*_counting(found.survey.id))
    for each in session.exec(files.order_by(col(SurveyImport.taken_at), SurveyImport.id)):
        rows += rows_of(each.body)
    return rows


def tables(session: Session, found: Found) -> list[list[int]] | None:
    """The counts that came as tables, added up; None where none did."""
    asked = select(SurveyImport.body).where(
        *_counting(found.survey.id), SurveyImport.kind == "counts"
    )
    bodies = [json.loads(body)["counts"] for body in session.exec(asked)]
    return added(bodies, len(found.questions)) if bodies else None


def remarks(session: Session, found: Found) -> list[str]:
    """What visitors and files remarked, the newest visitors first."""
    rows = answers(session, found)
    return [row.remark for row in reversed(rows) if row.remark]


def closings(session: Session, survey_id: str) -> list[SurveyClosing]:
    """Every time the figures were fixed, the first first."""
    asked = select(SurveyClosing).where(SurveyClosing.survey_id == survey_id)
    return list(session.exec(asked.order_by(col(SurveyClosing.n))))


def offers(session: Session, audit: audits.Found) -> list[dict[str, Any]]:
    """What an audit of this office and round can take as evidence: surveys with fixed figures.

    As phones keep it, beside the criterion on satisfaction: docs/surveys.md.
    """
    edition = audits.edition_of(session, audit.edition_sha256)
    if CRITERION not in {each.code for each in edition.criteria}:
        return []
    standing = (
        select(Survey, SurveyClosing, Office.code)
        .join(SurveyClosing, col(SurveyClosing.survey_id) == Survey.id)
        .join(Office, col(Office.id) == Survey.office_id)
        .where(
            Survey.office_id == audit.office.id,
            Survey.round_id == audit.round.id,
            col(SurveyClosing.reopened_at).is_(None),
            col(SurveyClosing.sha256).is_not(None),
        )
    )
    found = session.exec(standing.order_by(col(SurveyClosing.closed_at).desc(), Survey.id))
    return [_offer(survey, closing, code) for survey, closing, code in found]


def _offer(survey: Survey, closing: SurveyClosing, office: str) -> dict[str, Any]:
    told = json.loads(closing.figures)
    return {
        "id": survey.id,
        "criterion": CRITERION,
        "title": survey.title,
        "n": told["respondents"],
        "percent": hundredths(told["percent"]),
        "mean": hundredths(told["mean"]),
        "file": {
            "sha256": closing.sha256,
            "bytes": closing.bytes,
            "type": "application/pdf",
            "name": f"survey-{office}-{survey.code}-{closing.n}.pdf",
        },
    }


def _found(session: Session, survey: Survey, at: datetime) -> Found:
    return _all_found(session, [survey], at)[0]


def _all_found(session: Session, rows: Sequence[Survey], at: datetime) -> list[Found]:
    ids = [each.id for each in rows]
    asked = select(SurveyQuestion).where(col(SurveyQuestion.survey_id).in_(ids))
    questions: dict[str, list[Question]] = {each: [] for each in ids}
    for one in session.exec(asked.order_by(col(SurveyQuestion.number))):
        questions[one.survey_id].append(Question(one.number, one.topic, one.th, one.en))
    standing = select(SurveyClosing).where(
        col(SurveyClosing.survey_id).in_(ids), col(SurveyClosing.reopened_at).is_(None)
    )
    closings = {one.survey_id: one for one in session.exec(standing)}
    where = select(Office).where(col(Office.id).in_({each.office_id for each in rows}))
    places = {one.id: one for one in session.exec(where)}
    when = select(Round).where(col(Round.id).in_({each.round_id for each in rows}))
    rounds = {one.id: one for one in session.exec(when)}
    return [
        Found(
            survey,
            tuple(questions[survey.id]),
            places[survey.office_id],
            rounds[survey.round_id],
            closings.get(survey.id),
            stage_of(
                opened=survey.opened_at is not None,
                closed=survey.id in closings,
                closes_on=survey.closes_on,
                today=today(at),
            ),
        )
        for survey in rows
    ]


def today(at: datetime) -> date:
    """The day that a moment falls on in Bangkok."""
    return at.astimezone(BANGKOK).date()


def _counting(survey_id: str) -> Sequence[Any]:
    """What makes an import count: taken in, and not taken back."""
    return (SurveyImport.survey_id == survey_id, *_COUNTS)


_COUNTS: Final = (
    col(SurveyImport.taken_at).is_not(None),
    col(SurveyImport.undone_at).is_(None),
)
