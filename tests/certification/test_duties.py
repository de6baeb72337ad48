"""The table of duties: its pages are current, and it says what an oracle says of every case."""

from itertools import chain, combinations
from pathlib import Path
from typing import Final, get_args

from app.accounts.rules import ROLES, allowed
from app.audits.rules import lifecycle
from app.audits.rules.lifecycle import Bond
from app.certification.rules import duties, standing

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
RENEW: Final = "gecc roles --authority > docs/authority.md"


def test_the_page_of_authority_is_current() -> None:
    page = (DOCS / "authority.md").read_text("utf-8")
    assert page == duties.authority_page(), f"write it anew: {RENEW}"


def test_the_drawings_of_the_life_cycle_are_current() -> None:
    page = (DOCS / "lifecycle.md").read_text("utf-8")
    for drawn in (lifecycle.drawing(), lifecycle.drawing("self"), standing.drawing()):
        assert f"```mermaid\n{drawn}```" in page, "draw it anew: gecc roles --drawings"


def test_every_bond_that_a_door_names_has_its_sentence() -> None:
    """One without would be passed over in silence, and the door stand open."""
    for door in duties.DOORS.values():
        for bond in door.needs:
            refusal = lifecycle.refusal_of_duty(
                set(ROLES), set(), access=door.access, needs={bond}
            )
            assert refusal is not None, (door.action, bond)
        for bond in door.barred:
            refusal = lifecycle.refusal_of_duty(
                set(ROLES), {bond}, access=door.access, barred={bond}
            )
            assert refusal is not None, (door.action, bond)


def forbidden(action: str, bonds: set[str]) -> bool:
    """The oracle: separation of duties in a few lines, written without the table."""
    judging = {"take", "hear", "return", "propose", "approve", "decide", "send_back", "correct"}
    if action in judging and bonds & {"team", "office", "interest"}:
        return True
    if action in {"approve", "decide", "send_back", "hear"} and "reviewed" in bonds:
        return True
    if (action, "approving" in bonds) == ("approve", True):
        return True
    if action == "hear" and "approved" in bonds:
        return True
    if action in {"submit", "recall", "resubmit"}:
        return "lead" not in bonds or "office" in bonds
    if action in {"release", "return", "propose"}:
        return "reviewing" not in bonds
    if action == "appeal":
        return "office" not in bonds or "team" in bonds
    return action == "take_back" and "approving" not in bonds


def test_every_action_role_and_set_of_bonds_is_as_the_oracle_says() -> None:
    names: tuple[Bond, ...] = get_args(Bond)
    assert set(names) == set(duties.BONDS)
    subsets = chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))
    seen = 0
    for bonds in map(set, subsets):
        for action, door in duties.DOORS.items():
            for role in ROLES:
                said = duties.refusal_to_do(
                    action, stage=door.stages[0], roles={role}, bonds=bonds
                )
                barred = role not in allowed(door.access) or forbidden(action, set(bonds))
                assert (said is not None) == barred, (action, role, bonds, said)
                seen += 1
    assert seen > 15_000


def test_a_self_assessment_is_submitted_and_recalled_by_the_head_of_its_office_alone() -> None:
    names: tuple[Bond, ...] = get_args(Bond)
    subsets = chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))
    for bonds in map(set, subsets):
        for action, stage in (("submit", "open"), ("recall", "submitted")):
            for role in ROLES:
                said = duties.refusal_to_do(
                    action, stage=stage, roles={role}, bonds=bonds, kind="self"
                )
                allows = role == "office_head" and "office" in bonds
                assert (said is None) == allows, (action, role, bonds, said)


def test_no_step_of_judging_is_taken_with_a_self_assessment() -> None:
    judging = set(lifecycle.ACTIONS) - {"submit", "recall", "close", "reopen"}
    for action in judging:
        for stage in lifecycle.STAGES:
            said = lifecycle.refusal_to_step(
                action, stage=stage, roles=set(ROLES), bonds=set(), kind="self"
            )
            assert said is lifecycle.NOT_OF_SELF, (action, stage)
            assert lifecycle.refusal_of_stage(action, stage, "self") is lifecycle.NOT_OF_SELF


def test_what_the_stage_does_not_allow_is_said_after_duty() -> None:
    for action, door in duties.DOORS.items():
        for stage in set(lifecycle.STAGES) - set(door.stages):
            bonds = set(door.needs)
            role = next(iter(allowed(door.access)))
            said = duties.refusal_to_do(action, stage=stage, roles={role}, bonds=bonds)
            assert said is not None, (action, stage)
            assert said.code == f"stage.{action.replace('_', '-')}", (action, stage)
            assert said.th
            assert said.en
