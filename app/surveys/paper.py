"""The paper of a survey's fixed figures, as data for `templates/print/survey.typ`."""

from collections import defaultdict
from typing import Any, Final

from app.kit.html import be_date, be_datetime
from app.settings import Settings
from app.surveys.queries import Found
from app.surveys.rules import TOPICS, Figures, Line, hundredths

TYPE: Final = "application/pdf"


def paper_of(found: Found, told: Figures, settings: Settings) -> dict[str, Any]:
    """What the paper prints: the counts of every question and what they gave."""
    assert found.closing is not None
    by_topic: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for question, line in zip(found.questions, told.questions, strict=True):
        by_topic[question.topic].append(
            {"number": question.number, "words": question.th, **_of(line)}
        )
    return {
        "title": f"ผลสำรวจความพึงพอใจ {found.office.name_th}",
        "sample": settings.demo,
        "survey": found.survey.title_th,
        "office": found.office.name_th,
        "round": found.round_.name_th,
        "respondents": told.respondents,
        "few": told.few,
        "overall": _of(told.overall),
        "topics": [
            {"words": words["th"], "lines": by_topic[topic]}
            for topic, words in TOPICS.items()
            if by_topic[topic]
        ],
        "closed": be_datetime(found.closing.closed_at),
        "as_of": be_datetime(found.closing.closed_at),
        "opened": be_date(found.survey.opened_at) if found.survey.opened_at else "",
    }


def name_of(found: Found) -> str:
    """What the file is called."""
    n = found.closing.n if found.closing else 1
    return f"survey-{found.office.code}-{found.survey.code}-{n}.pdf"


def _of(line: Line) -> dict[str, Any]:
    return {
        "counts": [f"{each:,}" for each in line.counts],
        "mean": hundredths(line.mean),
        "percent": hundredths(line.percent),
        "satisfied": hundredths(line.satisfied),
        "band": line.band["th"],
    }
