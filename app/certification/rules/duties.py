"""Who may have a say at each step of an audit, by role and by what binds them to it. Pure.

The transitions of the audits room, and beside them what approvers do between two transitions.
Doors, greyed buttons, docs/authority.md and the tests ask this one table.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.accounts.rules import ACCESS, ROLES
from app.audits.rules.lifecycle import (
    TRANSITIONS,
    Bond,
    arrows,
    refusal_of_duty,
    refusal_of_stage,
    stages,
)
from app.kit.errors import Conflict, Refusal

BONDS: Final[dict[str, dict[str, str]]] = {
    "lead": {"th": "หัวหน้าคณะผู้ตรวจครั้งนี้", "en": "Leads this visit's team"},
    "team": {"th": "อยู่ในคณะผู้ตรวจ หรือเคยกรอกผล", "en": "Is of the team, or wrote in it"},
    "office": {"th": "สังกัดหน่วยงานนี้", "en": "Works in the office"},
    "interest": {
        "th": "แจ้งส่วนได้เสียกับหน่วยงานนี้ไว้",
        "en": "Has a declared interest in the office",
    },
    "reviewing": {"th": "กำลังทบทวนงานนี้", "en": "Holds its review now"},
    "reviewed": {"th": "เคยทบทวนงานนี้", "en": "Has reviewed it"},
    "approving": {"th": "อนุมัติข้อเสนอนี้อยู่", "en": "Has approved this proposal"},
    "approved": {"th": "เคยอนุมัติข้อเสนอของงานนี้", "en": "Has approved one ever"},
}
STRANGER: Final = {"th": "ไม่เกี่ยวข้อง", "en": "Not bound to it"}
# Relations as they occur: who leads is of the team, who holds the review has reviewed.
RELATIONS: Final[dict[str, frozenset[Bond]]] = {
    "stranger": frozenset(),
    "team": frozenset({"team"}),
    "lead": frozenset({"lead", "team"}),
    "office": frozenset({"office"}),
    "interest": frozenset({"interest"}),
    "reviewed": frozenset({"reviewed"}),
    "reviewing": frozenset({"reviewing", "reviewed"}),
    "approving": frozenset({"approving", "approved"}),
    "approved": frozenset({"approved"}),
}


@dataclass(frozen=True, slots=True)
class Door:
    """Something that may be done to an audit: where, by whom, and who is barred."""

    action: str
    stages: tuple[str, ...]
    access: str
    th: str
    en: str
    needs: frozenset[Bond]
    barred: frozenset[Bond]


def _of_transition(action: str, kind: str = "visit") -> Door:
    rows = arrows(action, kind=kind)
    return Door(
        action,
        tuple(dict.fromkeys(row.before for row in rows)),
        rows[0].access,
        rows[0].th,
        rows[0].en,
        rows[0].needs,
        rows[0].barred,
    )


APPROVE: Final = Door(
    "approve", ("proposed",), "decision.approve", "อนุมัติข้อเสนอ", "Approve a proposal",
    frozenset(), arrows("decide")[0].barred | {"approving"},
)  # fmt: skip
TAKE_BACK: Final = Door(
    "take_back", ("proposed",), "decision.approve", "ถอนความเห็นของตน",
    "Take back one's approval", frozenset({"approving"}), frozenset(),
)  # fmt: skip
DOORS: Final[dict[str, Door]] = {
    one.action: one
    for one in (
        *(_of_transition(action) for action in dict.fromkeys(t.action for t in TRANSITIONS)),
        APPROVE,
        TAKE_BACK,
    )
}

SELF_DOORS: Final = {one: _of_transition(one, "self") for one in ("submit", "recall")}
"""Of a self-assessment; closing it and opening it again is as with a visit."""
SELF_RELATIONS: Final = ("stranger", "team", "office")


def refusal_to_do(
    action: str,
    *,
    stage: str,
    roles: Collection[str],
    bonds: Collection[Bond],
    kind: str = "visit",
) -> Refusal | None:
    """Why this person cannot do this to the audit now: duty first, then the stage."""
    door = SELF_DOORS[action] if kind == "self" else DOORS[action]
    duty = refusal_of_duty(
        roles, bonds, access=door.access, needs=door.needs, barred=door.barred
    )
    if duty is not None or stage in door.stages:
        return duty
    if arrows(action, kind=kind):
        return refusal_of_stage(action, stage, kind)
    words = stages(kind)[stage]
    return Conflict(
        f"stage.{action.replace('_', '-')}",
        f"ทำ “{door.th}” ไม่ได้ เพราะงานนี้อยู่ในขั้น “{words['th']}”",
        f"“{door.en}” is not possible: the audit is “{words['en']}”.",
    )


def authority_page() -> str:
    """`docs/authority.md`, as it should be."""
    tables = [_table(door, tuple(RELATIONS), "visit") for door in DOORS.values()]
    own = [_table(door, SELF_RELATIONS, "self") for door in SELF_DOORS.values()]
    return (
        _INTRODUCTION
        + "\n\n".join(tables)
        + "\n"
        + _OF_SELF
        + "\n\n".join(own)
        + "\n"
        + _LIMITS
    )


def _table(door: Door, relations: Collection[str], kind: str) -> str:
    heads = [f"{words['th']}<br>{words['en']}<br>`{role}`" for role, words in ROLES.items()]
    places = ", ".join(f"`{stage}`" for stage in door.stages)
    rows = []
    for relation in relations:
        bonds = RELATIONS[relation]
        words = _relation_words(relation, bonds)
        marks = [
            _mark(
                refusal_to_do(
                    door.action, stage=door.stages[0], roles={role}, bonds=bonds, kind=kind
                )
            )
            for role in ROLES
        ]
        rows.append(f"| {words['th']}<br>{words['en']} | {' | '.join(marks)} |")
    named = f"`{door.action}`" + (" of a self-assessment" if kind == "self" else "")
    return (
        f"## {door.th} · {door.en} ({named})\n\n"
        f"From {places}, by `{door.access}`: {ACCESS[door.access].en.lower()}.\n\n"
        f"| | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}\n" + "\n".join(rows)
    )


def _relation_words(relation: str, bonds: Collection[Bond]) -> dict[str, str]:
    if not bonds:
        return STRANGER
    return BONDS[relation]


def _mark(refusal: Refusal | None) -> str:
    if refusal is None:
        return "✓"
    return "" if refusal.code == "role.missing" else f"✗ `{refusal.code}`"


_INTRODUCTION: Final = """\
# Who may have a say

