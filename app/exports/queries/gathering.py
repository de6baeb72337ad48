"""What goes into an export, as one moment of the database shows it."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.accounts import queries as accounts
from app.accounts.models import Device, SigningKey
from app.audits import queries as audits
from app.audits.models import HeldChange, KeptChange
from app.audits.queries import Found
from app.audits.rules import Change, parse_change
from app.evidence import queries as evidence
from app.evidence.chunks import blob_path
from app.exports.queries.proving import Tree
from app.exports.rules import Contents
from app.exports.rules.layout import (
    About,
    Epoch,
    Held,
    Manifest,
    PhotoHere,
    Photos,
    Row,
)
from app.exports.rules.logged import sightings
from app.exports.rules.reading import held_changes, masked_photos, named_photos
from app.kit.clock import wire
from app.kit.release import release
from app.log import keys as log_keys
from app.log import queries as log
from app.log.rules import origin_of
from app.offices import queries as offices
from app.rounds import queries as rounds
from app.settings import Settings


def of_office(session: Session, code: str, year: int) -> list[Found]:
    """An office's visits and self-assessments of a fiscal year."""
    office = offices.by_code(session, code)
    if office is None:
        return []
    ids = [
        named.id
        for part, in_round, visit in rounds.participations_of(session, office.id)
        if in_round.fiscal_year == year
        for named in (visit, part)
        if named is not None
    ]
    return [found for each in ids if (found := audits.find(session, each)) is not None]


def gather(
    session: Session, audit_id: str, settings: Settings, *, originals: bool, at: datetime
) -> Contents | None:
    """Everything of an audit but the bytes of its photos; None: there is no such audit.

    `originals`: photos that were masked come along; else they are named and kept back.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":  # one moment for all; SQLite has it anyway
        session.rollback()
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    found = audits.find(session, audit_id)
    if found is None:
        return None
    rows = _rows(session, found)
    changes = [parse_change(row.line) for row in rows]
    held = _held(session, audit_id)
    told = held_changes(row.line for row in held)
    head = log.head(session)
    tree = Tree(session, head)
    return Contents(
        manifest=Manifest(
            format=1,
            app=release(),
            made_at=wire(at),
            audit=_about(found),
            edition=found.edition_sha256,
            photos=_photos(session, settings, found, [*changes, *told], changes, originals),
            people=accounts.names(
                session, {change.author for change in changes} | {row.person for row in held}
            ),
            devices=_labels(session, {change.device for change in changes}),
        ),
        edition=audits.edition_of(session, found.edition_sha256),
        rows=rows,
        held=[_as_held(row) for row in held],
        **tree.proofs(audit_id, rows, _keys(session, rows, changes)),
        vkey=log_keys.vkey(settings.data_dir, origin_of(settings.origin, head.epoch)),
        checkpoint=log_keys.checkpoint(session, settings, head),
        epochs=[
            Epoch(
                number=each.number,
                started_at=wire(each.started_at),
                reason=each.reason,
                size=each.size,
                root=each.root,
            )
            for each in log.epochs(session)
        ],
        witnesses=tree.witnesses(sightings(changes)),
    )


def photo_is_whole(data_dir: Path, sha256: str) -> bool:
    """Whether the bytes on our disk are those of the photo's name."""
    try:
        with blob_path(data_dir, sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _rows(session: Session, found: Found) -> list[Row]:
    wanted = (
        select(
            col(KeptChange.seq),
            col(KeptChange.received_at),
            col(KeptChange.kid),
            col(KeptChange.signature),
            col(KeptChange.line),
        )
        .where(col(KeptChange.audit_id) == found.id, col(KeptChange.seq) <= found.head)
        .order_by(col(KeptChange.seq))
    )
    kept = session.connection().execute(wanted)
    return [Row(seq, wire(at), kid, signature, line) for seq, at, kid, signature, line in kept]


def _held(session: Session, audit_id: str) -> Sequence[HeldChange]:
    wanted = select(HeldChange).where(col(HeldChange.audit_id) == audit_id)
    ordered = wanted.order_by(col(HeldChange.received_at), col(HeldChange.key))
    return session.execute(ordered).scalars().all()


def _as_held(row: HeldChange) -> Held:
    return Held(
        line=base64.b64encode(row.line).decode(),
        code=row.code,
        th=row.th,
        en=row.en,
        person=row.person,
        device=row.device,
        kid=row.kid,
        signature=row.signature,
        received_at=wire(row.received_at),
        kept_at=wire(row.kept_at) if row.kept_at else None,
    )


def _about(found: Found) -> About:
    return About(
        id=found.id,
        kind="visit" if found.visit else "self",
        office={"code": found.office.code, "name": found.office.name},
        round={"name": found.round.name, "fiscal_year": found.round.fiscal_year},
        planned_on=found.planned_on.isoformat() if found.planned_on else None,
        stage=found.stage,  # type: ignore[arg-type]  # from the database, where it is checked
        head=found.head,
    )


def _photos(
    session: Session,
    settings: Settings,
    found: Found,
    named_by: Sequence[Change],
    kept: Sequence[Change],
    originals: bool,
) -> Photos:
    named = named_photos(named_by)
    withheld = set() if originals else masked_photos(kept) & named
    here = [
        PhotoHere(sha256=sha256, bytes=blob.bytes, type=blob.type)
        for sha256 in sorted(named - withheld)
        if (blob := evidence.blob(session, sha256)) is not None
        and audits.vouched_in(session, found.id, sha256)
        and photo_is_whole(settings.data_dir, sha256)
    ]
    missing = named - withheld - {photo.sha256 for photo in here}
    return Photos(
        here=tuple(here),
        missing=tuple(sorted(missing)),
        withheld=tuple(sorted(withheld)),
    )


def _labels(session: Session, devices: set[str]) -> dict[str, str]:
    wanted = select(col(Device.id), col(Device.label)).where(col(Device.id).in_(devices))
    return dict(session.connection().execute(wanted).all())


def _keys(
    session: Session, rows: Sequence[Row], changes: Sequence[Change]
) -> list[tuple[SigningKey, str]]:
    """The keys of the devices that wrote here, and those that signed; each with its person."""
    wanted = (
        select(SigningKey, col(Device.person_id))
        .join(Device, col(Device.id) == col(SigningKey.device_id))
        .where(
            or_(
                col(SigningKey.device_id).in_({change.device for change in changes}),
                col(SigningKey.kid).in_({row.kid for row in rows if row.kid}),
            )
        )
        .order_by(col(SigningKey.kid))
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]
