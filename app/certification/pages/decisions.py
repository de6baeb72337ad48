"""Proposals that wait for approvers; one proposal, what is said of it, and its decision."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.guards import to
from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules.lifecycle import STAGES, refusal_of_duty
from app.certification import actions, queries
from app.certification.queries import issued
from app.certification.rules import deciding as rules
from app.certification.rules.deciding import Opinion
from app.certification.rules.duties import refusal_to_do
from app.certification.rules.standing import STANDINGS
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing, refuse
from app.kit.forms import again
from app.kit.html import language, page
from app.kit.text import Line
from app.review import queries as review

router = APIRouter()
Seeing = Annotated[Caller, Depends(to("review.see"))]
Approving = Annotated[Caller, Depends(to("decision.approve"))]
Correcting = Annotated[Caller, Depends(to("decision.correct"))]
Paragraphs = Annotated[str, Form(max_length=8000)]
LATELY: Final = 20
FIELDS: Final = {
    "decision.outcome": "outcome",
    "decision.level": "level",
    "decision.reason": "reason",
    "decision.resolution-no": "resolution_no",
    "decision.resolution-on": "resolution_on",
    "step.reason": "back_reason",
}


@router.get("/decisions")
def waiting(request: Request, session: Db, person: Seeing, now: Now) -> HTMLResponse:
    """The queue of approvers, the oldest first, and what was decided lately."""
    rows = queries.queue(session, person.id)
    lately = queries.decided_lately(session, limit=LATELY)
    return page(
        request,
        "certification/decisions.html",
        rows=[
            {
                "one": one,
                "days": (rules.day_of(now) - rules.day_of(one.proposal.at)).days,
                "refusal": refusal_to_do(
                    "approve", stage=one.found.stage, roles=person.roles, bonds=one.bonds
                ),
                "mine": any(each.by == person.id for each in one.approvals),
                "differ": rules.differ(one.approvals),
                "level": _level(one.level),
            }
            for one in rows
        ],
        needed=_needed(request),
        decided=[
            {
                "row": row,
                "found": found,
                "level": _level(queries.levels_of(session, found).get(row.level or "")),
            }
            for row, found in lately
        ],
        names=accounts.names(session, {one.proposal.by for one in rows}),
    )


@router.get("/decisions/{audit_id}")
def proposal(
    request: Request, session: Db, audit_id: str, person: Seeing, now: Now
) -> HTMLResponse:
    """What is proposed, from what, what others say of it, and what one may do oneself."""
    found = _known(session, audit_id)
    bonds = queries.bonds(session, person.id, found)
    # What is thought of their own office is not for its staff.
    refuse(refusal_of_duty(person.roles, bonds, access="review.see", barred={"office"}))
    shown = _shown(request, session, found, person, now)
    return page(request, "certification/decision.html", **shown)


@router.post("/decisions/{audit_id}/approval")
def approve(
    request: Request,
    session: Db,
    audit_id: str,
    by: Approving,
    now: Now,
    proposal: Annotated[Line, Form()] = "",
    outcome: Annotated[Line, Form()] = "",
    level: Annotated[Line, Form()] = "",
    reason: Paragraphs = "",
    resolution_no: Annotated[Line, Form()] = "",
    resolution_on: Annotated[Line, Form()] = "",
) -> Response:
    """Say what should become of the proposal that was looked at."""
    found = _known(session, audit_id)
    opinion = Opinion(outcome, level or None, reason, resolution_no, _day(resolution_on))
    try:
        actions.approve(
            session,
            request.app.state.settings,
            audit_id,
            proposal=proposal,
            opinion=opinion,
            by=by,
            at=now,
        )
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        typed = {
            "outcome": outcome,
            "level": level,
            "reason": reason,
            "resolution_no": resolution_no,
            "resolution_on": resolution_on,
        }
        return _again(request, session, no, found, by, now, typed)
    return RedirectResponse(f"/decisions/{audit_id}", 303)


@router.post("/decisions/{audit_id}/approval/withdrawal")
def take_back(
    session: Db,
    audit_id: str,
    by: Approving,
    now: Now,
    proposal: Annotated[Line, Form()] = "",
) -> Response:
    """Take back one's own approval."""
    actions.take_back(session, audit_id, proposal=proposal, by=by, at=now)
    return RedirectResponse(f"/decisions/{audit_id}", 303)


