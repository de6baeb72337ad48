"""Phones that may hand over work."""

import re
import secrets
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlmodel import Session

from app.accounts.actions.keys import revoke_keys
from app.accounts.models import Device
from app.accounts.rules import digest
from app.trail import actions as trail

ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def enrol(
    session: Session, *, person: str, label: str, at: datetime, device: str | None = None
) -> tuple[Device, str]:
    """A device of this person, and its key of 256 random bits, which is told only now.

    A `device` that is this person's and not revoked keeps its id and gets a new key: what it
    numbered and has not sent yet goes on where it was. So does one that nobody here knows: it
    joined after the backup from which this server was restored.
    """
    key = secrets.token_urlsafe(32)
    known = session.get(Device, device) if device else None
    if known is not None and known.person_id == person and known.revoked_at is None:
        known.key_hash, known.last_used_at = digest(key), at
        session.flush()
        trail.record(session, "device.renewed", "device", known.id, by=person, at=at)
        return known, key
    lost = device is not None and known is None and ID.fullmatch(device) is not None
    made = Device(
        id=device if device and lost else str(uuid4()),
        person_id=person,
        label=label,
        key_hash=digest(key),
        enrolled_at=at,
    )
    session.add(made)
    session.flush()
    trail.record(session, "device.enrolled", "device", made.id, by=person, at=at)
    return made, key


def revoke_device(session: Session, *, device: Device, by: str, at: datetime) -> None:
    """Stop a device's key and the keys it signs with. What it has sent stays.

    Call it last in a transaction: it may write the log.
    """
    if device.revoked_at is not None:
        return
    device.revoked_at = at
    trail.record(session, "device.revoked", "device", device.id, by=by, at=at)
    session.flush()
    revoke_keys(session, device=device, by=by, at=at)
