"""A plan in a spreadsheet: taken out, sent back, shown row by row, then followed."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Conflict, Invalid, Refusal, Refused, refuse
from app.kit.forms import again
from app.kit.html import page
from app.kit.text import Line as Words
from app.kit.text import tidy
from app.kit.turns import Workplace, aside
from app.kit.web import AS_IT_IS
from app.planning import actions, queries
from app.planning.guards import PlannedRound, Planner, bytes_of
from app.planning.rules import Line, lines_of
from app.planning.workbook import TYPE, workbook
from app.rounds import queries as rounds
from app.rounds.models import Round
from app.rounds.rules import KNOWN, refusal_to_change
from app.surveys.opening import sheets_of

router = APIRouter()
PLAN_MOST = 200_000
SINCE = Conflict(
    "plan.changed",
    "แผนหรือบัญชีผู้ตรวจเปลี่ยนไปหลังจากแสดงผลครั้งก่อน โปรดดูอีกครั้งก่อนยืนยัน",
    "The plan has changed since it was shown. Look at it again before you go on.",
)
SPOILT = Invalid("plan.spoilt", "ส่งไฟล์อีกครั้ง ข้อมูลที่แสดงไว้ไม่ครบ", "Send the file again, please.")
FIELDS = {"visit.caution": "known"}


@router.get("/planning/bulk")
def bulk(
    request: Request,
    session: Db,
    _by: Planner,
    chosen: Annotated[Words, Query(alias="round", max_length=40)] = "",
) -> HTMLResponse:
    """Take the plan of a round out, and send it back filled in."""
    return page(request, "planning/bulk.html", **_asked(session, chosen))


@router.get("/planning/bulk/{round_id}.xlsx")
def take_out(session: Db, round_: PlannedRound) -> Response:
    """The workbook of a round: its offices, what is planned, who may be sent."""
    made = workbook(
        queries.plan_of(session, round_.id),
        queries.people(session),
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
    )
    name = f"plan-{round_.fiscal_year}.xlsx"
    headers = AS_IT_IS | {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(made, media_type=TYPE, headers=headers)


@router.post("/planning/bulk/{round_id}/preview")
def preview(
    request: Request,
    _work: Workplace,
    session: Db,
    round_: PlannedRound,
    by: Planner,
    now: Now,
    file: Annotated[UploadFile | None, File()] = None,
) -> HTMLResponse:
    """What a file would do, row by row; nothing is done."""
    try:
        refuse(refusal_to_change(closed=round_.closed_at is not None))
        data = bytes_of(file)
        session.commit()  # the write lock is let go while the file is opened
        with aside(request):
            sheets = sheets_of(data)
        if isinstance(sheets, Refusal):
            raise Refused(sheets)
        lines = lines_of([each.rows for each in sheets])
        if isinstance(lines, Refusal):
            raise Refused(lines)
        return _preview(request, session, round_, lines, by=by.id, now=now)
    except Refused as no:
        session.rollback()
        shown = _asked(session, round_.id)
        fields = {no.refusal.code: "file"}
        return again(request, session, no, "planning/bulk.html", fields=fields, **shown)


@router.post("/planning/bulk/{round_id}/following")
def follow(
    request: Request,
    session: Db,
    round_: PlannedRound,
    by: Planner,
    now: Now,
    plan: Annotated[str, Form(max_length=PLAN_MOST)] = "",
    seen: Annotated[str, Form(max_length=64)] = "",
    known: Annotated[Words, Form(max_length=20)] = "",
) -> HTMLResponse:
    """Do what was shown, in one transaction, if it still is what was shown."""
    refuse(refusal_to_change(closed=round_.closed_at is not None))
    lines = _unpacked(plan)
    try:
        found = actions.follow(
            session, round_=round_, lines=lines, known=known == KNOWN, by=by.id, at=now
        )
        if queries.seen(found) != seen:
            raise Refused(SINCE)
    except Refused as no:
        session.rollback()
        return _preview(request, session, round_, lines, by=by.id, now=now, no=no.refusal)
    return page(request, "planning/followed.html", round=round_, found=found)


def _preview(
    request: Request,
    session: Session,
    round_: Round,
    lines: Sequence[Line],
    *,
    by: str,
    now: Now,
    no: Refusal | None = None,
) -> HTMLResponse:
    """The rows as they would be followed now: it is done, looked at, and taken back."""
    found = actions.follow(session, round_=round_, lines=lines, known=True, by=by, at=now)
    shown: dict[str, Any] = {
        "round": round_,
        "found": found,
        "changes": sum(each.counts for each in found),
        "refused": [each for each in found if each.refusal],
        "warned": [each for each in found if each.cautions],
        "seen": queries.seen(found),
        "plan": _packed(lines),
        "known": KNOWN,
    }
    session.rollback()
    if no is None:
        return page(request, "planning/preview.html", **shown)
    return again(request, session, Refused(no), "planning/preview.html", fields=FIELDS, **shown)


def _asked(session: Session, chosen: str) -> dict[str, Any]:
    found = [each for each in rounds.rounds(session) if each.closed_at is None]
    picked = next((each for each in found if each.id == chosen), next(iter(found), None))
    return {"rounds": found, "round": picked}


def _packed(lines: Sequence[Line]) -> str:
    """The rows as the page brings them back; what was wrong in a row stays so."""
    return json.dumps([_plain(each) for each in lines], ensure_ascii=False)


def _plain(line: Line) -> dict[str, Any]:
    told = asdict(line) | {"on": line.on.isoformat() if line.on else None}
    told["wrong"] = line.wrong.as_json() if line.wrong else None
    return told


def _unpacked(text: str) -> list[Line]:
    """The rows that a page brought back; Refused where they are none."""
    try:
        return [
            Line(
                int(each["number"]),
                tidy(str(each["office"])),
                date.fromisoformat(each["on"]) if each["on"] else None,
                tidy(str(each["lead"])),
                tuple(tidy(str(one)) for one in each["assessors"]),
                Invalid(**{key: tidy(str(each["wrong"][key])) for key in ("code", "th", "en")})
                if each["wrong"]
                else None,
            )
            for each in json.loads(text)
        ]
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Refused(SPOILT) from error
