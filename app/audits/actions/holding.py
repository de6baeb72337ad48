"""Holding a line that does not count: kept to the byte, with its reason, for people to see."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlmodel import Session, col

from app.audits.models import HeldChange
from app.audits.rules import Change
from app.audits.rules.judging import Sent
from app.audits.rules.shapes import WITH_BYTES
from app.audits.rules.standing import refusal_to_hold_more
from app.kit.errors import Refusal

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def held_row(
    sent: Sent,
    change: Change | None,
    reason: Refusal,
    *,
    audit: str,
    device: str,
    person: str,
    carried: bool,
    at: datetime,
) -> dict[str, Any]:
    """The row of a line that is held; `change` is what it says, where it could be read.

    A line that `person` has carried is held beside the same line from its own device.
    """
    line = sent.line
    loose = _loose(line) if change is None else {"id": change.id, "n": change.n}
    photo = change.value if change and change.kind in WITH_BYTES else loose.get("value")
    return {
        "key": _key(line, audit, device, person if carried else None),
        "id": loose.get("id"),
        "audit_id": audit,
        "line": _bytes(line),
        "code": reason.code,
        "th": reason.th[:500],
        "en": reason.en[:500],
        "person": person,
        "device": device,
        "n": loose.get("n"),
        "kid": (sent.seal.kid or None) if sent.seal else None,
        "signature": (sent.seal.signature or None) if sent.seal else None,
        "photo_sha256": photo.get("sha256") if isinstance(photo, dict) else None,
        "received_at": at,
        "kept_at": None,
    }


def release(
    connection: Connection, kept: Iterable[Mapping[str, Any]], audit: str, at: datetime
) -> None:
    """Say of lines that were held before, whoever sent them, that they are kept now."""
    waiting = (col(HeldChange.audit_id) == audit, col(HeldChange.kept_at).is_(None))
    asked = select(col(HeldChange.key), col(HeldChange.device), col(HeldChange.person))
    held = connection.execute(asked.where(*waiting)).all()
    ways = {(row.device, who) for row in held for who in (None, row.person)}
    keys = {row.key for row in held}
    released = {_key(row["line"], audit, *way) for way in ways for row in kept} & keys
    if released:
        now_kept = col(HeldChange.key).in_(released)
        connection.execute(update(HeldChange).where(now_kept).values(kept_at=at))


def refusal_of_flood(session: Session, person: str) -> Refusal | None:
    """Why nothing more of this person can be held, counting what has just been added."""
    counted = select(func.count(), func.sum(func.length(col(HeldChange.line)))).where(
        col(HeldChange.person) == person, col(HeldChange.kept_at).is_(None)
    )
    lines, size = session.connection().execute(counted).one()
    return refusal_to_hold_more(lines=lines, size=size or 0)


def _key(line: str, audit: str, device: str, carrier: str | None) -> str:
    """The same line may be held for one audit and for another, from one phone and another."""
    of = f"{audit} {device} {carrier} " if carrier else f"{audit} {device} "
    return hashlib.sha256(of.encode() + _bytes(line)).hexdigest()


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "surrogatepass")


def _loose(line: str) -> dict[str, Any]:
    """What can still be read of a line that is no change: enough to name it to its device."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(raw, dict):
        return {}
    said: dict[str, Any] = {}
    if isinstance(raw.get("id"), str) and ID.fullmatch(raw["id"]):
        said["id"] = raw["id"]
    if type(raw.get("n")) is int and 0 < raw["n"] < 2**63:
        said["n"] = raw["n"]
    value = raw.get("value")
    sha = value.get("sha256") if isinstance(value, dict) else None
    if isinstance(sha, str) and SHA256.fullmatch(sha):
        said["value"] = {"sha256": sha}
    return said
