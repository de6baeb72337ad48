"""Who changed what: changes of an audit, or of one criterion, as sentences need them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.audits.models import KeptChange
from app.audits.queries.finding import Found
from app.audits.queries.reading import edition_of, trusted
from app.audits.queries.result import answer_words
from app.audits.rules.shapes import EVIDENCE, REMOVALS


def history(session: Session, found: Found, *, page: int, size: int) -> list[dict[str, Any]]:
    """One page of what was changed, the newest first: who, when, what."""
    last = found.head - (page - 1) * size
    rows = session.exec(
        select(KeptChange)
        .where(
            KeptChange.audit_id == found.id,
            KeptChange.seq <= last,
            KeptChange.seq > last - size,
        )
        .order_by(col(KeptChange.seq).desc())
    ).all()
    return _told(session, found, rows)


def criterion_history(
    session: Session, found: Found, code: str, brought: Collection[str], *, most: int
) -> list[dict[str, Any]]:
    """What was changed of one criterion, the newest first, at most so many.

    `brought`: the changes that brought its photos, files and links, which captions and
    removals name.
    """
    kind, target = col(KeptChange.kind), col(KeptChange.target)
    mine = [target == code]
    mine += [target.startswith(f"{code}{sign}", autoescape=True) for sign in "/:"]
    settled = [f"answer {code}", *(f"caption {photo}" for photo in brought)]
    begun = [f"answer {code}/", f"measurement {code}:", f"note {code} "]
    named = [target.startswith(each, autoescape=True) for each in begun]
    rows = session.exec(
        select(KeptChange)
        .where(
            KeptChange.audit_id == found.id,
            KeptChange.seq <= found.head,
            or_(
                and_(kind.in_(("answer", "measurement", "note", *EVIDENCE)), or_(*mine)),
                and_(kind.in_(("caption", *REMOVALS)), target.in_(brought)),
                and_(kind == "resolution", or_(target.in_(settled), *named)),
            ),
        )
        .order_by(col(KeptChange.seq).desc())
        .limit(most)
    ).all()
    return _told(session, found, rows)


def _told(session: Session, found: Found, rows: Sequence[KeptChange]) -> list[dict[str, Any]]:
    changes = trusted(row.line for row in rows)
    walkers = {one.value for one in changes if one.kind == "assignment" and one.value}
    names = accounts.names(session, {row.author for row in rows} | walkers)
    edition = edition_of(session, found.edition_sha256)
    parts = {
        criterion.target_of(part.code): part
        for criterion in edition.criteria
        for part in criterion.parts
    }
    labels = {
        criterion.code + ":" + measurement.key: measurement
        for criterion in edition.criteria
        for measurement in criterion.measurements
    }
    told = []
    for row, change in zip(rows, changes, strict=True):
        kind, target, value = change.kind, change.target, change.value
        if kind == "resolution":
            kind, _, target = target.partition(" ")
            value = value["value"]
        told.append(
            {
                "seq": row.seq,
                "kind": kind,
                "settled": change.value["reason"] if change.kind == "resolution" else None,
                "target": target.partition(":")[0].partition(" ")[0],
                "measurement": labels.get(target),
                "answer": answer_words(parts.get(target), value) if kind == "answer" else None,
                "value": value,
                "walker": names.get(value) if kind == "assignment" else None,
                "name": names.get(row.author),
                "made_at": row.made_at,
                "received_at": row.received_at,
                "again": bool(change.supersedes),
            }
        )
    return told
