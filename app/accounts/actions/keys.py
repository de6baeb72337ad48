"""The keys with which devices sign what they say."""

import base64
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts import queries
from app.accounts.models import Device, SigningKey
from app.accounts.rules import MOST_KEYS, REVOKED, kid_of, refusal_of_key
from app.accounts.rules.signatures import MANY, TAKEN
from app.kit.clock import wire
from app.kit.errors import refuse
from app.kit.inserting import insert_missing
from app.log import actions as log
from app.log.rules import key_entry
from app.trail import actions as trail


def enrol_key(
    session: Session, *, device: Device, spki: str, proof: str, at: datetime
) -> tuple[SigningKey, bool]:
    """The public half of a device's signing key, and whether it was new here.

    From now on what this device sends must be signed. Raises Refused: no P-256 key, no proof
    that the device holds it, the key of another device, or a device that was stopped.
    """
    refuse(refusal_of_key(spki, proof, device.id))
    # Nobody stops it from here on: else this key would not end with the others.
    session.flush()
    locked = session.get_one(Device, device.id, with_for_update=True, populate_existing=True)
    refuse(REVOKED if locked.revoked_at is not None else None)
    der = base64.b64decode(spki)
    kid = kid_of(der)
    row = {
        "kid": kid,
        "device_id": device.id,
        "spki": base64.b64encode(der).decode(),
        "enrolled_at": at,
    }
    new = bool(insert_missing(session, SigningKey, [row]))
    key = session.get_one(SigningKey, kid)
    if key.device_id != device.id:
        refuse(TAKEN)
    if new:
        if len(queries.signing_keys(session, device.id)) > MOST_KEYS:
            refuse(MANY)
        by = device.person_id
        detail = {"kid": kid}
        trail.record(
            session, "signing-key.enrolled", "device", device.id, by=by, at=at, detail=detail
        )
        log.append(session, [key_entry(kid, device.id, by, "enrolled", wire(at))])
    return key, new


def revoke_keys(session: Session, *, device: Device, by: str, at: datetime) -> None:
    """End every signing key of a device: what it signs from now on does not count."""
    ended = (
        update(SigningKey)
        .where(col(SigningKey.device_id) == device.id, col(SigningKey.revoked_at).is_(None))
        .values(revoked_at=at)
        .returning(col(SigningKey.kid))
    )
    kids = sorted(session.execute(ended).scalars())
    if not kids:
        return
    for kid in kids:
        detail = {"kid": kid}
        trail.record(
            session, "signing-key.revoked", "device", device.id, by=by, at=at, detail=detail
        )
    entries = [key_entry(kid, device.id, device.person_id, "revoked", wire(at)) for kid in kids]
    session.flush()
    log.append(session, entries)
