"""Phones that may hand over work."""

import secrets
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session

from app.accounts.models import Device
from app.accounts.rules import digest
from app.trail import actions as trail


def enrol(session: Session, *, person: str, label: str, at: datetime) -> tuple[Device, str]:
    """A new device of this person, and its key of 256 random bits, which is told only now."""
    key = secrets.token_urlsafe(32)
    device = Device(
        id=str(uuid4()), person_id=person, label=label, key_hash=digest(key), enrolled_at=at
    )
    session.add(device)
    session.flush()
    trail.record(session, "device.enrolled", "device", device.id, by=person, at=at)
    return device, key


def revoke_device(session: Session, *, device: Device, by: str, at: datetime) -> None:
    """Stop a device's key. What it has sent stays."""
    if device.revoked_at is not None:
        return
    device.revoked_at = at
    trail.record(session, "device.revoked", "device", device.id, by=by, at=at)
    session.flush()
