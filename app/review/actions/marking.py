"""What the reviewer says of single criteria, and which photos they choose for the report."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.rules.seeing import covered
from app.evidence.queries import received
from app.kit.errors import missing, refuse
from app.review.actions.opening import open_review
from app.review.models import ReportPhoto, ReviewMark
from app.review.rules import refusal_of_reason, refusal_of_sight
from app.trail import actions as trail

TRAIL: Final = {
    "accepted": "review.accepted",
    "returned": "review.returned",
    "chosen": "review.photo-chosen",
    "left-out": "review.photo-left-out",
}


def mark(
    session: Session,
    audit_id: str,
    criterion: str,
    verdict: str,
    *,
    saw: int,
    by: Caller,
    at: datetime,
    reason: str = "",
) -> ReviewMark:
    """Accept a criterion, or mark it to be returned with a reason.

    In: `accepted` or `returned`; `saw`, the head of the page it was judged on. Nothing goes to
    the team before `send_returns`. Raises Refused.
    """
    found, review = open_review(session, audit_id, by)
    if criterion not in audits.edition_of(session, found.edition_sha256).by_code:
        missing("criterion")
    refuse(refusal_of_sight(saw=saw, head=found.head))
    words = reason.strip() if verdict == "returned" else ""
    if verdict == "returned":
        refuse(refusal_of_reason(words))
    made = session.get(ReviewMark, (review.id, criterion)) or ReviewMark(
        review_id=review.id, criterion=criterion, verdict=verdict, at=at, head=found.head
    )
    made.verdict, made.reason, made.at, made.head = verdict, words, at, found.head
    session.add(made)
    session.flush()
    said = {"criterion": criterion, **({"reason": words} if words else {})}
    trail.record(session, TRAIL[verdict], "audit", audit_id, by=by.id, at=at, detail=said)
    return made


def unmark(
    session: Session, audit_id: str, criterion: str, *, by: Caller, at: datetime
) -> None:
    """Take a mark back, as if the criterion had not been looked at. Raises Refused."""
    _found, review = open_review(session, audit_id, by)
    made = session.get(ReviewMark, (review.id, criterion))
    if made is None:
        return
    session.delete(made)
    session.flush()
    said = {"criterion": criterion}
    trail.record(session, "review.unmarked", "audit", audit_id, by=by.id, at=at, detail=said)


def choose(
    session: Session,
    audit_id: str,
    change_id: str,
    *,
    chosen: bool,
    by: Caller,
    at: datetime,
) -> str:
    """Choose a photo for the report, or leave it out again. Raises Refused.

    Out: the photo's criterion. Photos that were taken out, hidden behind a masked one, or are
    not here yet cannot be chosen.
    """
    found, _review = open_review(session, audit_id, by)
    state = audits.reading(session, found).state
    taken = [(code, one) for code, photos in state["photos"].items() for one in photos]
    hidden = covered((one["value"]["sha256"], one["value"].get("of")) for _, one in taken)
    photo = next(((code, one) for code, one in taken if one["id"] == change_id), None)
    if photo is None or photo[1]["removed"] or photo[1]["value"]["sha256"] in hidden:
        missing("photo")
    code, sha256 = photo[0], photo[1]["value"]["sha256"]
    if not received(session, [sha256]):
        missing("photo")
    standing = session.get(ReportPhoto, (audit_id, change_id))
    if (standing is not None) == chosen:
        return code
    if standing is not None:
        session.delete(standing)
    else:
        session.add(ReportPhoto(audit_id=audit_id, change_id=change_id, by=by.id, at=at))
    session.flush()
    said = {"criterion": code}
    done = "chosen" if chosen else "left-out"
    trail.record(session, TRAIL[done], "audit", audit_id, by=by.id, at=at, detail=said)
    return code
