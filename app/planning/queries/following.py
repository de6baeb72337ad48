"""What became of the rows of a plan, and by which mark a preview is known again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.kit.errors import Refusal
from app.offices.models import Office
from app.planning.rules import Line
from app.rounds.rules import Caution

Outcome = Literal["new", "moved", "assigned", "changed", "same", "refused"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a row, or would."""

    line: Line
    office: Office | None
    outcome: Outcome
    refusal: Refusal | None = None
    cautions: tuple[Caution, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it changes anything."""
        return self.outcome not in {"same", "refused"}


def seen(found: Sequence[Followed]) -> str:
    """A SHA-256 of what a preview showed: another one means that things have changed since."""
    told: list[Any] = [
        [
            each.line.number,
            each.line.office,
            each.outcome,
            each.refusal.code if each.refusal else "",
            [one.th for one in each.cautions],
        ]
        for each in found
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
