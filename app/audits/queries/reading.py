"""What an audit says at its head: folded and scored once per head, then remembered."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.audits.models import KeptChange
from app.audits.queries.finding import Found
from app.audits.rules import Change, State, answers_of, fold
from app.audits.rules.standing import Asks
from app.checklists import queries as checklists
from app.checklists.rules import Edition
from app.scoring.rules import score

REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """State and scorecard of an audit at one head. Shared between requests: never altered."""

    head: int
    state: State
    scorecard: dict[str, Any]


_lock = threading.Lock()
_asks: dict[str, Asks] = {}  # a handful of editions in the life of a process
_readings: OrderedDict[tuple[str, str, int], Reading] = OrderedDict()


def edition_of(session: Session, sha256: str) -> Edition:
    """The frozen edition that a round or audit pins."""
    return asks_of(session, sha256).edition


def asks_of(session: Session, sha256: str) -> Asks:
    """What that edition asks. Its row is read once: a SHA-256 never means anything else."""
    known = _asks.get(sha256)
    if known is None:
        stored = checklists.by_sha256(session, sha256)
        if stored is None:
            raise LookupError(f"edition {sha256} is pinned but not stored")
        known = _asks[sha256] = Asks(checklists.definition(stored))
    return known


def reading(session: Session, found: Found) -> Reading:
    """State and scorecard at the head that `found` saw.

    A head never changes its meaning (changes are never altered), so it is computed once.
    """
    return reading_at(session, found, found.head)


def reading_at(session: Session, found: Found, head: int) -> Reading:
    """State and scorecard as they were at an earlier head."""
    key = (found.id, found.edition_sha256, head)
    with _lock:
        known = _readings.get(key)
        if known is not None:
            _readings.move_to_end(key)
            return known
    made = _read(session, found, head)
    with _lock:
        _readings[key] = made
        while len(_readings) > REMEMBERED:
            _readings.popitem(last=False)
    return made


def changes_of(session: Session, audit_id: str, upto: int) -> list[Change]:
    """Every change of an audit up to a head, in order of arrival."""
    lines = session.exec(
        select(KeptChange.line)
        .where(KeptChange.audit_id == audit_id, KeptChange.seq <= upto)
        .order_by(col(KeptChange.seq))
    )
    return trusted(lines)


def trusted(lines: Iterable[str]) -> list[Change]:
    """Kept lines as changes; they were checked at the door, once."""
    return [Change.model_construct(**json.loads(line)) for line in lines]


def _read(session: Session, found: Found, head: int) -> Reading:
    state = fold(changes_of(session, found.id, head) if head else [])
    said = answers_of(state)
    edition = edition_of(session, found.edition_sha256)
    return Reading(head, state, score(edition, said["answers"], said["photos"]).as_json())