Written by `gecc roles --authority` from `app/audits/rules/lifecycle.py` and
`app/certification/rules/duties.py`; a test keeps it current, and another knocks at the real
door of every cell (`tests/certification/test_matrix.py`).

What somebody may do with an audit hangs on their role and on what binds them to it: `✓`
allowed, `✗` the role would allow it and the bond forbids it (or the bond that it needs is
missing), empty: not for this role. Who leads is of the team; who holds a review has reviewed.
Bonds add up, and one that bars is enough.

Nobody approves what they assessed, reviewed, whose office is theirs or has a declared interest
of theirs (ISO/IEC 17065, 4.2 and 7.6; Administrative Procedure Act 2539, 13 to 16). Two
different people approve, or one with the resolution of a committee. The database refuses all of
it again, whoever writes the row; of interests it refuses the visit, and these rules the rest.
An interest bars unless it was over before the day of the visit, or somebody else has ended it;
an approval given before it was declared no longer counts.

"""
_OF_SELF: Final = """
# Of a self-assessment

What an office says of itself is submitted and recalled by its head, until the round closes.
It is closed and reopened as a visit is; nobody reviews, approves or decides it.

"""
_LIMITS: Final = """
## Beside the audit

- Nobody grants themselves a role: `app/accounts/rules/people.py`, and a rule of the table.
- Withdrawing or reinstating a certificate takes another approver than the one who asked.
- An office appeals once; neither who reviewed the audit nor who approved it hears the appeal.
- Whoever reviewed or approved an audit cannot be sent to assess it any more.

## What software cannot see

Two accounts are two people only if whoever opens accounts sees to it. An administrator who
opens a second account of their own under another name and grants it a role breaks no rule that
a program could check; the trail says who opened which account and who granted which role
(`person.created`, `role.granted`), and an auditor reads it. Kinship and friendship are known to
people: once declared (`/planning/interests`) they bar here, and what nobody declares no program
knows. And
whoever holds the password of the database can drop its triggers; the log tells afterwards
(`gecc log check`).
"""
