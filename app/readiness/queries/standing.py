"""Where offices stand before their visit: the list of a round, and one office across rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from app.accounts.rules import Caller, scopes
from app.audits import queries as audits
from app.audits.queries import Card, Found
from app.audits.rules import State, answers_of
from app.offices import queries as offices
from app.offices.models import Office
from app.readiness.rules import comparing
from app.readiness.rules.comparing import Claim, Compared
from app.readiness.rules.gaps import Gap, gaps
from app.rounds import queries as rounds
from app.rounds.models import Participation, Round, Visit
from app.scoring.rules import outcomes, parse_answers

SORTS: Final = ("office", "level", "percent", "gates", "evidence", "days")


@dataclass(frozen=True, slots=True)
class Row:
    """One office of a round with its self-assessment's card; none: nobody has begun."""

    id: str
    office: Office
    card: Card | None
    rank: int
    """The level's place in the edition, 0 for none."""
    planned_on: date | None
    days: int | None
    """Until the visit; less than 0 after it."""

    @property
    def gates_open(self) -> int | None:
        """How many gates are not met."""
        return self.card.gates - self.card.gates_met if self.card else None


@dataclass(frozen=True, slots=True)
class InRound:
    """An office in one round: what it said of itself, what was decided, and how they differ."""

    id: str
    round: Round
    own: Card | None
    official: Card | None
    compared: tuple[Compared, ...]

    @property
    def counts(self) -> dict[Claim, int]:
        """How many criteria were seen alike, claimed too high and too low."""
        return comparing.counts(self.compared)


def reach(session: Session, person: Caller, parts: Mapping[str, str]) -> set[str]:
    """Which of these participations this person may see the readiness of.

    `parts`: the office of each. Assessors see those of the offices they are sent to.
    """
    far = scopes(person.roles, "readiness.see")
    if "all" in far:
        return set(parts)
    found: set[str] = set()
    own = offices.office_of(session, person.id) if "office" in far else None
    if own is not None:
        found |= {part for part, office_id in parts.items() if office_id == own.id}
    if "assigned" in far:
        for visit, _, _ in rounds.visits_of(session, person.id):
            part = rounds.participation(session, visit.round_id, visit.office_id)
            if part is not None:
                found.add(part.id)
    return found & set(parts)


def may_see(session: Session, person: Caller, found: Found) -> bool:
    """Whether this person may see the readiness that a self-assessment tells of."""
    return found.id in reach(session, person, {found.id: found.office.id})


def listed(session: Session, person: Caller, round_: Round, *, today: date) -> list[Row]:
    """The offices of a round that this person may see, in Thai order."""
    board = rounds.board(session, round_.id, teams=False)
    seen = reach(session, person, {row.participation.id: row.office.id for row in board})
    cards = audits.cards(session, seen)
    return [
        Row(
            row.participation.id,
            row.office,
            card := cards.get(row.participation.id),
            _rank(session, card),
            row.visit.planned_on if row.visit else None,
            (row.visit.planned_on - today).days if row.visit else None,
        )
        for row in board
        if row.participation.id in seen
    ]


def in_order(rows: Sequence[Row], sort: str, *, down: bool) -> list[Row]:
    """The rows by one of `SORTS`; what is not known comes last, either way."""
    if sort not in SORTS or sort == "office":
        return list(reversed(rows)) if down else list(rows)
    known = [(value, row) for row in rows if (value := _value(row, sort)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=down)
    return [row for _, row in known] + [row for row in rows if _value(row, sort) is None]


def history(session: Session, person: Caller, office: Office) -> list[InRound]:
    """An office's rounds, the newest first: only those this person may see.

    A visit's result is among it when it was decided and the person may read it.
    """
    parts = rounds.participations_of(session, office.id)
    seen = reach(session, person, {part.id: office.id for part, _, _ in parts})
    shown = [each for each in parts if each[0].id in seen]
    decided = [visit.id for _, _, visit in shown if visit and _decided(session, person, visit)]
    cards = audits.cards(session, [*(part.id for part, _, _ in shown), *decided])
    return [_in_round(part, round_, visit, cards) for part, round_, visit in shown]


def evidence(session: Session, found: Found) -> list[Gap]:
    """What a self-assessment's evidence lacks."""
    edition = audits.edition_of(session, found.edition_sha256)
    read = audits.reading(session, found)
    stand = outcomes(edition, parse_answers(answers_of(read.state), edition))
    return gaps(edition, stand, read.scorecard["evidence_missing"], _pieces(read.state))


def _in_round(
    part: Participation, round_: Round, visit: Visit | None, cards: Mapping[str, Card]
) -> InRound:
    own, official = cards.get(part.id), cards.get(visit.id) if visit else None
    both = comparing.compare(own.outcomes, official.outcomes) if own and official else ()
    return InRound(part.id, round_, own, official, both)


def _decided(session: Session, person: Caller, visit: Visit) -> bool:
    found = audits.find(session, visit.id)
    return (
        found is not None
        and found.stage == "decided"
        and audits.may_read(session, person, found)
    )


def _value(row: Row, sort: str) -> int | None:
    if sort == "days":
        return row.days
    if row.card is None:
        return None
    if sort == "gates":
        return row.gates_open
    if sort == "evidence":
        return row.card.evidence_missing
    return row.rank if sort == "level" else row.card.percent


def _rank(session: Session, card: Card | None) -> int:
    if card is None or card.level is None:
        return 0
    codes = [one.code for one in audits.edition_of(session, card.edition_sha256).levels]
    return codes.index(card.level) + 1


def _pieces(state: State) -> dict[str, int]:
    """How many documents, videos and links each criterion has."""
    counted: dict[str, int] = {}
    for brought in (state["attachments"], state["links"]):
        for code, pieces in brought.items():
            kept = sum(1 for piece in pieces if not piece["removed"])
            counted[code] = counted.get(code, 0) + kept
    return counted
