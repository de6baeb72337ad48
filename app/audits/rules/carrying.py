"""What an office said of itself in an earlier round, offered to be confirmed in this one. Pure.

Nothing here is an answer: it stands blank and without points until somebody says it anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.audits.rules.fold import Standing, State
from app.checklists.rules import Criterion, Edition, Measurement, Part


def carried_answers(then: Edition, now: Edition, state: State) -> dict[str, Any]:
    """By target what stood agreed upon then and could be said again now.

    In: the edition answered then, that of now, and what the earlier answers folded to. Left out
    is what was torn or blank, and every criterion that asks something else by now: another
    kind, title, steps or parts, or gone. `{"na": reason}` only where it may still be said.
    """
    return {
        target: value
        for criterion in now.criteria
        if _is_same(then.by_code.get(criterion.code), criterion)
        for target, value in _answers(state, criterion)
    }


def carried_figures(
    then: Edition, now: Edition, state: State, answers: Mapping[str, Any]
) -> dict[str, bool | int | float]:
    """By target (`P08:lux_counter`) the figures that go with the answers carried.

    Left out is what was torn or blank, and every measurement that asks for something else by
    now. A limit may have changed: what was measured stays true of that day, and is measured
    again or confirmed. Figures wait with the answers of their criterion, never alone.
    """
    codes = {target.partition("/")[0] for target in answers}
    return {
        f"{criterion.code}:{one.key}": standing[0]["value"]
        for criterion in now.criteria
        if criterion.code in codes
        for one in criterion.measurements
        if _asked(one) in map(_asked, then.by_code[criterion.code].measurements)
        and len(standing := _figures(state, criterion, one)) == 1
        and standing[0]["value"] is not None
    }


def _asked(one: Measurement) -> tuple[Any, ...]:
    return one.key, one.label, one.unit, one.op == "="


def _figures(state: State, criterion: Criterion, one: Measurement) -> list[Standing]:
    return state["registers"].get(f"measurement {criterion.code}:{one.key}", [])


def _is_same(then: Criterion | None, now: Criterion) -> bool:
    return (
        then is not None
        and then.kind == now.kind
        and then.title == now.title
        and _steps(then) == _steps(now)
    )


def _steps(criterion: Criterion) -> list[tuple[str, list[int]]]:
    return [(part.code, [step.points for step in part.steps]) for part in criterion.parts]


def _answers(state: State, criterion: Criterion) -> Iterator[tuple[str, Any]]:
    parts: list[Part | None] = [*criterion.parts] if criterion.kind == "scored" else [None]
    for part in parts:
        target = criterion.target_of(part.code if part else "")
        standing = state["registers"].get(f"answer {target}", [])
        if len(standing) != 1:
            continue
        value = standing[0]["value"]
        if isinstance(value, dict) and not criterion.not_applicable:
            continue
        if value is not None:
            yield target, value
