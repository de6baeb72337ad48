"""How far a review has come: what each mark still says of what stands now."""

from dataclasses import dataclass

from sqlmodel import Session, select

from app.audits import queries as audits
from app.audits.queries import Found
from app.review import rules
from app.review.models import Review, ReviewMark
from app.review.queries.returning import Return, returns
from app.review.queries.standing import standing_review
from app.review.rules import OPEN_LOOKS, Changed, Look, Mark


@dataclass(frozen=True, slots=True)
class Looking:
    """A review as it stands: every criterion of the edition, in its order."""

    review: Review | None
    marks: dict[str, Mark]
    looks: dict[str, Look]
    returns: list[Return]
    changed: dict[str, list[Changed]]
    """What differs from what was returned last; empty where nothing was."""

    @property
    def waiting(self) -> list[str]:
        """The criteria that still need the reviewer's eyes."""
        return [code for code, look in self.looks.items() if look in OPEN_LOOKS]

    def count(self, look: Look) -> int:
        """How many criteria look so."""
        return sum(each == look for each in self.looks.values())

    def after(self, code: str) -> str | None:
        """The next criterion that needs eyes, after this one and round again, if any."""
        order = list(self.looks)
        place = order.index(code) + 1
        return next(
            (each for each in order[place:] + order[:place] if each in self.waiting), None
        )


def marks(session: Session, review: Review) -> dict[str, ReviewMark]:
    """The marks of a review, by criterion."""
    found = select(ReviewMark).where(ReviewMark.review_id == review.id)
    return {row.criterion: row for row in session.exec(found)}


def looking(session: Session, found: Found) -> Looking:
    """How far the review of this audit has come. No review: nobody has looked at anything."""
    review = standing_review(session, found.id)
    sent = returns(session, found.id)
    rows = marks(session, review) if review else {}
    # A mark says what it says of its own head; most of them share one.
    differing = {
        head: difference(session, found, head, found.head)
        for head in {row.head for row in rows.values()} - {found.head}
    }
    said = {code: _mark(row, sent) for code, row in rows.items()}
    codes = audits.edition_of(session, found.edition_sha256).by_code
    looks = {
        code: rules.look_of(
            said.get(code), differs=code in rows and code in differing.get(rows[code].head, {})
        )
        for code in codes
    }
    changed = difference(session, found, sent[-1].head, found.head) if sent else {}
    return Looking(review, said, looks, sent, changed)


def difference(
    session: Session, found: Found, from_head: int, to_head: int
) -> dict[str, list[Changed]]:
    """What differs between two heads of an audit, by criterion. Folds each head once."""
    if from_head == to_head:
        return {}
    was = audits.reading_at(session, found, from_head)
    now = audits.reading_at(session, found, to_head)
    return rules.difference(was.state, now.state)


def _mark(row: ReviewMark, sent: list[Return]) -> Mark:
    """A mark, and whether it stands in a return made since."""
    gone = any(one.at >= row.at and row.criterion in one.criteria for one in sent)
    return Mark(row.verdict, row.reason, gone)
