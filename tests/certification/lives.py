"""Random lives of audits in memory, and the oracle that says what must never have happened.

The oracle was written without the rules: it knows only what happened.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from app.accounts.rules import allowed
from app.audits.rules import lifecycle
from app.certification.rules import deciding, duties
from app.certification.rules.deciding import Opinion

STEPS: Final = 24
LADDER: Final = ["BASIC", "ADVANCED", "EXCELLENCE"]
ROLES: Final = {
    "lead": {"lead_assessor", "assessor"},
    "assessor": {"assessor"},
    "head": {"office_head"},
    "headwhoassessed": {"office_head", "lead_assessor"},
    "reviewer": {"central_reviewer"},
    "reviewer2": {"central_reviewer"},
    "both": {"central_reviewer", "approver"},
    "all": {"lead_assessor", "central_reviewer", "approver", "office_head"},
    "all2": {"lead_assessor", "central_reviewer", "approver", "office_head"},
    "approver": {"approver"},
    "approver2": {"approver", "administrator"},
}
PEOPLE: Final = tuple(ROLES)


class Deed(NamedTuple):
    """Something that happened: who, what, to which proposal if to one."""

    action: str
    who: str
    proposal: int = 0


@dataclass
class Said:
    """An approval, as the rules want it."""

    by: str
    outcome: str
    level: str | None
    resolution_no: str | None = None


@dataclass
class Life:
    """One audit in memory: only what the rules ask about."""

    lead: str
    team: set[str]
    office: set[str]
    stage: str = "open"
    reviewing: str | None = None
    reviewed: set[str] = field(default_factory=set)
    proposal: int = 0
    approvals: list[Said] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)
    hearing: bool = False
    appealed: bool = False
    deeds: list[Deed] = field(default_factory=list)

    def bonds(self, who: str) -> set[lifecycle.Bond]:
        """What binds somebody to it."""
        held: dict[lifecycle.Bond, bool] = {
            "lead": who == self.lead,
            "team": who in self.team,
            "office": who in self.office,
            "reviewing": who == self.reviewing,
            "reviewed": who in self.reviewed,
            "approving": any(one.by == who for one in self.approvals),
            "approved": who in self.approved,
        }
        return {bond for bond, holds in held.items() if holds}

    def may(self, action: str, who: str) -> bool:
        """Whether the rules let this person do it now."""
        bonds = self.bonds(who)
        return not duties.refusal_to_do(action, stage=self.stage, roles=ROLES[who], bonds=bonds)

    def do(self, action: str, who: str, chance: random.Random) -> bool:
        """Try; what is allowed happens."""
        if action == "decide" or not self.may(action, who):
            return False  # it is decided by approving
        if action == "approve":
            return self._approve(who, chance)
        if action == "appeal" and self.appealed:
            return False
        ways = lifecycle.arrows(action, self.stage)
        if action == "release":
            wanted = "appealed" if self.hearing else "submitted"
            ways = tuple(way for way in ways if way.after == wanted)
        self.deeds.append(Deed(action, who, self.proposal))
        if action == "take_back":
            self.approvals = [one for one in self.approvals if one.by != who]
            return True
        self.stage = ways[0].after
        if action in {"take", "hear"}:
            self.reviewing, self.hearing = who, action == "hear"
            self.reviewed.add(who)
        if action == "release":
            self.reviewing = None
        if action == "propose":
            self.proposal += 1
            self.approvals = []
        if action == "appeal":
            self.appealed = True
        return True

    def _approve(self, who: str, chance: random.Random) -> bool:
        outcome = chance.choice(["calculated", "calculated", "lower", "none", "higher"])
        opinion = Opinion(outcome, chance.choice([*LADDER, None]), chance.choice(["", "เหตุผล"]))
        if deciding.refusal_of_opinion(
            opinion, calculated="ADVANCED", ladder=LADDER, decided_by="two", today=date.max
        ):
            return False
        level = deciding.level_of(opinion, "ADVANCED")
        self.approvals.append(Said(who, outcome, level))
        self.approved.add(who)
        self.deeds.append(Deed(f"approve {level}", who, self.proposal))
        counting = [
            one
            for one in self.approvals
            if not lifecycle.arrows("decide")[0].barred & self.bonds(one.by)
        ]
        said = deciding.agreed(counting, decided_by="two")
        if said:
            self.stage, self.reviewing = "decided", None
            for one in said:
                self.deeds.append(Deed(f"decide {one.level}", one.by, self.proposal))
        return True


def breaches(
    deeds: Collection[Deed], *, team: Collection[str], office: Collection[str], lead: str
) -> list[str]:
    """The oracle: what happened that never should have. It asks nothing of the product."""
    wrong: list[str] = []
    reviewers: list[str] = []
    approvers: dict[int, list[tuple[str, str]]] = {}
    everybody_who_approved: set[str] = set()
    appeals = 0
    for deed in deeds:
        verb, _, level = deed.action.partition(" ")
        judges = verb in {"take", "hear", "return", "propose", "approve", "decide", "send_back"}
        if judges and deed.who in team:
            wrong.append(f"{deed.who} judged what they assessed: {verb}")
        if (judges or verb == "correct") and deed.who in office:
            wrong.append(f"{deed.who} judged their own office: {verb}")
        if verb in {"submit", "recall", "resubmit"} and deed.who != lead:
            wrong.append(f"{deed.who} submitted for another")
        if verb in {"approve", "decide", "send_back"} and deed.who in reviewers:
            wrong.append(f"{deed.who} judged their own review: {verb}")
        if verb in {"return", "propose", "release"} and deed.who != reviewers[-1]:
            wrong.append(f"{deed.who} acted in another's review: {verb}")
        if verb == "hear" and deed.who in {*reviewers, *everybody_who_approved}:
            wrong.append(f"{deed.who} heard an appeal against themselves")
        if verb in {"take", "hear"}:
            reviewers.append(deed.who)
        said = approvers.setdefault(deed.proposal, [])
        if verb == "approve":
            if any(who == deed.who for who, _ in said):
                wrong.append(f"{deed.who} approved twice")
            if level == "EXCELLENCE":
                wrong.append("a level higher than calculated")
            said.append((deed.who, level))
        if verb == "take_back":
            said[:] = [one for one in said if one[0] != deed.who]
        if verb == "decide":
            same = {who for who, given in said if given == level}
            if len(same) < 2 or deed.who not in same:
                wrong.append("decided by fewer than two who said the same")
            everybody_who_approved |= {who for who, _ in said}
        if verb == "appeal":
            appeals += 1
            if deed.who not in office:
                wrong.append(f"{deed.who} appealed for another office")
    if appeals > 1:
        wrong.append("appealed more than once")
    return wrong


# What comes next more often than chance would have it, so that lives reach their ends.
LIKELY: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("submit",),
    "closed": ("reopen",),
    "submitted": ("take", "take", "recall"),
    "in_review": ("propose", "propose", "return", "release"),
    "returned": ("resubmit",),
    "proposed": ("approve", "approve", "approve", "approve", "send_back", "take_back"),
    "decided": ("appeal", "correct"),
    "appealed": ("hear",),
}


WHOSE: Final = {action: allowed(door.access) for action, door in duties.DOORS.items()}


def live(chance: random.Random) -> Life:
    """One random life: anybody tries anything, mostly what could come next."""
    lead = chance.choice(["lead", "all", "headwhoassessed"])
    life = Life(
        lead=lead,
        team={lead, chance.choice(PEOPLE)},
        office={"head", chance.choice(PEOPLE)},
    )
    for _ in range(STEPS):
        likely = chance.random() < 0.8
        action = chance.choice(LIKELY[life.stage] if likely else tuple(duties.DOORS))
        # Mostly somebody whose role it is, or hardly anything would happen.
        fitting = [who for who in PEOPLE if ROLES[who] & WHOSE[action]]
        life.do(action, chance.choice(fitting if likely else PEOPLE), chance)
    return life


def run(lives: int, seed: int) -> tuple[list[str], dict[str, int]]:
    """So many lives: every breach, and how often what happened."""
    chance = random.Random(seed)
    wrong: list[str] = []
    happened: dict[str, int] = {}
    for _ in range(lives):
        life = live(chance)
        wrong += breaches(life.deeds, team=life.team, office=life.office, lead=life.lead)
        for deed in life.deeds:
            verb = deed.action.partition(" ")[0]
            happened[verb] = happened.get(verb, 0) + 1
    return wrong, happened