@router.post("/decisions/{audit_id}/return")
def send_back(
    request: Request,
    session: Db,
    audit_id: str,
    by: Approving,
    now: Now,
    proposal: Annotated[Line, Form()] = "",
    back_reason: Paragraphs = "",
) -> Response:
    """Send the proposal back to the reviewer."""
    found = _known(session, audit_id)
    try:
        actions.send_back(
            session, audit_id, proposal=proposal, reason=back_reason, by=by, at=now
        )
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        return _again(request, session, no, found, by, now, {"back_reason": back_reason})
    return RedirectResponse(f"/decisions/{audit_id}", 303)


@router.post("/decisions/{audit_id}/correction")
def correct(
    request: Request,
    session: Db,
    audit_id: str,
    by: Correcting,
    now: Now,
    back_reason: Paragraphs = "",
) -> Response:
    """Open the audit again, so that its result can be corrected."""
    found = _known(session, audit_id)
    try:
        actions.open_to_correct(session, audit_id, reason=back_reason, by=by, at=now)
    except Refused as no:
        if no.refusal.code not in FIELDS:
            raise
        return _again(request, session, no, found, by, now, {"back_reason": back_reason})
    return RedirectResponse(f"/decisions/{audit_id}", 303)


def _again(
    request: Request,
    session: Session,
    no: Refused,
    found: Found,
    by: Caller,
    now: datetime,
    typed: Mapping[str, str],
) -> HTMLResponse:
    shown = _shown(request, session, found, by, now)
    shown["typed"] = {**shown["typed"], **typed}
    return again(request, session, no, "certification/decision.html", fields=FIELDS, **shown)


def _known(session: Session, audit_id: str) -> Found:
    found = audits.find(session, audit_id)
    if found is None or review.latest_proposal(session, audit_id) is None:
        missing("audit")
    return found


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _needed(request: Request) -> int:
    return 1 if request.app.state.settings.decided_by == "committee" else 2


def _level(level: Any) -> dict[str, Any] | None:
    return level.model_dump(mode="json") if level else None


def _shown(
    request: Request, session: Session, found: Found, person: Caller, now: datetime
) -> dict[str, Any]:
    settings = request.app.state.settings
    newest = queries.proposed(session, found)
    assert newest is not None
    ladder = queries.levels_of(session, found)
    bonds = queries.bonds(session, person.id, found)
    standing = queries.approvals(session, newest.row.id)
    gone = queries.taken_back(session, newest.row.id)
    counting = {one.id for one in queries.counting(session, found, standing)}
    made = queries.decisions(session, found.id)
    lodged = queries.appeal_of(session, found.id)
    edition = audits.edition_of(session, found.edition_sha256)
    taken = queries.steps(session, found.id)
    returns = review.returns(session, found.id)
    people = {newest.row.by, *(one.by for one in taken)}
    people |= {one.by for one in (*standing, *gone)}
    people |= {who for one in made for who in (one.first, one.second) if who}
    return {
        "found": found,
        "stages": STAGES,
        "stage": STAGES[found.stage],
        "proposed": newest,
        "card": newest.frozen.get("scorecard"),
        "level": _level(ladder.get(newest.row.level or "")),
        "levels": {code: _level(level) for code, level in ladder.items()},
        "lower": [
            (code, ladder[code].name.th if language(request) == "th" else ladder[code].name.en)
            for code in rules.lower_levels(newest.row.level, list(ladder))
        ],
        "offered": [
            (code, rules.OUTCOMES[code][language(request)])
            for code in rules.offered(newest.row.level, list(ladder))
        ],
        "outcomes": rules.OUTCOMES,
        "standings": STANDINGS,
        "standing": standing,
        "gone": gone,
        "counting": counting,
        "differ": rules.differ(standing),
        "mine": next((one for one in standing if one.by == person.id), None),
        "made": made,
        "certificates": {one.id: issued.of_decision(session, one.id) for one in made},
        "waiting": {one.id for one in issued.waiting(session)},
        "appeal": lodged,
        "edition": edition,
        "findings": review.findings(session, found, now=now),
        "returns": returns,
        "steps": taken,
        "names": accounts.names(session, people),
        "needed": _needed(request),
        "committee": settings.decided_by == "committee",
        "today": rules.day_of(now).isoformat(),
        "refusals": {
            action: refusal_to_do(action, stage=found.stage, roles=person.roles, bonds=bonds)
            for action in ("approve", "take_back", "send_back", "correct")
        },
        "typed": {
            "outcome": "",
            "level": "",
            "reason": "",
            "resolution_no": "",
            "resolution_on": "",
            "back_reason": "",
        },
    }
