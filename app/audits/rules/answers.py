"""From a folded state to what the scorer reads."""

from typing import Any, TypedDict

from app.audits.rules.fold import State


class Answers(TypedDict):
    """The scoring input (docs: scoring): a list of values is a standing conflict."""

    answers: dict[str, Any]
    photos: dict[str, int]


def answers_of(state: State) -> Answers:
    """Turn a state into the scoring input; a conflict becomes the list of what stands."""
    answers: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for register, standing in state["registers"].items():
        kind, _, target = register.partition(" ")
        if kind != "answer":
            continue
        values = ["na" if isinstance(one["value"], dict) else one["value"] for one in standing]
        value = values if len(values) > 1 else values[0]
        criterion, slash, part = target.partition("/")
        if slash:
            parts.setdefault(criterion, {})[part] = value
        else:
            answers[criterion] = value
    for criterion, named in parts.items():
        whole = {"": answers[criterion]} if criterion in answers else {}
        answers[criterion] = whole | named
    photos = {
        criterion: kept
        for criterion, taken in state["photos"].items()
        if (kept := sum(photo["removed"] is None for photo in taken))
    }
    return {"answers": answers, "photos": photos}
