"""What stands between an audit and its submission: every reason, not only the first. Pure.

The twin of static/js/domain/submitting.js; tests/cases/submitting/ holds both to one truth.
What only the server knows (bytes that have not come, numbers that are missing) is added here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from app.audits.rules.changes import Change
from app.audits.rules.fold import State, fold, newest
from app.checklists.rules import Criterion, Edition, Part
from app.kit.errors import Refusal

Name = Mapping[str, str]
ASKS_FOR: Final = {"open": "submit", "returned": "resubmit", "submitted": "recall"}
ASIDE: Final = frozenset({"close", "reopen"})
"""Steps that leave a submission as it was: it waits while an audit is closed, and no longer."""


class Word(NamedTuple):
    """The last word on submission of who may say it, and the step it asks for."""

    change: str
    by: str
    value: dict[str, Any] | None
    action: str


def word_of(
    said: Sequence[tuple[int, Change]],
    *,
    stage: str,
    leads: Collection[str],
    steps: Iterable[tuple[str, int]],
) -> Word | None:
    """The word that asks for a step from here: the last one, said after the newest step.

    In: every submission kept, with its `seq`; whose word counts (a visit's lead, the heads of
    an office); each step's action and the audit's head then. What was submitted once does not
    count again after a return.
    """
    action = ASKS_FOR.get(stage)
    since = max((head for step, head in steps if step not in ASIDE), default=0)
    if action is None or not leads or all(seq <= since for seq, _ in said):
        return None
    words = fold(change for _, change in said)["registers"]["submission"]
    last = max(
        (one for lead in leads if (one := newest(words, lead))),
        key=lambda one: (one.mark["lam"], one.mark["id"]),
        default=None,
    )
    seqs = {change.id: seq for seq, change in said}
    if last is None or seqs[last.mark["id"]] <= since:
        return None
    if (last.value is None) != (action == "recall"):
        return None
    return Word(last.mark["id"], last.mark["author"], last.value, action)


@dataclass(frozen=True, slots=True)
class SubmitRefusal:
    """One reason, and where to go for it: a criterion, a register."""

    code: str
    th: str
    en: str
    criterion: str | None = None
    register: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The reason as phones are told it."""
        return {
            "code": self.code,
            "th": self.th,
            "en": self.en,
            "criterion": self.criterion,
            "register": self.register,
        }


def refusals(
    edition: Edition,
    state: State,
    *,
    digest: str,
    lead: str,
    over: str | None = None,
    again: bool = False,
    kind: str = "visit",
) -> list[SubmitRefusal]:
    """Why this cannot be submitted, in the edition's order; empty when it can.

    In: the state and its digest; who submits it, the lead assessor of a visit or the head of
    the office that assesses itself; `over`, what a submission that stands was said of; `again`,
    whether it is a resubmission, for which the office's earlier signature stands. What only the
    server knows is not among it.
    """
    signed = (
        _own_signature(state, digest, lead)
        if kind == "self"
        else _signatures(state, digest, lead, again=again)
    )
    return [
        *(found for each in edition.criteria for found in _of_criterion(state, each)),
        *signed,
        *([STALE] if over not in {None, digest} else []),
    ]


STALE: Final = SubmitRefusal(
    "submission.stale",
    "มีข้อมูลเปลี่ยนไปหลังจากกดส่ง โปรดดูอีกครั้งแล้วส่งใหม่",
    "Something changed after this was submitted. Please look once more and submit again.",
)


def photo_missing(criterion: str, count: int, *, name: Name, phone: str) -> SubmitRefusal:
    """Photos of which the server has no bytes yet, and on whose phone they are."""
    return SubmitRefusal(
        "submission.photo-missing",
        f"ภาพของข้อ {criterion} จำนวน {count} ภาพยังไม่ถึงเซิร์ฟเวอร์ "
        f"อยู่ในเครื่อง {phone} ของ {name['th']}",
        f"{count} photos of {criterion} are not on the server yet: "
        f"they are on {phone} of {name['en']}.",
        criterion,
    )


def file_missing(criterion: str, count: int, *, name: Name, phone: str) -> SubmitRefusal:
    """Documents and videos of which the server has no bytes yet: the same matter as photos."""
    return SubmitRefusal(
        "submission.photo-missing",
        f"เอกสารหรือวิดีโอของข้อ {criterion} จำนวน {count} ไฟล์ยังไม่ถึงเซิร์ฟเวอร์ "
        f"อยู่ในเครื่อง {phone} ของ {name['th']}",
        f"{count} documents or videos of {criterion} are not on the server yet: "
        f"they are on {phone} of {name['en']}.",
        criterion,
    )


