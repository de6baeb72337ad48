"""A review seen whole: the level, every criterion with its mark, and how it came this far."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.accounts import queries as accounts
from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules import State
from app.audits.rules.content import digest_of
from app.audits.rules.fold import newest
from app.audits.rules.shapes import TYPED
from app.review.queries.found import findings
from app.review.queries.looking import Looking, difference
from app.review.queries.returning import returns, steps
from app.review.queries.standing import chosen, latest_proposal, reviews


def overview(session: Session, found: Found, look: Looking, *, now: datetime) -> dict[str, Any]:
    """What the page of a review draws; words in both languages, values raw."""
    read = audits.reading(session, found)
    edition = audits.edition_of(session, found.edition_sha256)
    shown = audits.result(session, found, read)
    questions = findings(session, found, now=now)
    asked = Counter(one.criterion for one in questions)
    taken = steps(session, found.id)
    held = reviews(session, found.id)
    proposal = latest_proposal(session, found.id)
    team = audits.team(session, found)
    lead = next((one["id"] for one in team if one["role"] == "lead_assessor"), None)
    signed = _signatures(read.state)
    people = {step.by for step in taken} | {one.reviewer for one in held}
    people |= {one["author"] for one in signed} | ({proposal.by} if proposal else set())
    levels = {each.code: each.model_dump(mode="json") for each in edition.levels}
    return {
        "result": shown,
        "edition": edition,
        "card": read.scorecard,
        "look": look,
        "questions": questions,
        "asked": asked,
        "steps": taken,
        "reviews": held,
        "names": accounts.names(session, people),
        "team": team,
        "lead": lead,
        "signatures": signed,
        "proposal": proposal,
        "proposed": levels.get(proposal.level or "") if proposal else None,
        "earlier": _earlier(session, found),
        "chosen": len(chosen(session, found.id)),
    }


def _signatures(state: State) -> list[dict[str, Any]]:
    """Every signature that stands, and whether it is over what stands now."""
    over = digest_of(state)
    told = []
    for register, standing in sorted(state["registers"].items(), reverse=True):
        if not register.startswith("signature "):
            continue
        last = newest(standing)
        if last is None or last.value is None:
            continue
        told.append(
            {
                "whose": register.split(" ")[1],
                "author": last.mark["author"],
                "made_at": last.mark["made_at"],
                "fresh": last.value["over"] == over,
                "typed": last.value["strokes"] == TYPED,
                "value": last.value,
            }
        )
    return told


def _earlier(session: Session, found: Found) -> list[dict[str, Any]]:
    """Each return, the newest first, with what had changed when it came back."""
    told = []
    for one in reversed(returns(session, found.id)):
        upto = one.answered.head if one.answered else found.head
        changed = difference(session, found, one.head, upto)
        told.append({"of": one, "changed": changed})
    return told
