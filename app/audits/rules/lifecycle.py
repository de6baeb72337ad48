"""From the first answer to the decision: one table of transitions. Pure.

Doors, buttons, tests, the database's own constraints and the drawing in docs/lifecycle.md all
come from it. The later rooms (review, certification) act; what may follow what stands here, as
phones are told of it. A self-assessment has a short table of its own: nobody judges it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from app.accounts.rules import scopes
from app.audits.rules.standing import REASON_MOST
from app.kit.errors import Conflict, Forbidden, Invalid, Refusal

Stage = Literal[
    "open", "closed", "submitted", "in_review", "returned", "proposed", "decided", "appealed"
]
Kind = Literal["visit", "self"]
Bond = Literal[
    "lead", "team", "office", "interest", "reviewing", "reviewed", "approving", "approved"
]
"""How a person stands to one audit: leads its team; is of the team or wrote in it; works in the
office; has a declared interest in it; holds its review now; held one ever; has approved the
newest proposal; any ever."""

STAGES: Final[dict[str, dict[str, str]]] = {  # by `Stage`; from the database it is a str
    "open": {"th": "กำลังตรวจ", "en": "Under way"},
    "closed": {"th": "ปิดรับข้อมูล", "en": "Closed"},
    "submitted": {"th": "ส่งแล้ว รอทบทวน", "en": "Submitted, waiting for review"},
    "in_review": {"th": "กำลังทบทวน", "en": "In review"},
    "returned": {"th": "ส่งกลับให้แก้ไข", "en": "Returned for correction"},
    "proposed": {"th": "เสนอผลแล้ว รออนุมัติ", "en": "Proposed, waiting for approval"},
    "decided": {"th": "ตัดสินแล้ว", "en": "Decided"},
    "appealed": {"th": "อุทธรณ์ รอผู้ทบทวนคนใหม่", "en": "Appealed, waiting for another reviewer"},
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. `access`: a line of `accounts.rules.ACCESS`; `needs`, `barred`: bonds."""

    action: str
    before: Stage
    after: Stage
    access: str
    th: str
    en: str
    needs: frozenset[Bond] = frozenset()
    barred: frozenset[Bond] = frozenset()
    reason: bool = False


_IMPARTIAL: Final[frozenset[Bond]] = frozenset({"team", "office", "interest"})
_SECOND_PERSON: Final[frozenset[Bond]] = _IMPARTIAL | {"reviewed"}
_LEAD: Final[frozenset[Bond]] = frozenset({"lead"})
_REVIEWER: Final[frozenset[Bond]] = frozenset({"reviewing"})

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(
        "submit", "open", "submitted", "audit.submit", "ส่งผลการตรวจ", "Submit",
        needs=_LEAD, barred=frozenset({"office"}),
    ),
    Transition(
        "recall", "submitted", "open", "audit.submit", "เรียกคืนมาแก้ไข", "Recall",
        needs=_LEAD, barred=frozenset({"office"}),
    ),
    Transition(
        "close", "open", "closed", "audit.close", "ปิดรับข้อมูล", "Close", reason=True
    ),
    Transition("reopen", "closed", "open", "audit.close", "เปิดรับข้อมูลอีกครั้ง", "Reopen"),
    Transition(
        "take", "submitted", "in_review", "review.write", "รับไปทบทวน", "Take for review",
        barred=_IMPARTIAL,
    ),
    Transition(
        "release", "in_review", "submitted", "review.write", "คืนงานเข้าคิว", "Put back",
        needs=_REVIEWER, reason=True,
    ),
    Transition(
        "release", "in_review", "appealed", "review.write", "คืนงานเข้าคิว", "Put back",
        needs=_REVIEWER, reason=True,
    ),
    Transition(
        "return", "in_review", "returned", "review.write", "ส่งกลับเฉพาะข้อ",
        "Return single criteria", needs=_REVIEWER, barred=_IMPARTIAL, reason=True,
    ),
    Transition(
        "resubmit", "returned", "in_review", "audit.submit", "ส่งผลที่แก้แล้ว", "Resubmit",
        needs=_LEAD, barred=frozenset({"office"}),
    ),
    Transition(
        "propose", "in_review", "proposed", "review.write", "เสนอผล", "Propose",
        needs=_REVIEWER, barred=_IMPARTIAL,
    ),
    Transition(
        "send_back", "proposed", "in_review", "decision.approve", "ส่งกลับผู้ทบทวน",
        "Send back to the reviewer", barred=_SECOND_PERSON, reason=True,
    ),
    Transition(
        "decide", "proposed", "decided", "decision.approve", "ตัดสิน", "Decide",
        barred=_SECOND_PERSON,
    ),
    Transition(
        "appeal", "decided", "appealed", "appeal.lodge", "อุทธรณ์", "Appeal",
        needs=frozenset({"office"}), barred=frozenset({"team"}), reason=True,
    ),
    Transition(
        "hear", "appealed", "in_review", "review.write", "รับอุทธรณ์ไปทบทวน", "Hear the appeal",
        barred=_SECOND_PERSON | {"approved"},
    ),
    Transition(
        "correct", "decided", "submitted", "decision.correct", "เปิดทบทวนใหม่เพื่อแก้ไขผล",
        "Open again to correct", barred=_IMPARTIAL, reason=True,
    ),
)  # fmt: skip
ACTIONS: Final = tuple(dict.fromkeys(one.action for one in TRANSITIONS))
_OFFICE: Final[frozenset[Bond]] = frozenset({"office"})
SELF_TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(
        "submit", "open", "submitted", "self.submit", "ส่งผลการประเมินตนเอง",
        "Submit the self-assessment", needs=_OFFICE,
    ),
    Transition(
        "recall", "submitted", "open", "self.submit", "เรียกคืนผลการประเมินตนเองมาแก้ไข",
        "Recall the self-assessment", needs=_OFFICE,
    ),
    *(one for one in TRANSITIONS if one.access == "audit.close"),
)  # fmt: skip
"""What the office says of itself: its head submits it, and nobody reviews or decides it."""
SELF_STAGES: Final[dict[str, dict[str, str]]] = {
    "open": {"th": "กำลังประเมินตนเอง", "en": "Under way"},
    "closed": STAGES["closed"],
    "submitted": {"th": "ส่งผลการประเมินตนเองแล้ว", "en": "Submitted by the office"},
}

