"""Tasks of an improvement plan: one table of moves, and every reason for a no. Pure.

Buttons, doors, the database's own constraints and the tests read this one table. What is done
is confirmed by somebody else than who did it or brought the proof.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.accounts.rules import scopes
from app.checklists.rules import Edition
from app.evidence.rules.files import TYPES
from app.kit.errors import Conflict, Forbidden, Invalid, Refusal
from app.scoring.rules import Answers, supposing, tally

State = Literal["new", "open", "done", "confirmed", "dropped"]
STATES: Final[dict[str, dict[str, str]]] = {
    "open": {"th": "ค้าง", "en": "To do"},
    "done": {"th": "ทำแล้ว รอตรวจรับ", "en": "Done, to be confirmed"},
    "confirmed": {"th": "ตรวจรับแล้ว", "en": "Confirmed"},
    "dropped": {"th": "ยกเลิก", "en": "Dropped"},
}
LIVE: Final = ("open", "done")
"""States of a task that travels to the next visit."""
EFFORTS: Final = range(1, 6)
DOCUMENTS: Final = frozenset(
    media for media, kind in TYPES.items() if kind.family in {"pdf", "office", "odf"}
)
"""Media types of documents that prove a task, beside photos."""
WHAT_MOST: Final = 500
REMARK_MOST: Final = 2000
REASON_MOST: Final = 1000
PROOFS_MOST: Final = 20
AT_ONCE: Final = 60
YEARS_AHEAD: Final = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow. `access`: a line of `accounts.rules.ACCESS`."""

    action: str
    before: State
    after: State
    access: str
    th: str
    en: str
    reason: bool = False
    another: bool = False
    """Only for somebody who neither did it nor brought the proof."""


MOVES: Final[tuple[Move, ...]] = (
    Move("make", "new", "open", "plan.write", "ทำเป็นงานปรับปรุง", "Make it a task"),
    Move("do", "open", "done", "plan.write", "แจ้งว่าทำเสร็จแล้ว", "Say that it is done"),
    Move("confirm", "done", "confirmed", "task.confirm", "ตรวจรับ", "Confirm", another=True),
    Move(
        "send_back", "done", "open", "task.confirm", "ส่งกลับให้ทำต่อ", "Send back", reason=True
    ),
    Move("drop", "open", "dropped", "task.confirm", "ยกเลิกงานนี้", "Drop", reason=True),
    Move(
        "reopen", "confirmed", "open", "task.confirm", "เปิดงานอีกครั้ง", "Open again", reason=True
    ),
    Move("reopen", "dropped", "open", "task.confirm", "เปิดงานอีกครั้ง", "Open again", reason=True),
)  # fmt: skip
ACTIONS: Final = tuple(dict.fromkeys(one.action for one in MOVES))
ON_A_TASK: Final = tuple(one for one in ACTIONS if one != "make")

