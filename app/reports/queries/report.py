"""The report of an audit: of its frozen proposal where there is one, and which one is said."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.audits import queries as audits
from app.audits.models import AuditStep, CriterionReturn
from app.audits.queries import Found, Reading
from app.audits.rules.content import digest_of
from app.audits.rules.hearing import Ear, is_told, is_told_why
from app.audits.rules.lifecycle import acts, stages
from app.audits.rules.seeing import covered
from app.certification.models import Decision
from app.certification.queries import latest_decision
from app.evidence.queries import received
from app.kit.html import be_date, be_datetime
from app.reports.queries.paper import (
    Paper,
    Rendition,
    as_of,
    heads,
    level_of,
    scores,
    signatures,
    tally,
)
from app.reports.rules import answers_of, choose, is_finding, measured, reasons_of
from app.review.models import Proposal, ReportPhoto
from app.settings import Settings

OUTCOMES = {
    "calculated": "รับรองตามระดับที่คำนวณได้",
    "lower": "รับรองในระดับที่ต่ำกว่าที่คำนวณได้",
    "none": "ไม่รับรอง",
}
Names = Mapping[str, dict[str, str]]


def report(session: Session, found: Found, settings: Settings, *, ear: Ear) -> Paper:
    """The report as it stands, for somebody who hears so much of the review.

    Of the newest proposal, or of what stands where there is none; for the office, of what was
    decided last.
    """
    early = ear != "office"
    decision = latest_decision(session, found.id)
    proposal = _proposal(session, found, None if early else decision)
    if decision is not None and proposal is not None and decision.proposal_id != proposal.id:
        decision = None  # what it decided was another proposal
    read = _reading(session, found, proposal)
    shown = audits.result(session, found, read)
    digest = digest_of(read.state)
    sections = [
        [item for group in section["groups"] for item in group["criteria"]]
        for section in shown["sections"]
    ]
    photos, images = _photos(session, found, read, sections)
    taken = _steps(session, found)
    until = max((one.n for one in taken if one.action == "decide"), default=0)
    steps = [one for one in taken if is_told(ear, one.action, decided=one.n <= until)]
    names = accounts.names(session, _people(read, steps, proposal, decision))
    level = level_of(shown["edition"], read.scorecard["level"])
    moments = [steps[-1].at if steps else None, decision.at if decision else None]
    at = as_of(session, found, found.head, proposal.at if proposal else None, *moments)
    data = {
        "title": f"รายงานผลการตรวจประเมิน {found.office.name_th}",
        "sample": settings.demo,
        "issuer": settings.issuer_th,
        **heads(session, found),
        **scores(
            read.scorecard,
            shown["edition"],
            sum(len(item["photos"]) for section in sections for item in section),
        ),
        "edition": shown["edition"].title.th,
        "level": level_of(shown["edition"], decision.level) if decision else level,
        "calculated": level,
        "standing": "decided" if decision else "proposed" if proposal else "open",
        "stage": stages(found.kind)[found.stage]["th"],
        "reasons": reasons_of(read.scorecard["reasons"], shown["criteria"]),
        "next": level_of(shown["edition"], read.scorecard["next_level"])["th"]
        if read.scorecard["next_level"]
        else "",
        "blank": list(read.scorecard["blank"]),
        "lacking": read.scorecard["evidence_missing"],
        "sections": _tallies(shown["sections"]),
        "findings": _findings(shown["sections"]),
        "remarks": _remarks(shown["sections"]),
        "results": _results(shown["sections"]),
        "measurements": _measurements(sections),
        "photos_shown": photos,
        "signatures": signatures(read.state, names, digest),
        "steps": [_step(session, one, names, ear, found.kind) for one in steps],
        "decision": _decision(decision, names) if decision else None,
        "remark": proposal.remark if proposal else "",
        "origin": _origin(found, read, proposal, names, digest),
        "as_of": be_datetime(at),
    }
    return Paper("report", f"report-{found.office.code}.pdf", at, data, images)


def _proposal(session: Session, found: Found, decision: Decision | None) -> Proposal | None:
    if decision is not None:
        return session.get(Proposal, decision.proposal_id)
    newest = select(Proposal).where(Proposal.audit_id == found.id)
    return session.exec(newest.order_by(col(Proposal.n).desc())).first()


def _reading(session: Session, found: Found, proposal: Proposal | None) -> Reading:
    """What stands; of a proposal, what stood then, with the scorecard it was frozen with."""
    if proposal is None:
        return audits.reading(session, found)
    then = audits.reading_at(session, found, proposal.head)
    return Reading(then.head, then.state, json.loads(proposal.frozen)["scorecard"])


def _photos(
    session: Session, found: Found, read: Reading, sections: Sequence[Sequence[Any]]
) -> tuple[list[dict[str, Any]], dict[str, bytes | Rendition]]:
    """The photos that are shown; never one that was masked, be it after the proposal."""
    chosen = select(ReportPhoto.change_id).where(ReportPhoto.audit_id == found.id)
    hidden = covered(
        (photo["value"]["sha256"], photo["value"].get("of"))
        for state in (read.state, audits.reading(session, found).state)
        for taken in state["photos"].values()
        for photo in taken
    )
    named = {
        photo["value"]["sha256"]
        for section in sections
        for item in section
        for photo in item["photos"]
    }
    here = received(session, sorted(named - hidden))
    picked = choose(sections, set(session.exec(chosen)), here)
    # A name is easily learned: only bytes that one of its authors has sent leave with it.
    picked = [
        (item, photo)
        for item, photo in picked
        if audits.vouched_in(session, found.id, photo["value"]["sha256"])
    ]
    files = {
        name: f"photo-{number}.jpg"
        for number, name in enumerate(dict.fromkeys(p["value"]["sha256"] for _, p in picked))
    }
    told = [
        {
            "image": files[photo["value"]["sha256"]],
            "code": item["criterion"].code,
            "title": item["criterion"].title.th,
            "caption": " / ".join(one["text"] for one in photo["captions"]),
            "by": photo["name"]["th"] if photo["name"] else "",
            "taken": be_datetime(photo["value"]["taken_at"] or photo["made_at"]),
            "masked": photo["of"] == "masked",
        }
        for item, photo in picked
    ]
    return told, {file: Rendition(name) for name, file in files.items()}


def _tallies(sections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **tally(one, one["title"].th),
            "groups": [
                tally(group, group["title"].th) for group in one["groups"] if group["title"]
            ],
        }
        for one in sections
    ]


def _findings(sections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [told for one in sections if (told := _told(one, finding=True))["items"]]


def _remarks(sections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was noted of criteria with which nothing is amiss."""
    return [told for one in sections if (told := _told(one, finding=False))["items"]]


