"""Everything a reviewer needs to judge one criterion. One query for each kind of thing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from math import floor
from typing import Any, Final

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.audits import queries as audits
from app.audits.models import KeptChange, MaskedOriginal, PhotoReference
from app.audits.queries import Found
from app.audits.queries.result import answer_words
from app.audits.rules.checks_photos import distance
from app.checklists.rules import Criterion
from app.evidence.models import Blob
from app.evidence.queries import received
from app.offices.rules import Position
from app.review.queries.found import findings
from app.review.queries.looking import Looking
from app.review.queries.standing import chosen
from app.review.rules import Changed

MOST_HISTORY: Final = 50
_BROUGHT: Final = ("photos", "removed", "files", "links", "withdrawn")


def working(
    session: Session, found: Found, look: Looking, code: str, *, now: datetime
) -> dict[str, Any] | None:
    """One criterion with its evidence and all that is known of it; None: no such criterion."""
    read = audits.reading(session, found)
    item = audits.one_criterion(session, found, read, code)
    if item is None:
        return None
    asked: Criterion = item["criterion"]
    photos = [*item["photos"], *item["removed"]]
    _add_facts(session, found, photos)
    order = list(look.looks)
    place = order.index(code)
    returned = [
        {"at": one.at, "reason": one.criteria[code]}
        for one in look.returns
        if code in one.criteria
    ]
    edition = audits.edition_of(session, found.edition_sha256)
    kinds = {kind.code: kind.name for kind in edition.evidence_kinds}
    return {
        "item": item,
        "asked": asked,
        "criteria": edition.by_code,
        "evidence": [kinds[each] for each in asked.evidence if each in kinds],
        "number": place + 1,
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        "next_open": look.after(code),
        "look": look.looks[code],
        "mark": look.marks.get(code),
        "returned": returned,
        "differs": _told(session, asked, look.changed.get(code, [])),
        "findings": [
            one
            for one in findings(session, found, now=now)
            if _concerns(one.detail, one.criterion, code)
        ],
        "history": audits.criterion_history(
            session,
            found,
            code,
            [one["id"] for key in _BROUGHT for one in item[key]],
            most=MOST_HISTORY,
        ),
        "own": _own(session, found, code),
        "last": _last(session, found, asked),
    }


def _concerns(detail: Mapping[str, Any], criterion: str, code: str) -> bool:
    """Whether a finding is of this criterion, or names it as another of the same matter."""
    return code in {criterion, detail.get("other"), *detail.get("codes", ())}


def _add_facts(session: Session, found: Found, photos: Sequence[dict[str, Any]]) -> None:
    """Beside each photo: when it came, how far from the office, where else, and if chosen."""
    names = {photo["value"]["sha256"] for photo in photos}
    blobs = {
        blob.sha256: blob
        for blob in session.exec(select(Blob).where(col(Blob.sha256).in_(names)))
    }
    came = dict(
        session.exec(
            select(KeptChange.id, KeptChange.received_at).where(
                col(KeptChange.id).in_([photo["id"] for photo in photos])
            )
        ).all()
    )
    picked = chosen(session, found.id)
    elsewhere = _elsewhere(session, found, photos)
    for number, photo in enumerate(photos, 1):
        blob = blobs.get(photo["value"]["sha256"])
        photo["number"] = number
        photo["named_at"] = came.get(photo["id"])
        photo["seen_at"] = blob.kept_at if blob else None
        photo["metres"] = _metres(found, photo["value"].get("position"))
        photo["elsewhere"] = elsewhere[photo["id"]]
        photo["chosen"] = photo["id"] in picked
        photo["from_masked"] = photo["of"] == "masked"


def _metres(found: Found, at: Mapping[str, Any] | None) -> int | None:
    office = found.office.position
    if office is None or at is None:
        return None
    return floor(distance(office, Position(at["lat"], at["lon"])))


def _elsewhere(
    session: Session, found: Found, photos: Sequence[dict[str, Any]]
) -> defaultdict[str, list[dict[str, Any]]]:
    """The other audits that name the same bytes, or what these bytes were made from."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for photo in photos:
        value = photo["value"]
        for source in (value, value.get("of"), value.get("original")):
            if source:
                wanted[source["sha256"]].add(photo["id"])
    used: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    photo_rows = select(
        PhotoReference.sha256, PhotoReference.audit_id, PhotoReference.criterion
    ).where(col(PhotoReference.sha256).in_(wanted.keys()), PhotoReference.audit_id != found.id)
    for sha256, audit, criterion in session.exec(photo_rows.distinct()):
        for photo_id in wanted[sha256]:
            used[photo_id][audit, criterion] = None
    masked = (
        select(MaskedOriginal.sha256, MaskedOriginal.audit_id, PhotoReference.criterion)
        .join(PhotoReference, col(PhotoReference.change_id) == MaskedOriginal.change_id)
        .where(
            col(MaskedOriginal.sha256).in_(wanted.keys()), MaskedOriginal.audit_id != found.id
        )
    )
    for sha256, audit, criterion in session.exec(masked.distinct()):
        for photo_id in wanted[sha256]:
            used[photo_id][audit, criterion] = None
    where = audits.places(session, {audit for each in used.values() for audit, _ in each})
    told: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for photo_id, named in used.items():
        told[photo_id] = [
            {"audit": audit, "criterion": criterion, "place": where.get(audit)}
            for audit, criterion in sorted(named)
        ]
    return told


def _own(session: Session, found: Found, code: str) -> dict[str, Any] | None:
    """What the office said of itself in this round; None where it said nothing of it."""
    own = audits.self_assessment(session, found.round.id, found.office.id)
    if own is None or own.head == 0:
        return None
    item = audits.one_criterion(session, own, audits.reading(session, own), code)
    return _if_said(item, own)


def _last(session: Session, found: Found, asked: Criterion) -> dict[str, Any] | None:
    """The last visit's answer and photos, where its edition asked the same."""
    before = audits.visit_before(session, found)
    if before is None:
        return None
    then = audits.edition_of(session, before.edition_sha256).by_code.get(asked.code)
    if then is None or then.title != asked.title:
        return None
    item = audits.one_criterion(session, before, audits.reading(session, before), asked.code)
    return _if_said(item, before)


def _if_said(item: dict[str, Any] | None, of: Found) -> dict[str, Any] | None:
    if item is None:
        return None
    said = any(part["standing"] for part in item["parts"])
    if not (said or item["photos"] or item["notes"]):
        return None
    return {**item, "audit": of}


def _told(
    session: Session, asked: Criterion, changes: Collection[Changed]
) -> list[dict[str, Any]]:
    """A difference in words: answers taken apart, measurements with their labels."""
    parts = {asked.target_of(part.code): part for part in asked.parts}
    labels = {f"{asked.code}:{each.key}": each for each in asked.measurements}
    names = accounts.names(session, {one.target for one in changes if one.what == "note"})
    here = received(session, [one.target for one in changes if one.what == "photo"])

    def words(one: Changed, values: Sequence[Any]) -> list[Any]:
        if one.what != "answer":
            return list(values)
        return [answer_words(parts.get(one.target), value) for value in values]

    return [
        {
            "what": one.what,
            "target": one.target,
            "part": parts.get(one.target),
            "measurement": labels.get(one.target),
            "name": names.get(one.target),
            "here": one.target in here,
            "was": words(one, one.was),
            "now": words(one, one.now),
        }
        for one in changes
    ]