UNSETTLED: Final[tuple[Stage, ...]] = ("open", "closed", "returned")
"""While work may be on its way. Nothing is submitted as long as a photo or a number of it is
missing, and what comes later is held: in every other stage all that counts is here."""

_BARS: Final[dict[Bond, Refusal]] = {
    "team": Forbidden(
        "duty.team",
        "ผู้ที่ตรวจประเมินครั้งนี้ทบทวนหรืออนุมัติผลของตนเองไม่ได้",
        "Whoever assessed this audit neither reviews nor approves it.",
    ),
    "office": Forbidden(
        "duty.office",
        "ผู้ที่สังกัดหน่วยงานนี้ตัดสินเรื่องของหน่วยงานตนเองไม่ได้",
        "Whoever works in this office has no say over its result.",
    ),
    "interest": Forbidden(
        "duty.interest",
        "มีการแจ้งส่วนได้เสียของคุณกับหน่วยงานนี้ไว้ จึงต้องให้ผู้อื่นทบทวน อนุมัติ และตัดสินผลของหน่วยงานนี้",
        "An interest of yours in this office has been declared: its audits are reviewed, "
        "approved and decided by others.",
    ),
    "reviewed": Forbidden(
        "duty.reviewed",
        "ผู้ที่เคยทบทวนงานนี้แล้วต้องให้ผู้อื่นทำขั้นตอนนี้",
        "Whoever has reviewed this audit leaves this step to another.",
    ),
    "approving": Forbidden(
        "duty.approved",
        "คุณอนุมัติข้อเสนอนี้ไปแล้ว ขั้นตอนนี้จึงเป็นของผู้อื่น",
        "You have approved this proposal already: this step is another's.",
    ),
    "approved": Forbidden(
        "duty.has-approved",
        "ผู้ที่เคยอนุมัติผลของงานนี้ต้องให้ผู้อื่นพิจารณาอุทธรณ์",
        "Whoever has approved a result of this audit leaves its appeal to another.",
    ),
}
_NEEDS: Final[dict[Bond, Refusal]] = {
    "lead": Forbidden(
        "duty.lead",
        "หัวหน้าคณะผู้ตรวจประเมินเท่านั้นที่ทำขั้นตอนนี้ได้",
        "Only the lead assessor of this visit does this.",
    ),
    "reviewing": Forbidden(
        "duty.reviewer",
        "ผู้ที่รับงานนี้ไปทบทวนเท่านั้นที่ทำขั้นตอนนี้ได้",
        "Only the reviewer who has taken this audit does this.",
    ),
    "office": Forbidden(
        "duty.own-office",
        "หัวหน้าของหน่วยงานนี้เท่านั้นที่ทำขั้นตอนนี้ได้",
        "Only the head of this office does this.",
    ),
    "approving": Forbidden(
        "duty.approver",
        "คุณไม่มีความเห็นที่ยังมีผลต่อข้อเสนอนี้",
        "You have no standing approval of this proposal.",
    ),
}
NOT_OF_SELF: Final = Conflict(
    "stage.self-assessment",
    "การประเมินตนเองเป็นคำตอบของหน่วยงานเอง ไม่มีการทบทวนหรือตัดสิน",
    "A self-assessment is the office's own word: nobody reviews or decides it.",
)
NO_ROLE: Final = Forbidden(
    "role.missing", "บัญชีของคุณไม่มีสิทธิ์ทำรายการนี้", "Your account may not do this."
)


