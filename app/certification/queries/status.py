"""What a text is by the register and the log, and the list of what became of each."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.certification.models import Certificate
from app.certification.queries import issued
from app.certification.queries.issued import Known
from app.certification.queries.register import standing_of_row
from app.certification.rules import payload, status_list
from app.certification.rules.base32 import base32
from app.certification.rules.numbering import number_in
from app.certification.rules.payload import BANGKOK, Payload
from app.certification.rules.standing import shown
from app.certification.rules.status_list import Code, StatusList
from app.certification.rules.verifying import Reason, State, code_in, is_code, verify
from app.log import queries as log

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a text. `known` and `says` are there unless it is unknown or forged."""

    state: State
    reason: Reason
    known: Known | None = None
    says: Payload | None = None
    replaced_by: str | None = None


def look(session: Session, text: str, *, at: datetime) -> Told:
    """What a typed number, a code or a scanned address is.

    A signature that matches is not enough: the register must have the very bytes, and the log
    must tell of their issue. So a stolen key makes no certificate.
    """
    typed = text.strip()
    number = number_in(typed) if len(typed) <= LONGEST_NUMBER else None
    known = issued.certificate(session, number) if number else None
    if known is not None:
        typed = base32(known.row.cose)
    keys = issued.verifying_keys(session)
    found = verify(typed, keys, now=int(at.timestamp()))
    if found.reason == "not-a-code":
        return Told("unknown", "not-a-code")
    if found.says is None:
        return Told("forged", found.reason)
    known = known or issued.certificate(session, found.says.number)
    code = code_in(typed)
    if known is None or known.row.number != found.says.number:
        return Told("forged", "not-registered")
    if base32(known.row.cose) != code:
        return Told("forged", "not-registered")
    if not issued.is_logged(session, known):
        return Told("forged", "not-logged")
    state = shown(
        known.standing,
        valid_until=found.says.valid_until,
        today=at.astimezone(BANGKOK).date(),
    )
    later = issued.replaced_by(session, known.row.number) if state == "superseded" else None
    return Told(state, "ok", known, found.says, later)


def short_of(text: str) -> str | None:
    """The text as an address has it, if it is a number or a code at all."""
    typed = text.strip()
    number = number_in(typed) if len(typed) <= LONGEST_NUMBER else None
    code = code_in(typed)
    return number or (code if is_code(code) else None)


def status_now(session: Session, *, at: datetime) -> StatusList:
    """What became of every certificate, in the order of their places."""
    became = standing_of_row()
    found = select(Certificate.status_index, became).order_by(col(Certificate.status_index))
    codes: list[Code] = []
    for place, standing in session.exec(found):
        codes += ["withdrawn"] * (place - len(codes))  # no such place: nothing to be valid
        codes.append(_code(standing))
    head = log.head(session)
    return StatusList(
        issued=int(at.timestamp()),
        ttl=status_list.TTL,
        places=len(codes),
        bits=status_list.bits_of(codes),
        log_size=head.size,
        log_root=bytes.fromhex(head.root),
    )


def checksum_of(row: Certificate) -> str:
    """Twelve signs that people can compare by eye, of the signed bytes."""
    digest = base32(hashlib.sha256(row.cose).digest())
    return "-".join(digest[at : at + 4] for at in range(0, 12, 4))


def address_of(row: Certificate, origin: str) -> str:
    """What the QR code of a certificate holds."""
    return payload.address(origin, row.cose)


def _code(standing: str) -> Code:
    if standing in {"valid", "withdrawn", "superseded"}:
        return standing  # type: ignore[return-value]  # narrowed by the line above
    return "suspended"
