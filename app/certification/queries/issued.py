"""Certificates that were issued, what became of them, and the keys that signed them."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.audits.models import Audit
from app.certification.models import (
    Certificate,
    CertificateEntry,
    CertificateStep,
    Decision,
    IssuingKey,
)
from app.certification.rules.standing import Shown, shown
from app.certification.rules.verifying import Key
from app.kit.clock import wire
from app.log.models import LogEntry
from app.log.rules import certificate_entry

ISSUED: Final = "issued"
"""What the log calls the issue itself; every other entry is called by its move."""
GONE: Final = ("withdrawn", "superseded")


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate with what became of it."""

    row: Certificate
    steps: list[CertificateStep]

    @property
    def standing(self) -> str:
        """Where its newest step led."""
        return self.steps[-1].after if self.steps else "valid"

    @property
    def since(self) -> datetime:
        """When it came to stand so."""
        return self.steps[-1].at if self.steps else self.row.issued_at

    def shown(self, today: date) -> Shown:
        """What the public is told of it on this day (Asia/Bangkok)."""
        return shown(self.standing, valid_until=self.row.valid_until, today=today)


def keys(session: Session) -> list[IssuingKey]:
    """Every key that ever signed, the newest first."""
    found = select(IssuingKey).order_by(col(IssuingKey.made_at).desc(), col(IssuingKey.kid))
    return list(session.exec(found))


def key(session: Session, kid: str) -> IssuingKey | None:
    """The key of this id."""
    return session.get(IssuingKey, kid)


def public_of(row: IssuingKey) -> bytes:
    """The public key itself."""
    return base64.b64decode(row.public)


def verifying_keys(session: Session) -> list[Key]:
    """The keys as the rules want them."""
    return [
        Key(
            bytes.fromhex(row.kid),
            public_of(row),
            "compromised" if row.compromised_at else "retired" if row.retired_at else "active",
        )
        for row in keys(session)
    ]


def certificate(session: Session, number: str) -> Known | None:
    """The certificate of this number."""
    row = session.get(Certificate, number)
    return None if row is None else _with_steps(session, [row])[0]


def of_office(session: Session, office_id: str) -> list[Known]:
    """An office's certificates, the newest first."""
    rows = select(Certificate).where(Certificate.office_id == office_id)
    return _newest(session, list(session.exec(rows)))


def of_decision(session: Session, decision_id: str) -> list[Known]:
    """The certificates of a decision, the newest first: more than one after a reissue."""
    rows = select(Certificate).where(Certificate.decision_id == decision_id)
    return _newest(session, list(session.exec(rows)))


def of_audit(session: Session, audit_id: str) -> list[Known]:
    """The certificates of an audit's decisions, the newest first."""
    rows = (
        select(Certificate)
        .join(Decision, col(Decision.id) == Certificate.decision_id)
        .where(Decision.audit_id == audit_id)
    )
    return _newest(session, list(session.exec(rows)))


def of_key(session: Session, kid: str) -> list[Known]:
    """The certificates that a key signed, the oldest first."""
    rows = select(Certificate).where(Certificate.kid == kid)
    return _newest(session, list(session.exec(rows)))[::-1]


def replaced_by(session: Session, number: str) -> str | None:
    """The number of the certificate that replaces this one."""
    found = select(Certificate.number).where(Certificate.replaces == number)
    return session.exec(found).first()


def standing_of_office(session: Session, office_id: str) -> Known | None:
    """The office's one certificate that is neither withdrawn nor superseded, ended or not."""
    known = of_office(session, office_id)
    return next((one for one in known if one.standing not in GONE), None)


def waiting(session: Session) -> list[Decision]:
    """Decisions with a level whose certificate could not be issued yet, the oldest first.

    Not those of an office that has the certificate of a later decision, of another audit.
    """
    later = select(Decision.supersedes).where(col(Decision.supersedes).is_not(None))
    issued = select(Certificate.decision_id)
    other = aliased(Decision)
    overtaken = (
        select(Certificate.number)
        .join(other, col(other.id) == Certificate.decision_id)
        .where(Certificate.office_id == Audit.office_id, other.at > Decision.at)
        .correlate(Decision, Audit)
    )
    found = (
        select(Decision)
        .join(Audit, col(Audit.id) == Decision.audit_id)
        .where(
            col(Decision.level).is_not(None),
            col(Decision.id).not_in(later),
            col(Decision.id).not_in(issued),
            ~overtaken.exists(),
        )
    )
    return list(session.exec(found.order_by(col(Decision.at), Decision.id)))


def is_overruled(session: Session, row: Certificate) -> bool:
    """Whether the audit has been decided again since, and not this level."""
    audit = select(Decision.audit_id).where(Decision.id == row.decision_id)
    newest = select(Decision.level).where(
        col(Decision.audit_id) == audit.scalar_subquery(),
        col(Decision.id).not_in(
            select(Decision.supersedes).where(col(Decision.supersedes).is_not(None))
        ),
    )
    return session.exec(newest).one() != row.level


def next_serial(session: Session, year: int) -> int:
    """The next number of a fiscal year; ask under the log's lock."""
    found = select(func.max(Certificate.serial)).where(Certificate.fiscal_year == year)
    return (session.exec(found).one() or 0) + 1


def next_place(session: Session) -> int:
    """The next place in the status list; ask under the log's lock."""
    newest = session.exec(select(func.max(Certificate.status_index))).one()
    return 0 if newest is None else newest + 1


def entry_of_issue(row: Certificate, by: str) -> str:
    """The log's entry of a certificate's issue."""
    return certificate_entry(
        row.number, ISSUED, hashlib.sha256(row.cose).hexdigest(), by, wire(row.issued_at)
    )


def entry_of_step(row: Certificate, step: CertificateStep) -> str:
    """The log's entry of a step."""
    sha256 = hashlib.sha256(row.cose).hexdigest()
    return certificate_entry(row.number, step.action, sha256, step.by, wire(step.at))


def is_logged(session: Session, known: Known) -> bool:
    """Whether the log tells of the issue of exactly these bytes, and of the newest step."""
    row = known.row
    wanted = {0: f"gecc/1 certificate\n{row.number}\n{ISSUED}\n{_sha256(row)}\n"}
    if known.steps:
        newest = known.steps[-1]
        wanted[newest.n] = entry_of_step(row, newest)
    found = session.exec(
        select(CertificateEntry.n, LogEntry.entry)
        .join(LogEntry, col(LogEntry.index) == CertificateEntry.index)
        .where(
            CertificateEntry.number == row.number, col(CertificateEntry.n).in_(wanted.keys())
        )
    )
    told = dict(found.all())
    return all(told.get(n, "").startswith(entry) for n, entry in wanted.items())


def _sha256(row: Certificate) -> str:
    return hashlib.sha256(row.cose).hexdigest()


def _newest(session: Session, rows: Collection[Certificate]) -> list[Known]:
    ordered = sorted(rows, key=lambda row: row.status_index, reverse=True)
    return _with_steps(session, ordered)


def _with_steps(session: Session, rows: Collection[Certificate]) -> list[Known]:
    found = select(CertificateStep).where(
        col(CertificateStep.number).in_([row.number for row in rows])
    )
    steps: dict[str, list[CertificateStep]] = {row.number: [] for row in rows}
    for step in session.exec(found.order_by(col(CertificateStep.n))):
        steps[step.number].append(step)
    return [Known(row, steps[row.number]) for row in rows]
