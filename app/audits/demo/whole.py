"""Invented work from the first answer to its submission, photos and signatures and all."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from app.audits import actions, queries
from app.audits.demo.phone import Phone
from app.audits.queries import Found
from app.audits.rules.content import digest_of
from app.checklists.rules import Measurement
from app.evidence.demo import SCENES
from app.kit.html import BANGKOK
from app.settings import Settings

HEAD: Final = "หัวหน้าสำนักงาน"
SMALL: Final = 640
"""Pixels of the long side: hundreds of photos are drawn when the world is made."""


def walk_whole(
    session: Session,
    settings: Settings,
    visit: Found,
    *,
    quality: float,
    host: tuple[str, str],
    now: datetime,
    unmet: frozenset[str] = frozenset(),
) -> None:
    """Answer everything about this well, with the evidence asked for, sign and submit.

    `host`: who signs for the office, with their post. `unmet`: gates that are not met. Raises
    ValueError where an invented change does not count or the submission is refused.
    """
    day = visit.planned_on or now.date()
    start = min(datetime.combine(day, time(9, 30), BANGKOK).astimezone(UTC), now)
    lead = queries.team(session, visit)[0]
    phone = Phone(session, settings, lead["id"], visit, start)
    _fill(phone, quality, unmet)
    signed = (("assessor", lead["name"]["th"], "หัวหน้าคณะผู้ตรวจประเมิน"), ("office", *host))
    _submit(session, phone, visit.id, signed)


def assess_whole(
    session: Session,
    settings: Settings,
    own: Found,
    *,
    quality: float,
    now: datetime,
    unmet: frozenset[str] = frozenset(),
) -> None:
    """The same of a self-assessment, by the office's head. Raises ValueError as above."""
    people = queries.team(session, own)
    head = next(one for one in people if one["role"] == "office_head")
    phone = Phone(session, settings, head["id"], own, now)
    _fill(phone, quality, unmet)
    _submit(session, phone, own.id, (("office", head["name"]["th"], HEAD),))


def _fill(phone: Phone, quality: float, unmet: frozenset[str]) -> None:
    """Every answer and measurement, and as many photos as each criterion asks for."""
    phone.answer(share=1.0, quality=quality, unmet=unmet)
    for number, criterion in enumerate(phone.edition.criteria):
        for measurement in criterion.measurements:
            phone.say(
                "measurement", f"{criterion.code}:{measurement.key}", _enough(measurement)
            )
        for more in range(criterion.min_photos):
            scene = SCENES[(number + more) % len(SCENES)]
            phone.photo(criterion.code, scene, "", upright=bool(more % 2), long_side=SMALL)
    phone.send()


def _submit(
    session: Session, phone: Phone, audit: str, signed: Iterable[tuple[str, str, str]]
) -> None:
    found = queries.find(session, audit)
    assert found is not None
    read = queries.reading(session, found)
    over = digest_of(read.state)
    for target, name, post in signed:
        drawn = {"name": name, "post": post, "strokes": _strokes(name), "over": over}
        phone.say("signature", target, drawn)
    card = read.scorecard
    said = {
        "over": over,
        "level": card["level"],
        "percent": int(card["percent"].replace(".", "") or 0),
        "rules_version": card["rules_version"],
    }
    phone.say("submission", "audit", said)
    phone.send()
    # Photos before it may have been the last thing missing.
    actions.settle_submission(session, audit, phone.clock + timedelta(minutes=1))
    submitted = queries.find(session, audit)
    if submitted is None or submitted.stage != "submitted":
        raise ValueError("the invented submission did not take effect")


def _enough(measurement: Measurement) -> float | int | bool:
    """A value on the good side of the limit; of one without a limit, a plausible one."""
    limit = measurement.value
    if measurement.op == "=":
        return limit is not False
    if isinstance(limit, tuple | list):
        return (limit[0] + limit[1]) / 2
    if limit is None or isinstance(limit, bool):
        return 3
    return limit


def _strokes(name: str) -> list[list[int]]:
    """Something like a hand's signature, another for each name."""
    strokes = []
    for line in range(2):
        points: list[int] = []
        for step in range(40):
            turn = step / 40 * math.tau * (1.5 + len(name) % 5 * 0.5)
            points += [
                120 + step * 19,
                int(200 + 110 * math.sin(turn + line) * math.cos(step / (9 + line))),
            ]
        strokes.append(points)
    return strokes
