"""Every door of the OpenAPI document, tried with what its own description calls possible."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from app.evidence import queries
from tests.audits.world import World
from tests.torture import figures
from tests.torture.scale import SCALE

EXAMPLES = 150 * SCALE


def test_no_documented_door_ever_stumbles(app: FastAPI, world: World) -> None:
    answers = _knock_everywhere(app, world)
    doors = len({label for label, _ in answers})
    figures.tell("documented doors", doors=doors, requests=answers.total())
    # The description is good enough to be let in: doors were opened, not only refused.
    opened = {label for label, status in answers if status < 300}
    assert {"GET /api/sync/audits", "POST /api/sync/push", "POST /api/photos/status"} <= opened


def test_a_door_that_stumbles_over_an_unlikely_number_is_found(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(session: object, sha256s: list[str], **_more: object) -> dict[str, str]:
        return {name: "0123456789"[int(name[0], 16)] for name in sha256s}

    monkeypatch.setattr(queries, "status", lambda s, _d, names, **more: careless(s, names))
    with pytest.raises(BaseException, match=r"string index out of range|stumbled"):
        _knock_everywhere(app, world, only="/api/photos/status")


def _knock_everywhere(app: FastAPI, world: World, only: str = "/") -> Counter[tuple[str, int]]:
    phone = world.phone("lead")
    document = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    answers: Counter[tuple[str, int]] = Counter()
    for found in document.get_all_operations():
        assert isinstance(found, Ok), found
        if found.ok().path.startswith(only):
            _knock_often(found.ok(), phone.key, answers)
    return answers


def _knock_often(
    operation: Any, key: dict[str, str], answers: Counter[tuple[str, int]]
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=SCALE == 1,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def knock(case: Any) -> None:
        answer = case.call(headers=key)
        answers[operation.label, answer.status_code] += 1
        assert answer.status_code < 500, f"{operation.label} stumbled over {case.body!r}"

    knock()
