"""A hundred thousand random lives of audits: in whatever order, nobody judges their own work.

They run the rules on a small case in memory; test_real_sequences.py does the same with the real
actions on a database.
"""

import random
from typing import Any, Final, get_args

import pytest

from app.accounts.rules import ROLES
from app.audits.rules.lifecycle import ACTIONS, Bond, arrows, refusal_to_step
from app.certification.rules import deciding, duties
from tests.certification.lives import run

LIVES: Final = 100_000


def test_in_a_hundred_thousand_lives_nobody_judges_their_own_work() -> None:
    wrong, happened = run(LIVES, seed=2570)
    assert wrong == []
    # The lives are worth something: everything happened, and often.
    assert set(duties.DOORS) <= set(happened) | {"decide"}
    assert all(times > 300 for times in happened.values()), happened


def test_in_random_lives_of_self_assessments_only_a_head_of_the_office_moves_them() -> None:
    """Whatever anybody tries with it, it is open, submitted or closed, and never judged."""
    chance = random.Random(2570)
    bonds: tuple[Bond, ...] = get_args(Bond)
    seen: set[str] = set()
    for _ in range(2_000):
        stage = "open"
        for _ in range(12):
            action = chance.choice(ACTIONS)
            role = chance.choice(tuple(ROLES))
            bound = {one for one in bonds if chance.random() < 0.4}
            if refusal_to_step(action, stage=stage, roles={role}, bonds=bound, kind="self"):
                continue
            seen.add(action)
            if action in {"submit", "recall"}:
                assert (role, "office" in bound) == ("office_head", True)
            before = stage
            (way,) = arrows(action, stage, "self")
            stage = way.after
            assert stage in {"open", "submitted", "closed"}
            # Who gives the word back to be changed is never whoever closed it for good.
            assert (before, action) != ("closed", "recall")
    assert seen == {"submit", "recall", "close", "reopen"}


@pytest.mark.parametrize(
    ("action", "bond", "why"),
    [
        ("approve", "team", "judged what they assessed"),
        ("approve", "office", "judged their own office"),
        ("approve", "reviewed", "judged their own review"),
        ("approve", "approving", "approved twice"),
        ("take", "team", "judged what they assessed"),
        ("take", "office", "judged their own office"),
        ("hear", "reviewed", "heard an appeal against themselves"),
        ("hear", "approved", "heard an appeal against themselves"),
        ("send_back", "reviewed", "judged their own review"),
        ("correct", "office", "judged their own office"),
    ],
)
def test_a_bar_that_is_dropped_is_noticed(
    monkeypatch: pytest.MonkeyPatch, action: str, bond: Any, why: str
) -> None:
    door = duties.DOORS[action]
    weaker = duties.Door(
        door.action, door.stages, door.access, door.th, door.en, door.needs,
        door.barred - {bond},
    )  # fmt: skip
    monkeypatch.setitem(duties.DOORS, action, weaker)
    wrong, _ = run(4000, seed=1)
    assert any(why in one for one in wrong)


def test_a_need_that_is_dropped_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for action, why in (
        ("propose", "acted in another's review"),
        ("submit", "submitted for another"),
        ("appeal", "appealed for another office"),
    ):
        door = duties.DOORS[action]
        weaker = duties.Door(
            door.action, door.stages, door.access, door.th, door.en, frozenset(), door.barred
        )
        monkeypatch.setitem(duties.DOORS, action, weaker)
        wrong, _ = run(4000, seed=1)
        assert any(why in one for one in wrong), action
        monkeypatch.setitem(duties.DOORS, action, door)


def test_one_approver_too_few_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "agreed", lambda said, decided_by: list(said)[:1])
    wrong, _ = run(2000, seed=1)
    assert any("fewer than two" in one for one in wrong)
