"""What was found in one audit, line by line: a line for each question that was asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from app.audits import queries as audits
from app.audits.queries import Found
from app.scoring.rules import STANDS, Outcome

ANSWERS: Final = {
    "met": "ผ่าน",
    "not_met": "ไม่ผ่าน",
    "na": "ไม่เกี่ยวข้อง",
    "cleared": "ลบคำตอบแล้ว",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question of an audit, and all that was said to it. Points are hundredths."""

    section: str
    criterion: str
    title: str
    question: str
    answer: str
    points: int | None
    of: int | None
    stands: str
    earned: int | None
    """Of the whole criterion; on its first line only, so that a column adds up."""
    possible: int | None
    measured: str
    notes: str
    photos: int
    links: str


@dataclass(frozen=True, slots=True)
class Told:
    """An audit as a workbook tells it."""

    office: dict[str, str]
    code: str
    round: dict[str, str]
    kind: str
    stage: str
    planned_on: str
    edition: str
    level: str | None
    percent: str
    earned: int
    possible: int
    gates_met: int
    gates: int
    sections: tuple[tuple[str, str, int, int], ...]
    """Code, title, points earned and possible, in hundredths."""
    lines: tuple[Line, ...]


def told(session: Session, found: Found) -> Told:
    """What an audit says at its head, for a workbook or a CSV file."""
    read = audits.reading(session, found)
    shown = audits.result(session, found, read)
    card = audits.cards(session, [found.id]).get(found.id)
    outcomes = card.outcomes if card else {}
    edition, level = shown["edition"], shown["level"]
    return Told(
        office=found.office.name,
        code=found.office.code,
        round=found.round.name,
        kind=found.kind,
        stage=found.stage,
        planned_on=found.planned_on.isoformat() if found.planned_on else "",
        edition=f"{edition.slug}/{edition.edition}",
        level=level["name"]["th"] if level else None,
        percent=str(shown["card"]["percent"]),
        earned=shown["card"]["earned"],
        possible=shown["card"]["possible"],
        gates_met=shown["card"]["gates"]["met"] + shown["card"]["gates"]["na"],
        gates=shown["card"]["gates"]["total"],
        sections=tuple(
            (
                one["code"],
                one["title"].th,
                *_points(outcomes, one),
            )
            for one in shown["sections"]
        ),
        lines=tuple(
            line
            for section in shown["sections"]
            for group in section["groups"]
            for item in group["criteria"]
            for line in _lines(section["code"], item, outcomes)
        ),
    )


def _points(outcomes: dict[str, Outcome], section: dict[str, Any]) -> tuple[int, int]:
    items = [item for group in section["groups"] for item in group["criteria"]]
    codes = [item["criterion"].code for item in items]
    known = [outcomes[code] for code in codes if code in outcomes]
    return sum(one.earned for one in known), sum(one.possible for one in known)


def _lines(section: str, item: dict[str, Any], outcomes: dict[str, Outcome]) -> Iterable[Line]:
    criterion = item["criterion"]
    outcome = outcomes.get(criterion.code)
    for place, asked in enumerate(item["parts"]):
        first = place == 0
        part = asked["part"]
        answers = [one for one in asked["standing"] if one["kind"] != "cleared"]
        one = answers[0] if len(answers) == 1 else None
        given = one["points"] if one is not None and one["kind"] == "points" else None
        yield Line(
            section=section,
            criterion=criterion.code,
            title=criterion.title.th,
            question=part.title.th if part is not None and part.title else "",
            answer=" ≠ ".join(_answer(each) for each in answers),
            points=given,
            of=part.points if part is not None and part.points else None,
            stands=STANDS[outcome.stands]["th"] if outcome else "",
            earned=outcome.earned if outcome and first else None,
            possible=outcome.possible if outcome and first else None,
            measured=_measured(item) if first else "",
            notes="\n".join(note["text"] for note in item["notes"]) if first else "",
            photos=len(item["photos"]) if first else 0,
            links="\n".join(_urls(item)) if first else "",
        )


def _answer(one: dict[str, Any]) -> str:
    if one["kind"] == "points":
        step = one["step"].th if one["step"] else ""
        points = f"{one['points'] / 100:g} คะแนน"
        return f"{points}: {step}" if step else points
    said = ANSWERS.get(one["kind"], one["kind"])
    return f"{said}: {one['reason']}" if one.get("reason") else said


def _measured(item: dict[str, Any]) -> str:
    said = []
    for each in item["measurements"]:
        label, unit = each["measurement"].label.th, each["measurement"].unit
        values = [one["value"] for one in each["standing"] if one["value"] is not None]
        said += [f"{label} {_value(value)} {unit}".strip() for value in values]
    return "\n".join(said)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "มี" if value else "ไม่มี"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _urls(item: dict[str, Any]) -> Iterable[str]:
    return (one["value"]["url"] for one in item.get("links", ()))
