"""What an audit found wanting: where an improvement plan begins."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits import queries as audits
from app.audits.queries import Found
from app.checklists.rules import Criterion
from app.readiness.queries.tasks import Standing
from app.readiness.rules.tasks import LIVE
from app.scoring.rules import Outcome

ORDER: Final = ("not_met", "partly", "evidence")


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion that is not met, met in part, or short of evidence."""

    criterion: Criterion
    outcome: Outcome
    evidence: tuple[int, int] | None
    """How many photos it has and how many it needs, where it has too few."""
    item: dict[str, Any]
    """What was said of it and its photos, as the result page shows them."""
    returns: tuple[str, ...]
    """Why a reviewer returned it, the newest first."""
    standing: tuple[Standing, ...]
    """Tasks that are not settled and come from this finding."""

    @property
    def found(self) -> str:
        """How it stood, in one word: `not_met`, `partly` or `evidence`."""
        stands = self.outcome.stands
        return stands if stands in {"not_met", "partly"} else "evidence"

    @property
    def photos(self) -> list[str]:
        """The names of its photos that everybody who reads the audit sees."""
        return [one["value"]["sha256"] for one in self.item["photos"] if one["here"]]


def findings(
    session: Session,
    found: Found,
    made: Iterable[Standing] = (),
    *,
    reader: Caller | None = None,
) -> list[Finding]:
    """The findings of an opened audit; `made`: the tasks there are.

    `reader`: for whom; why a reviewer returned a criterion is told as far as they hear of it.
    What is not met comes first, then what is met in part, then what lacks evidence; each in the
    edition's order.
    """
    read = audits.reading(session, found)
    outcomes = audits.cards(session, [found.id])[found.id].outcomes
    short = {
        one["criterion"]: (one["have"], one["need"])
        for one in read.scorecard["evidence_missing"]
    }
    wanted = [
        code
        for code, one in outcomes.items()
        if one.stands in {"not_met", "partly"} or code in short
    ]
    if not wanted:
        return []
    drawn = audits.result(session, found, read)
    items = {
        item["criterion"].code: item
        for section in drawn["sections"]
        for group in section["groups"]
        for item in group["criteria"]
    }
    returns = _returns(session, found, reader)
    tasks: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in made:
        if one.task.audit_id == found.id and one.state in LIVE:
            tasks[one.task.criterion].append(one)
    known = [
        Finding(
            items[code]["criterion"],
            outcomes[code],
            short.get(code),
            items[code],
            tuple(returns[code]),
            tuple(tasks[code]),
        )
        for code in wanted
    ]
    return sorted(known, key=lambda one: ORDER.index(one.found))


def _returns(
    session: Session, found: Found, reader: Caller | None
) -> defaultdict[str, list[str]]:
    told: defaultdict[str, list[str]] = defaultdict(list)
    if reader is None:
        return told
    # The office hears of a review when it has been decided: `audits.rules.hearing`.
    heard = audits.standing(session, found, reader)
    known = [*heard["returned"], *heard["earlier_returns"]]
    for one in sorted(known, key=lambda one: -int(one["n"])):
        told[one["criterion"]].append(one["reason"])
    return told
