"""Who may have the report of an audit, and from when on. Pure."""

from collections.abc import Collection
from typing import Final

from app.audits.rules.hearing import ear_of
from app.audits.rules.standing import Tie
from app.kit.errors import Forbidden, Refusal

NOT_DECIDED: Final = Forbidden(
    "report.not-decided",
    "หน่วยงานรับรายงานผลการตรวจได้เมื่อตัดสินผลแล้ว",
    "The office can have the report once the result is decided.",
)


def refusal_to_have_report(
    roles: Collection[str], tie: Tie, *, kind: str, decided: bool
) -> Refusal | None:
    """Why somebody who may read this audit cannot have its report yet.

    Central staff and the team may at any time; the office reads what was decided, and its own
    assessment whenever it likes.
    """
    early = ear_of(roles, tie) != "office"
    return None if early or decided or kind == "self" else NOT_DECIDED
