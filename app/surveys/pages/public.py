"""The public form: no sign-in, no cookie, no name, no script needed, counted by network."""

import re
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.limiting import in_measure
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused
from app.kit.html import page
from app.kit.text import tidy
from app.surveys import actions, queries
from app.surveys.queries import Found
from app.surveys.rules import MARKS, REMARK_MOST, TOPICS
from app.surveys.rules.standing import CLOSED_TO_VISITORS, refusal_to_answer

router = APIRouter(dependencies=[Depends(in_measure)])
ID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
FIELDS_MOST: Final = 40


async def sent(request: Request) -> dict[str, str]:
    """What the form says, field by field; the questions decide its names."""
    form = await request.form(max_fields=FIELDS_MOST, max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


@router.get("/s/{code}")
@router.get("/en/s/{code}")
def form(request: Request, session: Db, now: Now, code: str) -> HTMLResponse:
    """The form to answer; kind words where there is none or no longer."""
    return _form(request, queries.by_code(session, code.lower(), at=now))


@router.post("/s/{code}")
@router.post("/en/s/{code}")
def answer(
    request: Request,
    session: Db,
    now: Now,
    code: str,
    typed: Annotated[dict[str, str], Depends(sent)],
) -> Response:
    """Keep an answer. The same answer id again is the same answer."""
    found = queries.by_code(session, code.lower(), at=now)
    if found is None or refusal_to_answer(found.stage):
        return _form(request, found)
    answer_id = typed.get("answer", "")
    marks = "".join(
        mark if len(mark := typed.get(f"q{each.number}", "")) == 1 else "-"
        for each in found.questions
    )
    try:
        actions.answer(
            session,
            found.survey.id,
            answer_id=answer_id if ID.fullmatch(answer_id) else str(uuid4()),
            marks=marks,
            remark=tidy(typed.get("remark", "")),
            at=now,
        )
    except Refused as no:
        session.rollback()
        if no.refusal is CLOSED_TO_VISITORS:  # closed in this very moment
            return _form(request, queries.by_code(session, code.lower(), at=now))
        return _form(request, found, typed, no)
    return RedirectResponse(f"{_around(request)['root']}/s/{found.survey.code}/thanks", 303)


@router.get("/s/{code}/thanks")
@router.get("/en/s/{code}/thanks")
def thanks(request: Request, session: Db, now: Now, code: str) -> HTMLResponse:
    """The answer was received."""
    found = queries.by_code(session, code.lower(), at=now)
    if found is None:
        return _form(request, None)
    return page(request, "surveys/thanks.html", found=found, **_around(request))


def _form(
    request: Request,
    found: Found | None,
    typed: dict[str, str] | None = None,
    no: Refused | None = None,
) -> HTMLResponse:
    around = _around(request)
    if found is None or (refusal := refusal_to_answer(found.stage)):
        unknown = found is None or found.stage == "draft"
        return page(
            request,
            "surveys/no_form.html",
            status=404 if unknown else 410,
            found=None if unknown else found,
            **around,
        )
    assert refusal is None
    typed = typed or {}
    answer_id = typed.get("answer", "")
    unanswered = [
        each.number
        for each in found.questions
        if no is not None and typed.get(f"q{each.number}") not in set("12345")
    ]
    return page(
        request,
        "surveys/form.html",
        status=422 if no else 200,
        found=found,
        topics=TOPICS,
        marks=MARKS,
        most=REMARK_MOST,
        answer_id=answer_id if ID.fullmatch(answer_id) else str(uuid4()),
        typed=typed,
        unanswered=unanswered,
        refusal=no.refusal if no else None,
        **around,
    )


def _around(request: Request) -> dict[str, Any]:
    """The roots of this page's and of the other language's addresses."""
    path = request.url.path.removesuffix("/thanks")
    english = path.startswith("/en/")
    here = path.removeprefix("/en")
    return {
        "root": "/en" if english else "",
        "here": path,
        "other": here if english else f"/en{here}",
    }