def _told(section: Mapping[str, Any], *, finding: bool) -> dict[str, Any]:
    items = [
        item
        for group in section["groups"]
        for item in group["criteria"]
        if is_finding(item) is finding and (finding or item["notes"])
    ]
    return {
        "title": f"{section['code']} {section['title'].th}",
        "items": [
            {
                "code": item["criterion"].code,
                "title": item["criterion"].title.th,
                "gate": item["criterion"].kind == "gate",
                "draft": item["criterion"].provenance.status == "composed",
                "answers": answers_of(item),
                "notes": [_note(note) for note in item["notes"]],
                "measured": [one for one in measured(item) if one["tone"] != "met"],
            }
            for item in items
        ],
    }


def _note(note: Mapping[str, Any]) -> dict[str, str]:
    voices = [one["name"]["th"] for one in note["said"] if one["name"]]
    return {"text": note["text"], "by": ", ".join(dict.fromkeys(voices))}


def _results(sections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{section['code']} {section['title'].th}",
            "items": [
                {
                    "code": item["criterion"].code,
                    "title": item["criterion"].title.th,
                    "draft": item["criterion"].provenance.status == "composed",
                    "answers": answers_of(item, brief=True),
                    "photos": len(item["photos"]),
                }
                for group in section["groups"]
                for item in group["criteria"]
            ],
        }
        for section in sections
    ]


def _measurements(sections: Iterable[Sequence[Any]]) -> list[dict[str, str]]:
    return [
        {"code": item["criterion"].code, **one}
        for section in sections
        for item in section
        for one in measured(item)
    ]


def _steps(session: Session, found: Found) -> list[AuditStep]:
    taken = select(AuditStep).where(AuditStep.audit_id == found.id)
    return list(session.exec(taken.order_by(col(AuditStep.n))))


def _step(
    session: Session, step: AuditStep, names: Names, ear: Ear, kind: str
) -> dict[str, Any]:
    words = acts(kind)[step.action]["th"]
    returned = select(CriterionReturn).where(
        CriterionReturn.audit_id == step.audit_id, CriterionReturn.n == step.n
    )
    return {
        "words": words,
        "by": names[step.by]["th"] if step.by in names else "",
        "at": be_datetime(step.at),
        "reason": (step.reason or "") if is_told_why(ear, step.action) else "",
        "returned": [
            {"code": one.criterion, "reason": one.reason}
            for one in session.exec(returned.order_by(CriterionReturn.criterion))
        ],
    }


def _decision(decision: Decision, names: Names) -> dict[str, Any]:
    people = [one for one in (decision.first, decision.second) if one]
    return {
        "outcome": OUTCOMES[decision.outcome],
        "reason": decision.reason,
        "at": be_date(decision.at),
        "people": [names[one]["th"] for one in people if one in names],
        "resolution": decision.resolution_no or "",
        "resolved": be_date(decision.resolution_on) if decision.resolution_on else "",
        "again": decision.supersedes is not None,
    }


def _origin(
    found: Found, read: Reading, proposal: Proposal | None, names: Names, digest: str
) -> list[dict[str, str]]:
    """By which marks anybody finds again exactly what this report tells of."""
    rows = [
        ("รหัสการตรวจ", found.id),
        ("รายการที่นับ", f"1 ถึง {read.head:,}" if read.head else "ยังไม่มีรายการ"),
        ("รหัสเนื้อหา (SHA-256)", digest),
        ("เกณฑ์ (SHA-256)", read.scorecard["edition"]["sha256"]),
        ("รุ่นของกฎการคำนวณ", str(read.scorecard["rules_version"])),
    ]
    if proposal is not None:
        by = names.get(proposal.by, {}).get("th", "")
        rows += [
            ("ข้อเสนอ", f"ครั้งที่ {proposal.n} โดย {by} เมื่อ {be_datetime(proposal.at)}"),
            ("รหัสข้อเสนอ (SHA-256)", proposal.sha256),
        ]
    if found.head != read.head:
        rows.append(("มีรายการใหม่กว่ารายงานนี้", f"{found.head - read.head:,} รายการ"))
    return [{"label": label, "value": value} for label, value in rows]


def _people(
    read: Reading,
    steps: Iterable[AuditStep],
    proposal: Proposal | None,
    decision: Decision | None,
) -> set[str]:
    signed = {
        mark["author"]
        for register, standing in read.state["registers"].items()
        if register.startswith("signature ")
        for one in standing
        for mark in one["changes"]
    }
    others = {proposal.by} if proposal else set[str]()
    if decision is not None:
        others |= {one for one in (decision.first, decision.second) if one}
    return signed | others | {step.by for step in steps}