def gap(count: int, *, name: Name, phone: str) -> SubmitRefusal:
    """Changes that a device has made before others it has sent, and has not sent."""
    return SubmitRefusal(
        "submission.gap",
        f"เครื่อง {phone} ของ {name['th']} ยังส่งมาไม่ครบ ขาดอีก {count} รายการ",
        f"{phone} of {name['en']} has {count} changes that have not arrived.",
    )


def not_allowed(refusal: Refusal) -> SubmitRefusal:
    """Why whoever submitted may not, as one of the reasons."""
    return SubmitRefusal(refusal.code, refusal.th, refusal.en)


def _of_criterion(state: State, criterion: Criterion) -> Iterator[SubmitRefusal]:
    code = criterion.code
    parts: Sequence[Part | None] = criterion.parts if criterion.kind == "scored" else [None]
    answers = [f"answer {criterion.target_of(part.code if part else '')}" for part in parts]
    labels = {f"measurement {code}:{one.key}": one.label for one in criterion.measurements}
    photos = [one for one in state["photos"].get(code, []) if one["removed"] is None]
    captions = [f"caption {photo['id']}" for photo in photos]
    for register in (*answers, *labels, *captions):
        if len(state["registers"].get(register, [])) > 1:
            yield _conflict(code, register)
    if criterion.kind == "advisory":
        return
    for register in answers:
        if not _said(state, register):
            yield _blank(code, register)
    if not any(_is_good(value) for register in answers for value in _said(state, register)):
        return
    if len(photos) < criterion.min_photos:
        yield _evidence(code, len(photos), criterion.min_photos)
    for register, label in labels.items():
        if not _said(state, register):
            yield SubmitRefusal(
                "submission.measurement",
                f"ข้อ {code} ยังไม่ได้บันทึกค่า “{label.th}”",
                f"{code}: “{label.en}” has not been measured.",
                code,
                register,
            )


def _signatures(
    state: State, digest: str, lead: str, *, again: bool
) -> Iterator[SubmitRefusal]:
    own = f"signature assessor {lead}"
    if signed_over(state, own) != digest:
        yield SubmitRefusal(
            "submission.signature-assessor",
            "ยังไม่มีลายมือชื่อของหัวหน้าคณะผู้ตรวจประเมินกำกับข้อมูลชุดนี้",
            "The lead assessor has not signed this content.",
            register=own,
        )
    office = signed_over(state, OFFICE)
    if office is None if again else office != digest:
        yield SubmitRefusal(
            "submission.signature-office",
            "ยังไม่มีลายมือชื่อของผู้แทนหน่วยงานกำกับข้อมูลชุดนี้",
            "The office has not signed this content.",
            register=OFFICE,
        )


def _own_signature(state: State, digest: str, head: str) -> Iterator[SubmitRefusal]:
    """An office that assesses itself has one signature: that of the head who submits."""
    if signed_over(state, OFFICE, head) != digest:
        yield SubmitRefusal(
            "submission.signature-head",
            "หัวหน้าหน่วยงานที่ส่งยังไม่ได้ลงชื่อกำกับข้อมูลชุดนี้",
            "The head of the office who submits has not signed this content.",
            register=OFFICE,
        )


OFFICE: Final = "signature office"


def signed_over(state: State, register: str, by: str | None = None) -> str | None:
    """What the signature that counts, of anybody or of this person, was given for."""
    last = newest(state["registers"].get(register, []), by)
    over: str | None = last.value["over"] if last and last.value else None
    return over


def _said(state: State, register: str) -> list[Any]:
    """What stands and is no blank."""
    standing = state["registers"].get(register, [])
    return [one["value"] for one in standing if one["value"] is not None]


def _is_good(value: Any) -> bool:
    return value == "met" or (isinstance(value, int | float) and value > 0)


def _blank(criterion: str, register: str) -> SubmitRefusal:
    target = register.partition(" ")[2]
    return SubmitRefusal(
        "submission.blank",
        f"ข้อ {target} ยังไม่ได้ตอบ",
        f"{target} has not been answered.",
        criterion,
        register,
    )


def _conflict(criterion: str, register: str) -> SubmitRefusal:
    th, en = _TORN[register.partition(" ")[0]]
    return SubmitRefusal(
        "submission.conflict",
        f"ข้อ {criterion} มี{th}ที่ยังไม่ตรงกัน",
        f"{criterion} has {en} that do not agree.",
        criterion,
        register,
    )


_TORN: Final = {
    "answer": ("คำตอบ", "answers"),
    "measurement": ("ค่าที่วัด", "measurements"),
    "caption": ("คำบรรยายภาพ", "captions"),
}


def _evidence(criterion: str, have: int, need: int) -> SubmitRefusal:
    return SubmitRefusal(
        "submission.evidence",
        f"ข้อ {criterion} มีภาพหลักฐาน {have} ภาพ ต้องมีอย่างน้อย {need} ภาพ",
        f"{criterion} has {have} photos and needs {need}.",
        criterion,
        f"photo {criterion}",
    )
