"""A visit filled in, signed and submitted, as phones do it; what a reviewer does to it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from app.accounts import queries as accounts
from app.audits import actions, queries
from app.audits.models import CriterionReturn
from app.audits.rules import fold, parse_change
from app.audits.rules.content import digest_of
from app.audits.rules.lifecycle import Bond
from app.kit.database import open_session
from tests.audits.world import NOW, Phone, World
from tests.evidence.files import jpeg

PHOTO = jpeg()


def filled(world: World, phone: Phone, audit: str | None = None) -> list[str]:
    """Every answer at its best, every measurement, and as many photos as are asked for."""
    audit = audit or world.visit
    lines = []
    for each in world.edition.criteria:
        if each.kind == "advisory":
            continue
        for part in each.parts or [None]:
            target = each.target_of(part.code if part else "")
            best: Any = max(step.points for step in part.steps) / 100 if part else "met"
            lines.append(phone.line(audit, "answer", target, best))
        targets = [f"{each.code}:{one.key}" for one in each.measurements]
        lines += [phone.line(audit, "measurement", target, 500) for target in targets]
        lines += [phone.photo(audit, PHOTO, each.code) for _ in range(each.min_photos)]
    return lines


def digest(lines: Iterable[str]) -> str:
    """Of what these lines come to."""
    return digest_of(fold([parse_change(line) for line in lines]))


def signed(phone: Phone, audit: str, over: str, *who: str) -> list[str]:
    """Signatures over a content, of the lead and the office unless told otherwise."""
    drawn = {"post": "", "strokes": [[10, 20, 300, 200]], "over": over}
    return [
        phone.line(audit, "signature", target, {"name": f"ชื่อ {target}", **drawn})
        for target in who or ("assessor", "office")
    ]


def submitted(phone: Phone, audit: str, over: str) -> str:
    """The lead's word."""
    said = {"over": over, "level": "gold", "percent": 10_000, "rules_version": 1}
    return phone.line(audit, "submission", "audit", said)


def everything(world: World, phone: Phone) -> list[str]:
    """All that a visit needs, to the lead's word."""
    lines = filled(world, phone)
    over = digest(lines)
    return [*lines, *signed(phone, world.visit, over), submitted(phone, world.visit, over)]


def taken_on(
    world: World,
    action: str,
    *,
    by: str = "central",
    reason: str = "เพราะจำเป็น",
    returned: Sequence[str] = (),
    **more: Any,
) -> None:
    """One step of the audit, as a later room takes it."""
    bound: set[Bond] = {"reviewing"}
    with open_session(world.engine) as session:
        person = accounts.caller(session, world.people[by])
        assert person
        made = actions.step(
            session,
            world.visit,
            action,
            by=person,
            bonds=bound,
            at=NOW,
            reason=reason,
            **more,
        )
        session.add_all(
            CriterionReturn(audit_id=world.visit, n=made.n, criterion=code, reason="ดูอีกครั้ง")
            for code in returned
        )
        session.commit()


def stage_of(world: World) -> str:
    """Where the visit stands."""
    with open_session(world.engine, reads=True) as session:
        found = queries.find(session, world.visit)
        assert found
        return found.stage


def told(answer: Any) -> list[str]:
    """The codes of what is in the way of the submission."""
    return [one["code"].removeprefix("submission.") for one in answer["submission"]["refusals"]]


def id_of(line: str) -> str:
    found: str = json.loads(line)["id"]
    return found
