"""What may become of a certificate: one table of moves, from its issue to its end. Pure.

Suspending is one approver's to do at once; withdrawing and reinstating need another approver
than the one who asked. Expiry is no move: it is the date.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Standing = Literal[
    "valid",
    "suspended",
    "withdrawal_asked",
    "reinstatement_asked",
    "withdrawn",
    "superseded",
]
Shown = Literal["valid", "expired", "suspended", "withdrawn", "superseded"]
"""What the public is told. While a withdrawal or reinstatement is asked for it is suspended."""

STANDINGS: Final[dict[str, dict[str, str]]] = {
    "valid": {"th": "มีผลใช้ได้", "en": "Valid"},
    "suspended": {"th": "พักใช้", "en": "Suspended"},
    "withdrawal_asked": {"th": "ขอเพิกถอน รอผู้อนุมัติอีกคน", "en": "Withdrawal asked for"},
    "reinstatement_asked": {"th": "ขอคืนสถานะ รอผู้อนุมัติอีกคน", "en": "Reinstatement asked for"},
    "withdrawn": {"th": "เพิกถอน", "en": "Withdrawn"},
    "superseded": {"th": "มีใบใหม่แทนแล้ว", "en": "Superseded"},
    "expired": {"th": "หมดอายุ", "en": "Expired"},
}


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow; `second`: by another person than the step before."""

    action: str
    before: Standing
    after: Standing
    th: str
    en: str
    second: bool = False


MOVES: Final[tuple[Move, ...]] = (
    Move("suspend", "valid", "suspended", "พักใช้", "Suspend"),
    Move("ask_withdrawal", "suspended", "withdrawal_asked", "ขอเพิกถอน", "Ask to withdraw"),
    Move(
        "withdraw", "withdrawal_asked", "withdrawn", "ยืนยันเพิกถอน", "Confirm withdrawal",
        second=True,
    ),
    Move("refuse", "withdrawal_asked", "suspended", "ไม่เพิกถอน", "Do not withdraw"),
    Move(
        "ask_reinstatement", "suspended", "reinstatement_asked", "ขอคืนสถานะ",
        "Ask to reinstate",
    ),
    Move(
        "reinstate", "reinstatement_asked", "valid", "ยืนยันคืนสถานะ", "Confirm reinstatement",
        second=True,
    ),
    Move("refuse", "reinstatement_asked", "suspended", "ไม่คืนสถานะ", "Do not reinstate"),
    Move("supersede", "valid", "superseded", "ออกใบใหม่แทน", "Supersede"),
    Move("supersede", "suspended", "superseded", "ออกใบใหม่แทน", "Supersede"),
    Move("supersede", "withdrawal_asked", "superseded", "ออกใบใหม่แทน", "Supersede"),
    Move("supersede", "reinstatement_asked", "superseded", "ออกใบใหม่แทน", "Supersede"),
)  # fmt: skip


def shown(standing: str, *, valid_until: date, today: date) -> Shown:
    """What the public is told of a certificate in this standing on this day (Asia/Bangkok)."""
    if standing == "withdrawn":
        return "withdrawn"
    if standing == "superseded":
        return "superseded"
    if today > valid_until:
        return "expired"
    return "valid" if standing == "valid" else "suspended"


def drawing() -> str:
    """The table as a Mermaid state diagram, for docs/lifecycle.md."""
    lines = ["stateDiagram-v2", "    [*] --> valid"]
    known = {one.before for one in MOVES} | {one.after for one in MOVES}
    lines += [
        f"    {code}: {words['th']}<br>{words['en']}"
        for code, words in STANDINGS.items()
        if code in known
    ]
    lines += [f"    {one.before} --> {one.after}: {one.th} / {one.en}" for one in MOVES]
    return "\n".join(lines) + "\n"
