"""Surveys at the desk: the list, one with its figures, its questions, opening and closing."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import KEY_MOST, again, form_key, id_of_form
from app.kit.html import page
from app.kit.paging import PER_PAGE, PageNumber
from app.kit.text import Line
from app.offices import queries as offices
from app.rounds import queries as rounds
from app.rounds.models import Participation
from app.surveys import actions, queries
from app.surveys.guards import OwnSurvey, SeesSurveys, TheSurvey, WritesSurveys
from app.surveys.pages.drawing import address_of, qr_of
from app.surveys.paper import name_of
from app.surveys.queries import Found
from app.surveys.rules import FEW, MARKS, MOST, TOPICS, Question, hundredths
from app.surveys.rules import standing as rules

router = APIRouter()
FIELDS: Final = {
    "survey.title": "title_th",
    "survey.last-day": "closes_on",
    "survey.reason": "reason",
    "survey.question": "questions",
    "survey.question-twice": "questions",
    "survey.no-question": "questions",
}
FURTHER: Final = 3  # empty lines in the form of questions, for more


@router.get("/surveys")
def surveys(
    request: Request, session: Db, person: SeesSurveys, now: Now, number: PageNumber = 1
) -> HTMLResponse:
    """Every survey one may see; whoever works in an office sees its own."""
    office_id = None if person.may("surveys.see") else _own_office(session, person)
    shown = _listed(session, person, now, office_id, number)
    return page(request, "surveys/list.html", **shown)


@router.post("/surveys")
def make(
    request: Request,
    session: Db,
    by: WritesSurveys,
    now: Now,
    part: Annotated[Line, Form()] = "",
    title_th: Annotated[Line, Form()] = "",
    title_en: Annotated[Line, Form()] = "",
    closes_on: Annotated[Line, Form()] = "",
    key: Annotated[Line, Form(max_length=KEY_MOST)] = "",
) -> Response:
    """Begin a survey of one's own office in a round."""
    found = session.get(Participation, part)
    if found is None or not queries.may(session, by, "surveys.write", found.office_id):
        missing("participation")
    typed = {"title_th": title_th, "title_en": title_en, "closes_on": closes_on}
    try:
        made = actions.make(
            session,
            part=found,
            title_th=title_th,
            title_en=title_en,
            closes_on=_day(closes_on),
            by=by,
            at=now,
            named=id_of_form(key, by.id, part, title_th, title_en, closes_on),
        )
    except Refused as no:
        session.rollback()
        shown = _listed(session, by, now, found.office_id) | {"typed": typed}
        return again(request, session, no, "surveys/list.html", fields=FIELDS, **shown)
    return RedirectResponse(f"/surveys/{made.id}", 303)


@router.get("/surveys/{survey_id:uuid}")
def survey(
    request: Request, session: Db, person: SeesSurveys, found: TheSurvey
) -> HTMLResponse:
    """One survey: its figures, its files, what may be done with it now."""
    return page(request, "surveys/survey.html", **_shown(session, person, found))


@router.get("/surveys/{survey_id:uuid}/poster")
def poster(request: Request, found: TheSurvey) -> HTMLResponse:
    """A page to print and put up: the QR code of the public form."""
    address = address_of(request, found.survey.code)
    drawn = Markup(qr_of(address))  # noqa: S704 -- drawn by us, of an address of ours
    return page(request, "surveys/poster.html", found=found, address=address, qr=drawn)


@router.post("/surveys/{survey_id:uuid}/questions")
def edit(
    request: Request,
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
    topic: Annotated[list[Line], Form(default_factory=list, max_length=MOST + FURTHER)],
    th: Annotated[list[Line], Form(default_factory=list, max_length=MOST + FURTHER)],
    en: Annotated[list[Line], Form(default_factory=list, max_length=MOST + FURTHER)],
    title_th: Annotated[Line, Form()] = "",
    title_en: Annotated[Line, Form()] = "",
) -> Response:
    """Say anew what is asked; a line without words is left out."""
    lines = [each for each in zip(topic, th, en, strict=False) if each[1] or each[2]]
    asked = [Question(n, *each) for n, each in enumerate(lines, start=1)]
    try:
        actions.edit(
            session,
            found.survey.id,
            title_th=title_th,
            title_en=title_en,
            questions=asked,
            by=by,
            at=now,
        )
    except Refused as no:
        if no.refusal.code not in FIELDS and no.refusal.code != "survey.many-questions":
            raise
        session.rollback()
        again_found = queries.find(session, found.survey.id, at=now) or found
        shown = _shown(session, by, again_found) | {
            "asked": asked,
            "typed": {"title_th": title_th, "title_en": title_en},
        }
        return again(request, session, no, "surveys/survey.html", fields=FIELDS, **shown)
    return _back(found, "#questions")


@router.post("/surveys/{survey_id:uuid}/opening")
def open_(session: Db, by: WritesSurveys, found: OwnSurvey, now: Now) -> Response:
    """Let visitors answer."""
    actions.open_(session, found.survey.id, by=by, at=now)
    return _back(found)


