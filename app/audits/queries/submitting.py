"""Where an audit stands: its submission, what is in its way, what was returned, every step."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Device, Person, RoleGrant
from app.accounts.rules import Caller, allowed
from app.audits.models import AuditStep, CriterionReturn, KeptChange, PhotoReference
from app.audits.queries.finding import Found, bonds, refusal_to, tie
from app.audits.queries.reading import edition_of, reading, trusted
from app.audits.queries.waiting import Asked, missing_numbers
from app.audits.rules import Change, fold, submitting
from app.audits.rules.content import digest_of
from app.audits.rules.fold import newest
from app.audits.rules.hearing import ear_of, is_told, is_told_why
from app.audits.rules.lifecycle import refusal_to_step
from app.audits.rules.locking import Lock
from app.audits.rules.shapes import EVIDENCE
from app.audits.rules.submitting import SubmitRefusal, Word
from app.evidence.queries import received
from app.kit.clock import wire
from app.offices.models import Membership
from app.rounds.models import Assignment

TAKEN: Final = {"submit", "resubmit"}
NOBODY: Final = {"th": "ไม่ทราบชื่อ", "en": "unknown"}


def lead_of(session: Session, found: Found) -> str | None:
    """Who leads the visit."""
    sent = select(Assignment.person_id).where(
        Assignment.visit_id == found.id, col(Assignment.lead)
    )
    return session.exec(sent).first()


def heads_of(session: Session, found: Found) -> frozenset[str]:
    """Who heads the office: they sign, submit and recall its self-assessment."""
    heads = (
        select(Person.id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(
            Membership.office_id == found.office.id,
            col(RoleGrant.role).in_(allowed("self.submit")),
            col(Person.disabled_at).is_(None),
        )
    )
    return frozenset(session.exec(heads))


def leads_of(session: Session, found: Found) -> frozenset[str]:
    """Whose word submits this audit."""
    if found.kind == "self":
        return heads_of(session, found)
    lead = lead_of(session, found)
    return frozenset({lead} if lead else ())


def lock_of(session: Session, found: Found, changes: Iterable[Change]) -> Lock:
    """What counts in this audit now, as far as these changes ask."""
    if found.kind == "self":
        words = any(change.kind in {"signature", "submission"} for change in changes)
        heads = heads_of(session, found) if words else frozenset[str]()
        return Lock(found.stage, heads=heads)
    submits = any(change.kind == "submission" for change in changes)
    codes = returned_codes(session, found) if found.stage == "returned" else ()
    return Lock(found.stage, frozenset(codes), lead_of(session, found) if submits else None)


def criteria_of(session: Session, audit_id: str, brought: Iterable[str]) -> dict[str, str]:
    """The criteria of these photos, files and links, by the changes that brought them."""
    named = select(KeptChange.id, KeptChange.target).where(
        KeptChange.audit_id == audit_id,
        col(KeptChange.id).in_(brought),
        col(KeptChange.kind).in_(EVIDENCE),
    )
    return dict(session.exec(named).all())


def shown_in(session: Session, audit_id: str, names: Iterable[str]) -> dict[str, set[str]]:
    """The criteria that show the photos of these SHA-256."""
    named = select(PhotoReference.sha256, PhotoReference.criterion).where(
        PhotoReference.audit_id == audit_id, col(PhotoReference.sha256).in_(names)
    )
    found: dict[str, set[str]] = {}
    for sha256, criterion in session.exec(named):
        found.setdefault(sha256, set()).add(criterion)
    return found


def returned_codes(session: Session, found: Found) -> list[str]:
    """The criteria of the newest return."""
    last = (
        select(AuditStep.n)
        .where(AuditStep.audit_id == found.id, AuditStep.action == "return")
        .order_by(col(AuditStep.n).desc())
        .limit(1)
    )
    codes = select(CriterionReturn.criterion).where(
        CriterionReturn.audit_id == found.id,
        col(CriterionReturn.n).in_(last.scalar_subquery()),
    )
    return list(session.exec(codes))


def pending(session: Session, found: Found) -> Word | None:
    """The word that asks for a step from here, said after the newest step."""
    said = _said(session, found) if found.stage in submitting.ASKS_FOR else []
    if not said:
        return None
    return submitting.word_of(
        said,
        stage=found.stage,
        leads=leads_of(session, found),
        steps=[(one.action, one.head) for one in _steps(session, found.id)],
    )


def taken_submission(session: Session, found: Found) -> str | None:
    """The change that was submitted or resubmitted last, if any was."""
    steps = [one for one in _steps(session, found.id) if one.action in TAKEN]
    if not steps:
        return None
    said = [change for seq, change in _said(session, found) if seq <= steps[-1].head]
    last = newest(fold(said)["registers"].get("submission", []), steps[-1].by)
    return last.mark["id"] if last else None


def refusals_of(
    session: Session, found: Found, word: Word, lead: Caller
) -> list[SubmitRefusal]:
    """Everything that is in the way of this word."""
    barred = refusal_to(session, lead, found) or refusal_to_step(
        word.action,
        stage=found.stage,
        roles=lead.roles,
        bonds=bonds(session, lead.id, found),
        kind=found.kind,
    )
    duty = [submitting.not_allowed(barred)] if barred else []
    if word.value is None:
        return duty
    state = reading(session, found).state
    return [
        *submitting.refusals(
            edition_of(session, found.edition_sha256),
            state,
            digest=digest_of(state),
            lead=lead.id,
            over=word.value["over"],
            again=word.action == "resubmit",
            kind=found.kind,
        ),
        *_absent(session, found),
        *_gaps(session, found),
        *duty,
    ]


def standing(session: Session, found: Found, person: Caller) -> dict[str, Any]:
    """Where an audit stands, as this person's phone and pages are told: docs/protocol.md.

    The office hears of a review when it has been decided; what reviewers and approvers say to
    each other stays with them.
    """
    taken = _steps(session, found.id)
    ear = ear_of(person.roles, tie(session, person.id, found))
    until = max((one.n for one in taken if one.action == "decide"), default=0)
    steps = [one for one in taken if is_told(ear, one.action, decided=one.n <= until)]
    returns = _returns(session, found.id, steps)
    names = accounts.names(session, {one.by for one in steps})
    back = max((one.n for one in taken if one.action == "return"), default=0)
    now = back if found.stage == "returned" else 0
    told = [
        {
            "criterion": one.criterion,
            "reason": one.reason,
            "by": names.get(step.by, NOBODY),
            "at": wire(step.at),
            "n": one.n,
        }
        for one, step in returns
    ]
    return {
        "stage": found.stage,
        "submission": _submission(session, found, taken),
        "returned": [one for one in told if one["n"] == now],
        "earlier_returns": [one for one in told if one["n"] != now],
        "steps": [
            {
                "n": one.n,
                "action": one.action,
                "after": one.after,
                "at": wire(one.at),
                "by": names.get(one.by, NOBODY),
                "reason": one.reason if is_told_why(ear, one.action) else None,
                "head": one.head,
            }
            for one in steps
        ],
    }


def _submission(session: Session, found: Found, steps: Sequence[AuditStep]) -> dict[str, Any]:
    took = next((one for one in reversed(steps) if one.action in TAKEN), None)
    word = pending(session, found)
    lead = accounts.caller(session, word.by) if word else None
    still = found.stage not in {"open", "closed", "returned"}
    return {
        "standing": word.change
        if word and word.value
        else (taken_submission(session, found) if still else None),
        "refusals": [one.as_json() for one in refusals_of(session, found, word, lead)]
        if word and lead
        else [],
        "taken": {"n": took.n, "at": wire(took.at), "head": took.head} if took else None,
    }


def _said(session: Session, found: Found) -> list[tuple[int, Change]]:
    """Every word on submission, with its number, in order of arrival."""
    if found.audit is None:
        return []
    rows = session.exec(
        select(KeptChange.seq, KeptChange.line)
        .where(KeptChange.audit_id == found.id, KeptChange.kind == "submission")
        .order_by(col(KeptChange.seq))
    ).all()
    return list(zip((seq for seq, _ in rows), trusted(line for _, line in rows), strict=True))


def _steps(session: Session, audit_id: str) -> Sequence[AuditStep]:
    taken = select(AuditStep).where(AuditStep.audit_id == audit_id)
    return session.exec(taken.order_by(col(AuditStep.n))).all()


def _returns(
    session: Session, audit_id: str, steps: Iterable[AuditStep]
) -> list[tuple[CriterionReturn, AuditStep]]:
    back = {one.n: one for one in steps if one.action == "return"}
    if not back:
        return []
    rows = session.exec(
        select(CriterionReturn)
        .where(CriterionReturn.audit_id == audit_id)
        .order_by(col(CriterionReturn.n), CriterionReturn.criterion)
    )
    return [(one, back[one.n]) for one in rows]


def _absent(session: Session, found: Found) -> list[SubmitRefusal]:
    """Photos and files that stand and whose bytes are not here, by criterion and phone."""
    state = reading(session, found).state
    named = [
        (kind, criterion, one["id"], one["value"]["sha256"])
        for kind in ("photos", "attachments")
        for criterion, added in state[kind].items()
        for one in added
        if one["removed"] is None
    ]
    here = received(session, [sha256 for *_, sha256 in named])
    away = {change: (kind, code) for kind, code, change, name in named if name not in here}
    if not away:
        return []
    rows = session.exec(
        select(KeptChange.id, Device.person_id, Device.label)
        .join(Device, col(Device.id) == KeptChange.device)
        .where(col(KeptChange.id).in_(away))
    ).all()
    names = accounts.names(session, {person for _, person, _ in rows})
    counted = Counter((*away[change], person, label) for change, person, label in rows)
    order = {
        code: at for at, code in enumerate(edition_of(session, found.edition_sha256).by_code)
    }
    return [
        _MISSING[kind](code, count, name=names.get(person, NOBODY), phone=label)
        for (kind, code, person, label), count in sorted(
            counted.items(), key=lambda one: (order.get(one[0][1], 0), one[0][1:], one[0][0])
        )
    ]


_MISSING: Final = {"photos": submitting.photo_missing, "attachments": submitting.file_missing}


def _gaps(session: Session, found: Found) -> list[SubmitRefusal]:
    """Devices of which a later change is here and an earlier one is not."""
    return [
        submitting.gap(row["numbers"], name=row["name"] or NOBODY, phone=row["phone"])
        for row in missing_numbers(session, Asked(audit=found.id))
    ]
