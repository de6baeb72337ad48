"""The automatic checks over a submitted audit, as its phones have run them too."""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules.checks import checks
from app.audits.rules.finding import Finding, Held
from app.evidence.models import PhotoRefusal
from app.evidence.queries import received
from app.kit.html import BANGKOK

REMEMBERED: Final = 64
_Key = tuple[object, ...]
_lock = threading.Lock()
_known: OrderedDict[_Key, list[Finding]] = OrderedDict()


def findings(session: Session, found: Found, *, now: datetime) -> list[Finding]:
    """Questions about this audit, the weightiest first; computed once for what it is of."""
    state = audits.reading(session, found).state
    names = [
        photo["value"]["sha256"]
        for taken in state["photos"].values()
        for photo in taken
        if photo["removed"] is None
    ]
    absent = sorted(set(names) - received(session, names))
    where = dict.fromkeys(absent, "here")  # on its phone still
    if absent:
        refused = select(PhotoRefusal.sha256).where(col(PhotoRefusal.sha256).in_(absent))
        where |= dict.fromkeys(session.exec(refused), "refused")
    key: _Key = (
        found.id,
        found.edition_sha256,
        found.head,
        found.planned_on,
        found.office.position,
        now.astimezone(BANGKOK).date(),
        *where.items(),
    )
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    held = Held(
        edition=audits.edition_of(session, found.edition_sha256),
        state=state,
        changes=audits.changes_of(session, found.id, found.head),
        planned_on=found.planned_on,
        position=found.office.position,
        now=now,
        where=where,
    )
    made = checks(held)
    with _lock:
        _known[key] = made
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return made
