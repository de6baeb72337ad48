"""What stages promise, by their words alone: looked at again after a schedule has ended."""

from typing import Any

from app.audits.rules import Change, fold
from app.audits.rules.content import digest_of
from app.audits.rules.lifecycle import SELF_TRANSITIONS, TRANSITIONS
from tests.torture.simulated import REGISTERS, Broken, Server, Step, read_once

ARROWS: dict[str, dict[tuple[str, str], str]] = {
    kind: {(one.action, one.before): one.after for one in table if one.after != "appealed"}
    for kind, table in (("visit", TRANSITIONS), ("self", SELF_TRANSITIONS))
}


def check_stages(server: Server) -> None:
    """Every step follows the table, every change came while it was welcome, nothing waits."""
    store = server.store
    arrows = ARROWS[server.kind]
    changes = [_change(line) for line in store.lines]
    stage, returned, at = "open", frozenset[str](), 0
    for step in store.steps:
        _check_welcome(changes[at : step.head], stage, returned, server)
        if (step.action, stage) not in arrows:
            raise Broken(f"{step.action} from {stage} is in no table")
        if step.action in {"submit", "resubmit", "recall"}:
            _check_said(step, changes[at : step.head], server.lead)
        if step.action in {"submit", "resubmit"}:
            _check_whole(step, changes[: step.head], server)
        stage, returned, at = arrows[step.action, stage], step.returned, step.head
    _check_welcome(changes[at:], stage, returned, server)
    if stage != store.stage:
        raise Broken(f"the steps lead to {stage}, and the audit is {store.stage}")
    draft = store.copy()
    server.settle(draft)
    if len(draft.steps) != len(store.steps):
        raise Broken("a submission waits, and nothing is in its way")
    for (_, line), why in store.held.items():
        said = read_once(line).said
        known = isinstance(said, Change) and said.kind in {"answer", "note", "photo"}
        criterion = said.target.partition("/")[0] if known else ""  # type: ignore[union-attr]
        if stage == "open" and why in {"audit.submitted", "audit.criterion-locked"}:
            raise Broken("an open audit holds what a lock kept out")
        if stage == "returned" and why != "submission.lead" and criterion in returned:
            raise Broken(f"a returned criterion is locked: {why}")


def _check_welcome(
    changes: list[Change], stage: str, returned: frozenset[str], server: Server
) -> None:
    theirs = {"submission", "signature"} if server.kind == "self" else {"submission"}
    for change in changes:
        kind, about = change.kind, change.target.split()[-1].partition("/")[0]
        if kind in theirs and change.author != server.lead:
            raise Broken("somebody else than the lead has submitted")
        if stage == "open" or (stage, kind, change.value) == ("submitted", "submission", None):
            continue
        if stage != "returned" or kind not in {"signature", "submission"}:
            removed = kind == "photo-removed"  # all photos here are of P01
            if stage != "returned" or ("P01" if removed else about) not in returned:
                raise Broken(f"a {kind} was kept while the audit was {stage}")


def _check_said(step: Step, since: list[Change], lead: str) -> None:
    """The lead has asked for it, and after the step before."""
    words = [one for one in since if one.kind == "submission" and one.author == lead]
    if not any((one.value is None) == (step.action == "recall") for one in words):
        raise Broken(f"nobody asked to {step.action} since the step before")


def _check_whole(step: Step, changes: list[Change], server: Server) -> None:
    """All is answered by one voice, and who submits has signed just this."""
    own = f"signature assessor {server.lead}"
    state = fold(changes)
    registers = state["registers"]
    for kind, target in REGISTERS:
        standing = registers.get(f"{kind} {target}", [])
        if len(standing) != 1 or standing[0]["value"] is None:
            raise Broken(f"{step.action} with {target} blank or torn")
    overs: list[Any] = [
        (mark["lam"], mark["id"], one["value"]["over"])
        for one in registers["signature office" if server.kind == "self" else own]
        for mark in one["changes"]
    ]
    if max(overs)[2] != digest_of(state):
        raise Broken(f"{step.action} of what the lead has not signed")


def _change(line: str) -> Change:
    said = read_once(line).said
    assert isinstance(said, Change)
    return said