@router.post("/surveys/{survey_id:uuid}/last-day")
def move(
    request: Request,
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
    closes_on: Annotated[Line, Form()] = "",
) -> Response:
    """Move the last day of answers."""
    try:
        actions.move(session, found.survey.id, closes_on=_day(closes_on), by=by, at=now)
    except Refused as no:
        return _again(request, session, no, by, found, now, {"closes_on": closes_on})
    return _back(found)


@router.post("/surveys/{survey_id:uuid}/reopening")
def reopen(
    request: Request,
    session: Db,
    by: WritesSurveys,
    found: OwnSurvey,
    now: Now,
    reason: Annotated[Line, Form()] = "",
) -> Response:
    """Let the figures go on growing."""
    try:
        actions.reopen(session, found.survey.id, reason=reason, by=by, at=now)
    except Refused as no:
        return _again(request, session, no, by, found, now, {"reason": reason})
    return _back(found)


@router.get("/surveys/{code}")
def of_office(
    request: Request, session: Db, person: SeesSurveys, now: Now, code: str
) -> HTMLResponse:
    """The surveys of one office."""
    office = offices.by_code(session, code)
    if office is None or not queries.may(session, person, "surveys.see", office.id):
        missing("office")
    return page(request, "surveys/list.html", **_listed(session, person, now, office.id))


def _again(
    request: Request,
    session: Session,
    no: Refused,
    by: Caller,
    found: Found,
    now: Any,
    typed: dict[str, str],
) -> Response:
    if no.refusal.code not in FIELDS:
        raise no
    session.rollback()
    found = queries.find(session, found.survey.id, at=now) or found
    shown = _shown(session, by, found)
    shown["typed"] |= typed
    return again(request, session, no, "surveys/survey.html", fields=FIELDS, **shown)


def _back(found: Found, mark: str = "") -> Response:
    return RedirectResponse(f"/surveys/{found.survey.id}{mark}", 303)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _own_office(session: Session, person: Caller) -> str:
    return queries.works_at(session, person.id) or "none"


def _listed(
    session: Session, person: Caller, now: Any, office_id: str | None, number: int = 1
) -> dict[str, Any]:
    own = queries.works_at(session, person.id)
    writes = own is not None and office_id == own
    writes = writes and queries.may(session, person, "surveys.write", own or "")
    parts = rounds.participations_of(session, own) if writes and own else []
    pages = max(1, -(-queries.how_many(session, office_id=office_id) // PER_PAGE))
    number = min(number, pages)
    return {
        "surveys": queries.surveys(
            session,
            at=now,
            office_id=office_id,
            first=(number - 1) * PER_PAGE,
            most=PER_PAGE,
        ),
        "number": number,
        "pages": pages,
        "office": offices.office(session, office_id) if office_id else None,
        "everywhere": person.may("surveys.see"),
        "rounds": [(part.id, round_) for part, round_, _ in parts if round_.closed_at is None],
        "writes": writes,
        "stages": rules.STAGES,
        "typed": {"title_th": "", "title_en": "", "closes_on": ""},
        "key": form_key(),
    }


def _shown(session: Session, person: Caller, found: Found) -> dict[str, Any]:
    told = queries.figures_of(session, found)
    remarks = queries.may(session, person, "surveys.remarks", found.office.id)
    imports = queries.imports(session, found.survey.id)
    closings = queries.closings(session, found.survey.id)
    people = {each.read_by for each in imports} | {each.closed_by for each in closings}
    lines = list(zip(found.questions, told.questions, strict=True)) if told else []
    number = told.respondents if told else 0
    return {
        "found": found,
        "survey": found.survey,
        "stage": rules.STAGES[found.stage],
        "writes": queries.may(session, person, "surveys.write", found.office.id),
        "told": told,
        "one_by_one": bool(queries.answers(session, found)),
        "tables": queries.tables(session, found) is not None,
        "lines": lines,
        "topics": [
            (words, [line for line in lines if line[0].topic == topic])
            for topic, words in TOPICS.items()
        ],
        "topic_names": TOPICS,
        "marks": MARKS,
        "few": FEW,
        "hundredths": hundredths,
        "remarks": queries.remarks(session, found)[:500] if remarks else None,
        "imports": imports,
        "closings": closings,
        "names": accounts.names(session, people),
        "asked": [*found.questions],
        "further": min(FURTHER, MOST - len(found.questions)),
        "file_name": name_of(found),
        "typed": {
            "title_th": found.survey.title_th,
            "title_en": found.survey.title_en,
            "closes_on": found.survey.closes_on.isoformat(),
            "reason": "",
        },
        "refusals": {
            "open": rules.refusal_to_open(found.stage),
            "import": rules.refusal_to_import(found.stage),
            "close": rules.refusal_to_close(found.stage, number),
        },
    }
