"""The changes of an audit as lines: what a device pulls, what it still owes, what is held."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Device
from app.audits.models import HeldChange, KeptChange, Pack
from app.audits.rules.standing import OTHER_DEVICE

MOST_GAPS = 100


class Line(NamedTuple):
    """A kept change with its number."""

    seq: int
    line: str


def lines_after(session: Session, audit_id: str, after: int, limit: int) -> list[Line]:
    """The next kept changes, in their order."""
    found = (
        select(KeptChange.seq, KeptChange.line)
        .where(KeptChange.audit_id == audit_id, KeptChange.seq > after)
        .order_by(col(KeptChange.seq))
        .limit(limit)
    )
    return [Line(*row) for row in session.exec(found)]


def gaps(
    session: Session, audit_id: str, device: str, person: str, first: int, last: int
) -> list[tuple[int, int]]:
    """The ranges of a device's numbers first..last that are neither kept nor held here.

    A device sends those again even if it believes them sent, so that a server restored from an
    old backup loses nothing.
    """
    if last < first:
        return []
    kept = select(KeptChange.n).where(
        KeptChange.audit_id == audit_id,
        KeptChange.device == device,
        col(KeptChange.n).between(first, last),
    )
    # Counted first: nearly always nothing is missing, and thousands may be there.
    connection = session.connection()
    count = connection.execute(kept.with_only_columns(func.count())).scalar_one()
    if count == last - first + 1:
        return []
    numbers = set(connection.execute(kept).scalars())
    numbers.update(
        n
        for n in session.exec(
            select(HeldChange.n).where(
                HeldChange.audit_id == audit_id,
                HeldChange.device == device,
                HeldChange.code != OTHER_DEVICE.code,  # a number of another device
                HeldChange.person
                == person,  # what others brought in its name counts for nothing
                col(HeldChange.n).between(first, last),
            )
        )
        if n is not None
    )
    wanted = []
    expected = first
    for n in [*sorted(numbers), last + 1]:
        if n > expected:
            wanted.append((expected, n - 1))
        expected = n + 1
    return wanted[:MOST_GAPS]


def latest_pack(session: Session, audit_id: str) -> str | None:
    """The SHA-256 of the pack made last."""
    made = select(Pack.sha256).where(Pack.audit_id == audit_id)
    return session.exec(made.order_by(col(Pack.made_at).desc(), Pack.sha256)).first()


def pack(session: Session, sha256: str) -> Pack | None:
    """A pack by its name."""
    return session.get(Pack, sha256)


def held_in(session: Session, audit_id: str, *, limit: int = 200) -> list[HeldChange]:
    """What is held in an audit and was not kept later, oldest first."""
    found = select(HeldChange).where(
        HeldChange.audit_id == audit_id, col(HeldChange.kept_at).is_(None)
    )
    ordered = found.order_by(col(HeldChange.received_at), HeldChange.key)
    return list(session.exec(ordered.limit(limit)))


def held_count(session: Session, *, most: int) -> int:
    """How many lines are held anywhere and were not kept later; counting stops at `most`."""
    found = select(HeldChange.key).where(col(HeldChange.kept_at).is_(None))
    return len(session.exec(found.limit(most)).all())


def held_shown(session: Session, rows: Sequence[HeldChange]) -> list[dict[str, Any]]:
    """Held lines as pages show them: whose, from which phone, what, and why."""
    names = accounts.names(session, {row.person for row in rows})
    labels = dict(
        session.exec(
            select(Device.id, Device.label).where(
                col(Device.id).in_({row.device for row in rows})
            )
        ).all()
    )
    return [
        {
            "row": row,
            "why": {"th": row.th, "en": row.en},
            "name": names.get(row.person),
            "phone": labels.get(row.device, ""),
            **_what(row.line),
        }
        for row in rows
    ]


def _what(line: bytes) -> dict[str, str]:
    """The kind and target of a held line, as far as they can be read."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        raw = None
    said = raw if isinstance(raw, dict) else {}
    return {
        key: said[key][:80] if isinstance(said.get(key), str) else ""
        for key in ("kind", "target")
    }