NO_ROLE: Final = Forbidden(
    "role.missing", "บัญชีของคุณไม่มีสิทธิ์ทำรายการนี้", "Your account may not do this."
)
ELSEWHERE: Final = Forbidden(
    "task.elsewhere",
    "แผนนี้เป็นของหน่วยงานอื่น",
    "This plan belongs to another office.",
)
SAME_PERSON: Final = Forbidden(
    "task.same-person",
    "ผู้ที่ทำงานนี้หรือแนบหลักฐานเองตรวจรับไม่ได้ ต้องเป็นอีกคนหนึ่ง",
    "Whoever did this task, or brought its proof, does not confirm it. Somebody else does.",
)
NO_PROOF: Final = Conflict(
    "task.no-proof",
    "แนบภาพหลังทำ หรือเอกสาร อย่างน้อยหนึ่งชิ้นก่อน",
    "Add an after photo or a document first.",
)
FULL: Final = Conflict(
    "task.proofs-full",
    f"แนบหลักฐานได้ไม่เกิน {PROOFS_MOST} ชิ้น",
    f"A task takes at most {PROOFS_MOST} proofs.",
)
REASON: Final = Invalid(
    "task.reason",
    f"โปรดบอกเหตุผล 3 ถึง {REASON_MOST} ตัวอักษร",
    f"Say why, in 3 to {REASON_MOST} letters.",
)
WHAT: Final = Invalid(
    "task.what",
    f"โปรดบอกว่าต้องทำอะไร 3 ถึง {WHAT_MOST} ตัวอักษร",
    f"Say what is to be done, in 3 to {WHAT_MOST} letters.",
)
REMARK: Final = Invalid(
    "task.remark",
    f"หมายเหตุยาวได้ไม่เกิน {REMARK_MOST} ตัวอักษร",
    f"A remark takes at most {REMARK_MOST} letters.",
)
OWNER: Final = Invalid(
    "task.owner",
    "เลือกผู้รับผิดชอบจากคนของหน่วยงานนี้",
    "Choose somebody of this office.",
)
DUE: Final = Invalid(
    "task.due",
    f"เลือกวันกำหนดเสร็จตั้งแต่วันนี้ ไม่เกิน {YEARS_AHEAD} ปี",
    f"Choose a day from today on, at most {YEARS_AHEAD} years ahead.",
)
EFFORT: Final = Invalid("task.effort", "เลือกแรงที่ใช้ 1 ถึง 5", "Choose an effort from 1 to 5.")
BEFORE: Final = Invalid(
    "task.before",
    "ภาพก่อนทำต้องเป็นภาพของข้อนี้ในการตรวจครั้งนั้น",
    "The before photo is one of this criterion in that audit.",
)
NOTHING: Final = Invalid(
    "task.nothing-chosen",
    "เลือกอย่างน้อยหนึ่งข้อที่ยังไม่มีงานค้าง",
    "Choose at least one finding that has no task to do yet.",
)
NO_FINDING: Final = Invalid(
    "task.no-finding",
    "ข้อนี้ไม่อยู่ในสิ่งที่พบของการตรวจครั้งนั้น",
    "This criterion is no finding of that audit.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a task to say."""

    what: str
    owner: str
    due: date | None
    effort: int
    remark: str = ""
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a plan does to the level, of the answers as they stand."""

    level_now: str | None
    percent_now: str
    level: str | None
    percent: str
    gates: tuple[str, ...]
    """The gates that remain unmet or unanswered when all tasks are done."""


def arrows(action: str, state: str | None = None) -> tuple[Move, ...]:
    """The moves of an action, from this state or from any."""
    return tuple(one for one in MOVES if one.action == action and state in {None, one.before})


def refusal_by_role(roles: Collection[str], access: str, *, at_home: bool) -> Refusal | None:
    """Why these roles may not do this for an office they work in (`at_home`) or not."""
    reach = scopes(roles, access)
    if not reach:
        return NO_ROLE
    return None if "all" in reach or at_home else ELSEWHERE


def refusal_to_move(
    action: str,
    *,
    state: str,
    roles: Collection[str],
    at_home: bool,
    did: bool = False,
    proofs: int = 1,
) -> Refusal | None:
    """Why this person cannot move this task so now: role, duty, state and proof, in this order.

    `did`: they said it was done, or brought a proof; `proofs`: brought since it was opened.
    """
    row = arrows(action)[0]
    refusal = refusal_by_role(roles, row.access, at_home=at_home)
    if refusal is None and row.another and did:
        refusal = SAME_PERSON
    if refusal is None and not arrows(action, state):
        words = STATES[state]
        refusal = Conflict(
            f"task.{action.replace('_', '-')}",
            f"ทำ “{row.th}” ไม่ได้ เพราะงานนี้อยู่ในสถานะ “{words['th']}”",
            f"“{row.en}” is not possible: the task is “{words['en']}”.",
        )
    if refusal is None and action == "do" and not proofs:
        refusal = NO_PROOF
    return refusal


def refusal_of_reason(action: str, reason: str) -> Refusal | None:
    """Why these words do not tell others the reason, where one is asked for."""
    if not arrows(action)[0].reason or 3 <= len(reason.strip()) <= REASON_MOST:
        return None
    return REASON


def refusal_of_proof(
    *, state: str, roles: Collection[str], at_home: bool, proofs: int
) -> Refusal | None:
    """Why no proof may be added now. `proofs`: how many the task has."""
    refusal = refusal_by_role(roles, "plan.write", at_home=at_home)
    if refusal is not None:
        return refusal
    if state != "open":
        return Conflict(
            "task.proof-not-open",
            "แนบหลักฐานได้เฉพาะงานที่ยังค้างอยู่",
            "A proof is added while the task is still to do.",
        )
    return FULL if proofs >= PROOFS_MOST else None


def refusal_to_change(*, state: str, roles: Collection[str], at_home: bool) -> Refusal | None:
    """Why the words of a task, its person or its day cannot be changed now."""
    refusal = refusal_by_role(roles, "plan.write", at_home=at_home)
    if refusal is None and state != "open":
        return Conflict(
            "task.not-open",
            "แก้ได้เฉพาะงานที่ยังค้างอยู่",
            "Only a task that is still to do can be changed.",
        )
    return refusal


def refusal_of_draft(
    draft: Draft,
    *,
    people: Collection[str],
    photos: Collection[str],
    today: date,
    due_before: date | None = None,
) -> Refusal | None:
    """Why a task cannot say this.

    `people`: of the office, with open accounts; `photos`: of the criterion in that audit;
    `due_before`: the day it is due already, which may lie in the past.
    """
    if not 3 <= len(draft.what) <= WHAT_MOST:
        return WHAT
    if draft.owner not in people:
        return OWNER
    if draft.due is None or (draft.due != due_before and not _reachable(draft.due, today)):
        return DUE
    if draft.effort not in EFFORTS:
        return EFFORT
    if draft.before is not None and draft.before not in photos:
        return BEFORE
    return REMARK if len(draft.remark) > REMARK_MOST else None


def is_overdue(state: str, due: date, today: date) -> bool:
    """Whether a task should have been done by now."""
    return state == "open" and due < today


def in_order(state: str, due: date, made: object, today: date) -> tuple[bool, date, str]:
    """The sort key of a task: overdue ones first, then by day."""
    return not is_overdue(state, due, today), due, str(made)


def effect(edition: Edition, answers: Answers, criteria: Collection[str]) -> Effect:
    """What the level would be with these criteria met, and which gates would remain."""
    now = tally(edition, answers)
    then = tally(edition, supposing(edition, answers, criteria))
    left = {*then.gates_unmet, *then.gates_blank}
    gates = tuple(one.code for one in edition.criteria if one.code in left)
    return Effect(now.level, now.percent, then.level, then.percent, gates)


def criterion_now(code: str, then: Edition, now: Edition) -> str | None:
    """Where a task of an earlier edition stands in this one; None where nothing asks the same.

    The same code with the same title, else the criterion of that title: as photos of the visit
    before are matched.
    """
    asked = then.by_code.get(code)
    if asked is None:
        return None
    same = now.by_code.get(code)
    if same is not None and same.title == asked.title:
        return code
    return next((one.code for one in now.criteria if one.title == asked.title), None)


def drawing() -> str:
    """The table as a Mermaid state diagram, for docs/plans.md."""
    lines = ["stateDiagram-v2", "    [*] --> open: ทำเป็นงานปรับปรุง / Make it a task"]
    lines += [f"    {code}: {words['th']}<br>{words['en']}" for code, words in STATES.items()]
    lines += [
        f"    {one.before} --> {one.after}: {one.th} / {one.en}"
        for one in MOVES
        if one.before != "new"
    ]
    return "\n".join(lines) + "\n"


def _reachable(due: date, today: date) -> bool:
    return today <= due and due.year <= today.year + YEARS_AHEAD
