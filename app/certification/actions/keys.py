"""The life of the keys that sign certificates; each turn of it is in the log and the trail."""

import base64
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.certification import keys
from app.certification.models import IssuingKey
from app.certification.queries import issued
from app.certification.rules.verifying import key_id
from app.kit.clock import wire
from app.kit.errors import Conflict, Missing, Refused
from app.kit.text import tidy
from app.log import actions as log
from app.log import queries as log_queries
from app.log.rules import issuing_key_entry
from app.settings import Settings
from app.trail import actions as trail

UNKNOWN: Final = Missing("key.unknown", "ไม่มีกุญแจรหัสนี้", "There is no key of this id.")
RETIRED: Final = Conflict("key.retired", "กุญแจนี้เลิกใช้อยู่แล้ว", "This key signs no more already.")
COMPROMISED: Final = Conflict(
    "key.compromised", "กุญแจนี้แจ้งว่ารั่วไหลอยู่แล้ว", "This key was declared compromised already."
)


def new_key(
    session: Session, settings: Settings, *, by: str | None, at: datetime
) -> IssuingKey:
    """Make the key that signs from now on; the one before it signs no more."""
    log_queries.head(session, locked=True)
    before = [
        row
        for row in issued.keys(session)
        if row.retired_at is None and row.compromised_at is None
    ]
    public = keys.make(settings)
    made = IssuingKey(
        kid=key_id(public).hex(), public=base64.b64encode(public).decode(), made_at=at
    )
    session.add(made)
    session.flush()
    trail.record(session, "issuing-key.made", "issuing-key", made.kid, by=by, at=at)
    log.append(session, [issuing_key_entry(made.kid, "made", wire(at))])
    for row in before:
        _retire(session, row, by=by, at=at)
    return made


def retire(session: Session, kid: str, *, by: str | None, at: datetime) -> IssuingKey:
    """Sign no more with a key; what it signed stays valid. Raises Refused."""
    log_queries.head(session, locked=True)
    row = _key(session, kid)
    if row.retired_at is not None or row.compromised_at is not None:
        raise Refused(RETIRED)
    _retire(session, row, by=by, at=at)
    return row


def compromise(
    session: Session, kid: str, *, reason: str, by: str | None, at: datetime
) -> IssuingKey:
    """Declare that others may hold a key: only the register vouches for what it signed.

    Raises Refused.
    """
    log_queries.head(session, locked=True)
    row = _key(session, kid)
    if row.compromised_at is not None:
        raise Refused(COMPROMISED)
    row.compromised_at = at
    row.reason = tidy(reason)[:500]
    session.flush()
    detail = {"reason": row.reason}
    trail.record(
        session, "issuing-key.compromised", "issuing-key", kid, by=by, at=at, detail=detail
    )
    log.append(session, [issuing_key_entry(kid, "compromised", wire(at))])
    return row


def _retire(session: Session, row: IssuingKey, *, by: str | None, at: datetime) -> None:
    row.retired_at = at
    session.flush()
    trail.record(session, "issuing-key.retired", "issuing-key", row.kid, by=by, at=at)
    log.append(session, [issuing_key_entry(row.kid, "retired", wire(at))])


def _key(session: Session, kid: str) -> IssuingKey:
    row = issued.key(session, kid)
    if row is None:
        raise Refused(UNKNOWN)
    return row
