"""Figures beside their goals: what a measure found, and how it is said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. With a goal it is a promise: at most that much."""

    name: str
    value: float
    unit: str = ""
    goal: float | None = None

    @property
    def verdict(self) -> str:
        """`met`, `missed`, or nothing where no goal is set."""
        if self.goal is None:
            return ""
        return "met" if self.value <= self.goal else "missed"

    @property
    def shown(self) -> str:
        """The value as people read it: three digits that matter."""
        return f"{short(self.value)} {self.unit}".strip()

    @property
    def goal_shown(self) -> str:
        return "" if self.goal is None else f"≤ {short(self.goal)} {self.unit}".strip()


@dataclass(slots=True)
class Measure:
    """What one bench found: its figures, a sentence on how, and rows of detail."""

    name: str
    title: str
    how: str
    figures: list[Figure] = field(default_factory=list)
    columns: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The measure for programs, values unrounded."""
        return {
            "name": self.name,
            "title": self.title,
            "how": self.how,
            "figures": [
                {
                    "name": figure.name,
                    "value": figure.value,
                    "unit": figure.unit,
                    "goal": figure.goal,
                    "verdict": figure.verdict or None,
                }
                for figure in self.figures
            ],
            "detail": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
        }


def ratio(value: float, floor: float) -> float:
    """How many times the floor a value is. Raises ValueError without a floor to stand on."""
    if floor <= 0:
        raise ValueError("a ratio needs a floor above zero")
    return value / floor


def short(value: float) -> str:
    """Three digits that matter, no exponent: 0.0123, 4.56, 78.9, 1,234."""
    if value == 0:
        return "0"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def show(measures: Sequence[Measure], console: Console) -> None:
    """One table of everything, then the details of each."""
    table = Table(title="bench", title_justify="left")
    table.add_column("measure", style="bold", no_wrap=True)
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_column("goal", justify="right")
    table.add_column("")
    colours = {"met": "green", "missed": "bold red", "": "dim"}
    for measure in measures:
        for i, figure in enumerate(measure.figures):
            table.add_row(
                measure.name if i == 0 else "",
                figure.name,
                figure.shown,
                figure.goal_shown,
                f"[{colours[figure.verdict]}]{figure.verdict}",
                end_section=figure is measure.figures[-1],
            )
    console.print(table)
    for measure in measures:
        if measure.rows:
            detail = Table(title=measure.title, title_justify="left")
            for i, column in enumerate(measure.columns):
                detail.add_column(column, justify="right" if i else "left")
            for row in measure.rows:
                detail.add_row(*row)
            console.print(detail)


def markdown(measures: Sequence[Measure], taken: dict[str, str]) -> str:
    """The same for docs/performance.md."""
    lines = [
        f"Taken {taken['date']} at commit `{taken['commit']}` on {taken['machine']},",
        f"{taken['busy']}.",
        "",
        "| measure | figure | value | goal | |",
        "|---|---|--:|--:|---|",
    ]
    for measure in measures:
        lines += [
            f"| {measure.name if i == 0 else ''} | {figure.name} | {figure.shown} "
            f"| {figure.goal_shown} | {_bold_when_missed(figure.verdict)} |"
            for i, figure in enumerate(measure.figures)
        ]
    for measure in measures:
        if measure.rows:
            lines += ["", f"<details><summary>{measure.title}</summary>", ""]
            lines.append("| " + " | ".join(measure.columns) + " |")
            lines.append("|---|" + "--:|" * (len(measure.columns) - 1))
            lines += ["| " + " | ".join(row) + " |" for row in measure.rows]
            lines += ["", "</details>"]
    return "\n".join(lines)


def placed(document: str, text: str, part: str = "figures") -> str:
    """The document with the text between the markers of this part; ValueError without them."""
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    before, marker, rest = document.partition(begin)
    _old, closing, after = rest.partition(end)
    if not marker or not closing:
        raise ValueError(f"the document has no {begin} … {end}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def as_text(measures: Sequence[Measure], taken: dict[str, str]) -> str:
    """The run as JSON, for keeping and comparing."""
    said = {**taken, "measures": [measure.as_json() for measure in measures]}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _bold_when_missed(verdict: str) -> str:
    return f"**{verdict}**" if verdict == "missed" else verdict