def arrows(
    action: str, stage: str | None = None, kind: str = "visit"
) -> tuple[Transition, ...]:
    """The transitions of an action, from this stage or from any; none: not for this kind."""
    table = SELF_TRANSITIONS if kind == "self" else TRANSITIONS
    return tuple(one for one in table if one.action == action and stage in {None, one.before})


def stages(kind: str) -> dict[str, dict[str, str]]:
    """What the stages of a visit or of a self-assessment are called."""
    return STAGES | SELF_STAGES if kind == "self" else STAGES


def acts(kind: str) -> dict[str, dict[str, str]]:
    """What the steps of a visit or of a self-assessment are called."""
    table = (*TRANSITIONS, *SELF_TRANSITIONS) if kind == "self" else TRANSITIONS
    return {one.action: {"th": one.th, "en": one.en} for one in table}


def refusal_of_stage(action: str, stage: str, kind: str = "visit") -> Refusal | None:
    """Why an audit in this stage cannot go that way."""
    if arrows(action, stage, kind):
        return None
    words = stages(kind)[stage]
    if not arrows(action, kind=kind):
        return NOT_OF_SELF
    done = arrows(action, kind=kind)[0]
    return Conflict(
        f"stage.{action.replace('_', '-')}",
        f"ทำ “{done.th}” ไม่ได้ เพราะงานนี้อยู่ในขั้น “{words['th']}”",
        f"“{done.en}” is not possible: the audit is “{words['en']}”.",
    )


def refusal_of_duty(
    roles: Collection[str],
    bonds: Collection[Bond],
    *,
    access: str,
    needs: Collection[Bond] = (),
    barred: Collection[Bond] = (),
) -> Refusal | None:
    """Why somebody of these roles, bound so to the audit, may not do it.

    Impartiality: ISO/IEC 17065, 4.2 and 7.6; Thai Administrative Procedure Act 2539, 13 to 16.
    """
    if not scopes(roles, access):
        return NO_ROLE
    for bond, refusal in _BARS.items():
        if bond in barred and bond in bonds:
            return refusal
    for bond, refusal in _NEEDS.items():
        if bond in needs and bond not in bonds:
            return refusal
    return None


def refusal_to_step(
    action: str,
    *,
    stage: str,
    roles: Collection[str],
    bonds: Collection[Bond],
    kind: str = "visit",
) -> Refusal | None:
    """Why this person cannot take this audit that way now: duty first, then the stage."""
    rows = arrows(action, kind=kind)
    if not rows:
        return NOT_OF_SELF
    return refusal_of_duty(
        roles, bonds, access=rows[0].access, needs=rows[0].needs, barred=rows[0].barred
    ) or refusal_of_stage(action, stage, kind)


def refusal_of_step_reason(reason: str) -> Refusal | None:
    """Why these words do not tell others the reason."""
    if 3 <= len(reason.strip()) <= REASON_MOST:
        return None
    return Invalid(
        "step.reason",
        f"โปรดบอกเหตุผล 3 ถึง {REASON_MOST} ตัวอักษร",
        f"Say why, in 3 to {REASON_MOST} letters.",
    )


def drawing(kind: Kind = "visit") -> str:
    """The table as a Mermaid state diagram, for docs/lifecycle.md."""
    named, table = (SELF_STAGES, SELF_TRANSITIONS) if kind == "self" else (STAGES, TRANSITIONS)
    lines = ["stateDiagram-v2", "    [*] --> open"]
    lines += [f"    {code}: {words['th']}<br>{words['en']}" for code, words in named.items()]
    lines += [f"    {one.before} --> {one.after}: {one.th} / {one.en}" for one in table]
    return "\n".join(lines) + "\n"
