"""The fold: one truth, whatever the order, in Python as in JavaScript."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audits.rules import Change, answers_of, canonical, fold, parse_change

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests/cases/fold").glob("*.json"))


def change_of(fields: dict[str, Any]) -> Change:
    return parse_change(json.dumps(fields, ensure_ascii=False))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_case_folds_to_its_state_forwards_and_backwards(path: Path) -> None:
    case = json.loads(path.read_text())
    changes = [change_of(fields) for fields in case["changes"]]
    for order in (changes, changes[::-1]):
        state = fold(order)
        # Most cases have neither files nor links, and say nothing of them.
        told = {"attachments": {}, "links": {}, **case["state"]}
        assert canonical(state) == canonical(told), case["about"]
        assert canonical(answers_of(state)) == canonical(case["answers"])


def identifier(number: int) -> str:
    return f"0190f0f0-0000-7000-8000-{number:012d}"


def value_of(kind: str) -> st.SearchStrategy[Any]:
    answer = st.sampled_from(
        ["met", "not_met", None, 0, 1, 2, 0.5, 2.0, {"na": "ไม่มี"}, {"na": "ก"}]
    )
    return {
        "answer": answer,
        "measurement": st.one_of(
            st.integers(-999_999_999, 999_999_999),
            st.integers(-999_999, 999_999).map(lambda number: number / 1000),
            st.booleans(),
            st.none(),
        ),
        "note": st.sampled_from(["", "ก", "ทางลาด\n“ชัน”", "ramp 🦽"]),
        "photo": st.sampled_from("123").map(
            lambda digit: {
                "sha256": digit * 64,
                "bytes": 5,
                "type": "image/jpeg",
                "width": 3,
                "height": 2,
                "taken_at": None,
                "original": None,
                "position": {"lat": 13.75, "lon": 100.5, "accuracy": 7},
            }
        ),
        "photo-removed": st.sampled_from(["ซ้ำ", "ไม่ชัด"]).map(lambda reason: {"reason": reason}),
        "attachment": st.sampled_from("123").map(
            lambda digit: {
                "sha256": digit * 64,
                "bytes": 5,
                "type": "application/pdf",
                "name": "คำสั่ง.pdf",
            }
        ),
        "attachment-removed": st.sampled_from(["ซ้ำ"]).map(lambda reason: {"reason": reason}),
        "link": st.sampled_from("ab").map(
            lambda path: {"url": f"https://example.go.th/{path}", "title": ""}
        ),
        "link-removed": st.sampled_from(["ผิดหน้า"]).map(lambda reason: {"reason": reason}),
        "caption": st.sampled_from(["", "หน้าอาคาร"]),
        "resolution": answer.map(lambda value: {"value": value, "reason": "ตกลงกันแล้ว"}),
        "assignment": st.sampled_from([identifier(801), identifier(802), None]),
        "weather": st.sampled_from(["rain", None, [1, {"a": 2.0}]]),
    }[kind]


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A heap of changes by two people on few targets, naming each other at random."""
    size = draw(st.integers(0, 14))
    heap = []
    for number in range(size):
        kind = draw(
            st.sampled_from(
                [
                    *("answer", "answer", "measurement", "note", "photo", "photo-removed"),
                    *("caption", "resolution", "assignment", "weather"),
                    *("attachment", "attachment-removed", "link", "link-removed"),
                ]
            )
        )
        target = {
            "answer": st.sampled_from(["P01", "R1/1.1", "R1"]),
            "measurement": st.just("P01:lux"),
            "note": st.just("P01"),
            "photo": st.sampled_from(["P01", "constructor"]),
            "photo-removed": st.integers(0, size).map(identifier),
            "caption": st.integers(0, size).map(identifier),
            "attachment": st.sampled_from(["P01", "constructor"]),
            "attachment-removed": st.integers(0, size).map(identifier),
            "link": st.sampled_from(["P01", "constructor"]),
            "link-removed": st.integers(0, size).map(identifier),
            "resolution": st.sampled_from(["answer P01", "answer R1/1.1"]),
            "assignment": st.sampled_from(["P", "constructor"]),
            "weather": st.just("ฟ้า"),
        }[kind]
        heap.append(
            {
                "v": 1,
                "id": identifier(draw(st.integers(0, 2)) * 100 + number),
                "audit": identifier(900),
                "author": identifier(draw(st.sampled_from([801, 802]))),
                "device": identifier(draw(st.sampled_from([701, 702]))),
                "n": number + 1,
                "lam": draw(st.integers(1, 6)),
                "made_at": "2026-11-24T03:00:00.000Z",
                "skew": None,
                "app": "1",
                "pack": "a" * 64,
                "kind": kind,
                "target": draw(target),
                "value": draw(value_of(kind)),
                "supersedes": draw(
                    st.lists(
                        st.tuples(st.integers(0, 2), st.integers(0, size)).map(
                            lambda pair: identifier(pair[0] * 100 + pair[1])
                        ),
                        max_size=6,
                    )
                ),
            }
        )
    return heap


@given(st.data())
def test_the_order_of_arrival_never_matters(data: st.DataObject) -> None:
    changes = [change_of(fields) for fields in data.draw(histories())]
    shuffled = data.draw(st.permutations(changes))
    twice = shuffled + shuffled[:3]
    assert canonical(fold(twice)) == canonical(fold(changes))


@given(histories())
def test_every_register_keeps_at_least_one_value(history: list[dict[str, Any]]) -> None:
    state = fold(map(change_of, history))
    assert all(state["registers"].values())


class Node:
    """One long-lived node process that folds what it is told, line by line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["node", str(ROOT / "tests/js/support/fold-lines.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def fold(self, history: list[dict[str, Any]]) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(history) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    running = Node()
    yield running
    running.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories())
def test_python_and_javascript_fold_alike(node: Node, history: list[dict[str, Any]]) -> None:
    state = fold(map(change_of, history))
    assert canonical([state, answers_of(state)]) == node.fold(history)
