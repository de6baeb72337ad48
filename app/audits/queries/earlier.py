"""The audit before: photos to stand where they were taken, answers to be confirmed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.audits.models import Audit, MaskedOriginal
from app.audits.queries.finding import Found, find
from app.audits.queries.reading import edition_of, reading
from app.audits.rules.carrying import carried_answers, carried_figures
from app.audits.rules.fold import Photo
from app.evidence.queries import received
from app.kit.html import BANGKOK
from app.rounds.models import Participation, Round, Visit

MOST: Final = 3


def previous_photos(session: Session, found: Found) -> dict[str, list[dict[str, Any]]]:
    """Each criterion's newest photos of the office's audit in an earlier round, at most three.

    `{"P01": [{"sha256", "taken_on", "caption"}]}`. Masked photos stand for their originals;
    what was taken out, drawn on or has not arrived is left out. Of a visit those of the visit
    before, of a self-assessment those of the one before.
    """
    before = (visit_before if found.visit else self_before)(session, found)
    if before is None:
        return {}
    now = edition_of(session, found.edition_sha256).by_code
    then = edition_of(session, before.edition_sha256).by_code
    taken = {
        code: [photo for photo in photos if _stands(photo)]
        for code, photos in reading(session, before).state["photos"].items()
        # The same code may ask something else in another edition.
        if code in now and code in then and now[code].title == then[code].title
    }
    names = [photo["value"]["sha256"] for photos in taken.values() for photo in photos]
    shown = received(session, names) - _hidden(session, before)
    chosen = {
        code: [_told(photo) for photo in reversed(photos) if photo["value"]["sha256"] in shown]
        for code, photos in taken.items()
    }
    return {code: photos[:MOST] for code, photos in chosen.items() if photos}


def previous_names(session: Session, found: Found) -> set[str]:
    """The names of those photos."""
    told = previous_photos(session, found).values()
    return {photo["sha256"] for photos in told for photo in photos}


def _hidden(session: Session, found: Found) -> set[str]:
    hidden = select(MaskedOriginal.sha256).where(MaskedOriginal.audit_id == found.id)
    return set(session.exec(hidden))


def visit_before(session: Session, found: Found) -> Found | None:
    """The office's newest visit of an earlier round that anybody wrote to."""
    if found.visit is None:
        return None
    earlier = (
        select(Visit.id)
        .join(Round, col(Round.id) == Visit.round_id)
        .join(Audit, col(Audit.id) == Visit.id)
        .where(
            Visit.office_id == found.office.id,
            col(Visit.cancelled_at).is_(None),
            Audit.head > 0,
            Round.opens_on < found.round.opens_on,
        )
        .order_by(col(Round.opens_on).desc(), col(Visit.planned_on).desc(), Visit.id)
    )
    newest = session.exec(earlier).first()
    return find(session, newest) if newest else None


def self_before(session: Session, found: Found) -> Found | None:
    """The office's newest self-assessment of an earlier round that anybody wrote to."""
    if found.kind != "self":
        return None
    earlier = (
        select(Participation.id)
        .join(Round, col(Round.id) == Participation.round_id)
        .join(Audit, col(Audit.id) == Participation.id)
        .where(
            Participation.office_id == found.office.id,
            Audit.head > 0,
            Round.opens_on < found.round.opens_on,
        )
        .order_by(col(Round.opens_on).desc(), col(Participation.id))
    )
    newest = session.exec(earlier).first()
    return find(session, newest) if newest else None


def carried(session: Session, found: Found) -> dict[str, Any] | None:
    """What the office said of itself in its newest earlier round, to be confirmed in this one.

    `{"round": {"th", "en"}, "answers": {target: value}, "figures": {target: value},
    "notes": {criterion: text}}`; None
    where it is no self-assessment, or the first, or nothing of it can be said again. Notes are
    shown beside, those of criteria with an answer to confirm only.
    """
    before = self_before(session, found)
    if before is None:
        return None
    state = reading(session, before).state
    then, now = (edition_of(session, one.edition_sha256) for one in (before, found))
    answers = carried_answers(then, now, state)
    if not answers:
        return None
    codes = {target.partition("/")[0] for target in answers}
    notes = notes_of(state["registers"])
    return {
        "round": before.round.name,
        "answers": answers,
        "figures": carried_figures(then, now, state, answers),
        "notes": {code: notes[code] for code in sorted(codes & set(notes))},
    }


def notes_of(registers: Mapping[str, Any]) -> dict[str, str]:
    """Each criterion's notes, everybody's, one under the other."""
    notes: dict[str, list[str]] = {}
    for register, standing in registers.items():
        kind, _, rest = register.partition(" ")
        if kind == "note":
            texts = [one["value"] for one in standing if one["value"]]
            notes.setdefault(rest.partition(" ")[0], []).extend(texts)
    return {criterion: "\n".join(texts) for criterion, texts in notes.items() if texts}


def _stands(photo: Photo) -> bool:
    source = photo["value"].get("of")
    return photo["removed"] is None and (source is None or source["how"] == "masked")


def _told(photo: Photo) -> dict[str, Any]:
    at = datetime.fromisoformat(photo["value"]["taken_at"] or photo["made_at"])
    if at.tzinfo is not None:
        at = at.astimezone(BANGKOK)
    captions = [one["value"] for one in photo["caption"] if one["value"]]
    return {
        "sha256": photo["value"]["sha256"],
        "taken_on": at.date().isoformat(),
        "caption": captions[0] if captions else "",
    }
