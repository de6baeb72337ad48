"""What every action of a review begins with: the audit held, and who stands how to it."""

from typing import NamedTuple

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.queries import Found, find, lock
from app.audits.rules.lifecycle import Bond
from app.kit.errors import missing, refuse
from app.review.models import Review
from app.review.queries import bonds, standing_review
from app.review.rules import refusal_to_mark


class Held(NamedTuple):
    """An audit whose row is held until the transaction ends."""

    found: Found
    bonds: set[Bond]


class Marking(NamedTuple):
    """An audit held, with the review that may be written in."""

    found: Found
    review: Review


def hold(session: Session, audit_id: str, by: Caller) -> Held:
    """Hold an audit's row and look how this person stands to it. Raises Refused."""
    lock(session, audit_id)
    found = find(session, audit_id)
    if found is None or found.kind != "visit":
        missing("audit")
    return Held(found, bonds(session, by.id, found))


def open_review(session: Session, audit_id: str, by: Caller) -> Marking:
    """Hold an audit that this person reviews now. Raises Refused."""
    found, held = hold(session, audit_id, by)
    refuse(refusal_to_mark(stage=found.stage, roles=by.roles, bonds=held))
    review = standing_review(session, audit_id)
    if review is None:
        missing("review")
    return Marking(found, review)
