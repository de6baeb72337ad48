"""One change as a device wrote it: strangers' bytes in, a trusted value out.

The shape is that of docs/protocol.md. A kind this release does not know is accepted, so that a
newer device loses nothing; everything a known kind promises is checked.
"""

import json
from datetime import datetime
from typing import Annotated, Any, Final, NoReturn

from pydantic import Field, StringConstraints, ValidationError

from app.audits.rules.shapes import (
    KINDS,
    REGISTERS,
    TARGETS,
    VALUES,
    Count,
    Id,
    Sha256,
    Strict,
)
from app.audits.rules.sound import INT64, sound_line

MAX_LINE_BYTES: Final = 16_000


class ChangeRefused(ValueError):
    """A line that is no change, and why: a code for programs, a sentence for people."""

    def __init__(self, code: str, th: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.th = th
        self.en = en


class Change(Strict):
    """One immutable thing a person did to an audit. `value` is checked against its kind.

    Version 1, which is read for ever, has neither `prev` nor `seen`; version 2 has both. `prev`
    is the SHA-256 of the device's change before this one, `seen` the log's newest checkpoint
    that the phone remembered.
    """

    v: Annotated[int, Field(ge=1, le=2)]  # not Literal: True would pass for 1
    id: Id
    audit: Id
    author: Id
    device: Id
    n: Count
    prev: Sha256 | None = None
    lam: Count
    made_at: Annotated[
        str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
    ]
    skew: Annotated[int, Field(ge=-INT64, le=INT64)] | None
    seen: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16} [0-9a-f]{64}$")] | None = None
    app: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    pack: Sha256
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}$")]
    target: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    value: Any
    supersedes: Annotated[list[Id], Field(max_length=400)]


def parse_change(line: str) -> Change:
    """Read one line.

    In: the exact text the device sent. Out: the change. Raises ChangeRefused with the reason.
    """
    if len(line) > MAX_LINE_BYTES or len(line.encode("utf-8", "replace")) > MAX_LINE_BYTES:
        raise ChangeRefused(
            "change.too-long",
            "ข้อมูลหนึ่งรายการยาวเกิน 16 กิโลไบต์",
            "One change is longer than 16 kB.",
        )
    raw = _decode(line)
    try:
        change = Change.model_validate(raw)
        _check_version(change)
        _check_time(change.made_at)
    except ValidationError as error:
        _refuse_shape(error, "change.shape")
    if not sound_line(line, raw, known=change.kind in KINDS):
        _refuse_text()
    if change.kind in KINDS:
        _check_known(change)
    return change


def register_of(change: Change) -> str | None:
    """Name the register a change writes; None when it writes none (photos, unknown kinds)."""
    kind = change.kind
    if kind not in REGISTERS:
        return None
    if kind == "resolution":
        return change.target
    if kind == "note" or (kind == "signature" and change.target == "assessor"):
        return f"{kind} {change.target} {change.author}"
    if kind == "submission":
        return "submission"
    return f"{kind} {change.target}"


def _decode(line: str) -> object:
    # A line break would tear the change in two in a journal; JSON allows one between tokens.
    if "\n" in line or "\r" in line:
        _refuse_json()
    try:
        return _DECODER.decode(line)
    except (ValueError, RecursionError):
        _refuse_json()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says a key twice: two readers would believe two things."""
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError
    return said


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _refuse_json() -> NoReturn:
    raise ChangeRefused(
        "change.not-json",
        "อ่านข้อมูลที่ส่งมาไม่ได้ (ไม่ใช่ JSON หนึ่งบรรทัดที่ถูกต้อง)",
        "This is not one line of valid JSON with each key once.",
    )


def _refuse_shape(error: ValidationError, code: str) -> NoReturn:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = _shown(".".join(str(step) for step in first["loc"])) or "value"
    raise ChangeRefused(
        code,
        f"ข้อมูลที่ส่งมาไม่ถูกต้องที่ “{where}”",
        f"The change is not valid at “{where}”: {first['msg']}.",
    )


def _shown(text: str) -> str:
    """A stranger's text inside our own sentence: short, and nothing that cannot be kept."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:80])


def _refuse_time() -> NoReturn:
    raise ChangeRefused(
        "change.shape", "เวลาของเครื่องไม่ใช่วันเวลาที่มีจริง", "The device's time is no real time."
    )


def _check_version(change: Change) -> None:
    """Version 1 has no word of what went before; version 2 has, from the second line on."""
    chained = {"prev", "seen"} & change.model_fields_set
    if len(chained) != (2 if change.v > 1 else 0):
        where = "prev, seen"
    elif change.v > 1 and (change.n == 1) != (change.prev is None):
        where = "prev"
    else:
        return
    raise ChangeRefused(
        "change.shape",
        f"ข้อมูลที่ส่งมาไม่ถูกต้องที่ “{where}”",
        f"The change is not valid at “{where}”: version {change.v} has it otherwise.",
    )


def _check_time(made_at: str) -> None:
    try:
        datetime.fromisoformat(made_at)
    except ValueError:
        _refuse_time()


def _refuse_text() -> NoReturn:
    raise ChangeRefused(
        "change.text",
        "ข้อความหรือตัวเลขมีอักขระหรือขนาดที่ระบบรับไม่ได้",
        "A text or number holds what cannot be kept (not NFC, NUL, half a character, "
        "more than 64 bits, or lists too deep).",
    )


def _check_known(change: Change) -> None:
    """Check target and value against what the kind promises."""
    kind = change.kind
    if not TARGETS[kind].fullmatch(change.target):
        raise ChangeRefused(
            "change.target",
            f"ไม่รู้จักเป้าหมาย “{change.target}” ของข้อมูลชนิด {kind}",
            f"“{change.target}” cannot be the target of a change of kind {kind}.",
        )
    _check_value(kind, change.value)
    if kind == "resolution":
        _check_value(change.target.partition(" ")[0], change.value["value"])


def _check_value(kind: str, value: object) -> None:
    try:
        VALUES[kind].validate_python(value, strict=True)
    except ValidationError as error:
        _refuse_shape(error, "change.value")
    # Finer numbers would be written differently by Python and by JavaScript.
    if isinstance(value, float) and round(value, 3) != value:
        raise ChangeRefused(
            "change.value",
            "ตัวเลขมีทศนิยมได้ไม่เกินสามตำแหน่ง",
            "A number may have at most three decimals.",
        )
