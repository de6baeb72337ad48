"""What an audit takes in its stage: after submission little, and on every door alike. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from app.audits.rules.changes import Change
from app.audits.rules.lifecycle import stages
from app.audits.rules.shapes import EVIDENCE, REMOVALS
from app.audits.rules.standing import CLOSED
from app.kit.errors import Conflict, Forbidden, Refusal

NOT_LEAD: Final = Forbidden(
    "submission.lead",
    "หัวหน้าคณะผู้ตรวจประเมินเท่านั้นที่ส่งผลการตรวจและเรียกคืนได้",
    "Only the lead assessor submits an audit and recalls it.",
)
NOT_HEAD: Final = Forbidden(
    "submission.head",
    "หัวหน้าหน่วยงานเท่านั้นที่ลงชื่อ ส่งผลการประเมินตนเอง และเรียกคืนได้",
    "Only the head of the office signs its self-assessment, submits it and recalls it.",
)
CRITERION_LOCKED: Final = Conflict(
    "audit.criterion-locked",
    "การตรวจนี้ถูกส่งกลับให้แก้ไขเฉพาะบางข้อ ข้อนี้ไม่ได้อยู่ในนั้น",
    "Single criteria of this audit were returned for correction; this is none of them.",
)


@dataclass(frozen=True, slots=True)
class Lock:
    """What counts in an audit now: its stage, the criteria returned, who leads the visit.

    `heads`: of a self-assessment, who heads the office; None: it is a visit.
    """

    stage: str = "open"
    returned: frozenset[str] = frozenset()
    lead: str | None = None
    heads: frozenset[str] | None = None

    def refusal(
        self,
        change: Change,
        criterion_of: Callable[[str], str | None],
        shown_in: Callable[[str], Collection[str]] = lambda _: (),
    ) -> Refusal | None:
        """Why this change does not count in this stage.

        `criterion_of` finds the criterion of a photo, file or link, named by its change;
        `shown_in` those that show a photo of this SHA-256, which a masked one would hide.
        """
        if self.heads is not None:
            words = change.kind in {"signature", "submission"}
            if words and change.author not in self.heads:
                return NOT_HEAD
        elif change.kind == "submission" and change.author != self.lead:
            return NOT_LEAD
        if self.stage == "open":
            return None
        if self.stage == "closed":
            return CLOSED
        if self.stage == "submitted" and change.kind == "submission" and change.value is None:
            return None
        if self.stage != "returned":
            return submitted(self.stage, "visit" if self.heads is None else "self")
        if change.kind in {"signature", "submission"}:
            return None
        if not {*shown_in(source_of(change) or "")} <= self.returned:
            return CRITERION_LOCKED
        return None if _criterion(change, criterion_of) in self.returned else CRITERION_LOCKED


def source_of(change: Change) -> str | None:
    """The SHA-256 of the photo that this photo was made from, if it was."""
    of = change.value.get("of") if change.kind == "photo" else None
    return of["sha256"] if of else None


def submitted(stage: str, kind: str = "visit") -> Refusal:
    """The no of an audit that has been submitted, in the words of its stage."""
    words = stages(kind)[stage]
    return Conflict(
        "audit.submitted",
        f"การตรวจนี้ส่งผลแล้ว (ขั้น “{words['th']}”) จึงไม่รับการแก้ไข",
        f"This audit has been submitted (“{words['en']}”) and takes no changes.",
    )


def _criterion(change: Change, criterion_of: Callable[[str], str | None]) -> str | None:
    """The criterion a change is about; None for none, and for kinds nobody here knows."""
    kind, target = change.kind, change.target
    if kind == "resolution":
        kind, _, target = target.partition(" ")
    if kind == "caption" or kind in REMOVALS:
        return criterion_of(target)
    if kind == "answer":
        return target.partition("/")[0]
    if kind == "measurement":
        return target.partition(":")[0]
    if kind == "note" or kind in EVIDENCE:
        return target.partition(" ")[0]
    return None
