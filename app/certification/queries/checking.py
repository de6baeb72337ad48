"""Entries of decisions, certificates and issuing keys laid beside their rows, both ways."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from sqlmodel import Session, col, select

from app.audits.queries.checking import Comparer
from app.certification.models import Certificate, CertificateStep, Decision, IssuingKey
from app.certification.queries.issued import entry_of_issue, entry_of_step
from app.kit.clock import wire
from app.log.checking import Entry, Flaw
from app.log.rules import decision_entry, issuing_key_entry
from app.review.models import Proposal

NOBODY: Final = "-"
Expected = Iterator[tuple[str, str]]
"""An entry as its row has it, and what to call the row."""


def _decisions(session: Session) -> Expected:
    wanted = select(Decision, Proposal.frozen).join(
        Proposal, col(Proposal.id) == Decision.proposal_id
    )
    for row, frozen in session.exec(wanted):
        entry = decision_entry(
            row.id,
            row.audit_id,
            hashlib.sha256(frozen.encode()).hexdigest(),
            row.outcome,
            row.level,
            row.first,
            row.second,
            wire(row.at),
        )
        yield entry, row.id


def _certificates(session: Session) -> Expected:
    rows = {row.number: row for row in session.exec(select(Certificate))}
    for row in rows.values():
        yield entry_of_issue(row, NOBODY), row.number
    for step in session.exec(select(CertificateStep)):
        if step.number in rows:
            yield entry_of_step(rows[step.number], step), f"{step.number} ({step.n})"


def _keys(session: Session) -> Expected:
    for row in session.exec(select(IssuingKey)):
        yield issuing_key_entry(row.kid, "made", wire(row.made_at)), row.kid
        if row.retired_at is not None:
            yield issuing_key_entry(row.kid, "retired", wire(row.retired_at)), row.kid
        if row.compromised_at is not None:
            yield issuing_key_entry(row.kid, "compromised", wire(row.compromised_at)), row.kid


def _as_compared(entry: str) -> str:
    """An entry without who issued: beside a certificate stands nobody's name."""
    fields = entry.split("\n")
    if fields[0] == "gecc/1 certificate" and len(fields) > 4 and fields[2] == "issued":
        fields[4] = NOBODY
    return "\n".join(fields)


def _comparer(
    kind: str, words: Mapping[str, str], rows: Callable[[Session], Expected]
) -> Comparer:
    def flaws(session: Session, entries: Sequence[Entry]) -> list[Flaw]:
        expected = dict(rows(session))
        entered: dict[str, int] = {}
        found = []
        for index, entry in entries:
            said = _as_compared(entry)
            if said not in expected:
                found.append(
                    Flaw(
                        f"บรรทัดที่ {index} ไม่ตรงกับ{words['th']}ที่มีอยู่",
                        f"Entry {index} tells of {words['en']} that is not here, or not so.",
                    )
                )
            elif said in entered:
                found.append(
                    Flaw(
                        f"บรรทัดที่ {index} ซ้ำกับบรรทัดที่ {entered[said]}",
                        f"Entry {index} repeats entry {entered[said]}.",
                    )
                )
            entered.setdefault(said, index)
        return found + [
            Flaw(
                f"{words['th']} {name} ไม่ตรงกับบรรทัดในทะเบียน",
                f"The log does not tell of {words['en']} {name} as it is here.",
            )
            for entry, name in expected.items()
            if entry not in entered
        ]

    return Comparer((f"gecc/1 {kind}\n",), flaws)


COMPARERS: Final = (
    _comparer("decision", {"th": "การตัดสินผล", "en": "a decision"}, _decisions),
    _comparer("certificate", {"th": "ใบรับรอง", "en": "a certificate"}, _certificates),
    _comparer("issuing-key", {"th": "กุญแจออกใบรับรอง", "en": "an issuing key"}, _keys),
)
"""What `gecc log check` holds beside the log, of this room."""
