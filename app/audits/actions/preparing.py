"""Preparing an audit for a phone: its pack, immutable under its own SHA-256."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts.rules import Caller
from app.audits.actions.opening import open_audit
from app.audits.models import Pack
from app.audits.queries import Found, packed
from app.checklists.rules import canonical, sha256_of
from app.kit.inserting import insert_missing
from app.settings import Settings
from app.trail import actions as trail


def prepare(
    session: Session, found: Found, settings: Settings, *, by: Caller, at: datetime
) -> str:
    """Compose the pack as things stand and keep it; return its SHA-256.

    The same content is the same pack; asking again makes it the latest again.
    """
    found = open_audit(session, found, by=by.id, at=at)
    body = canonical(packed(session, by, found, settings))
    sha256 = sha256_of(body)
    row = {"sha256": sha256, "audit_id": found.id, "body": body, "made_at": at}
    if not insert_missing(session, Pack, [row]):
        again = update(Pack).where(col(Pack.sha256) == sha256).values(made_at=at)
        session.connection().execute(again)
    detail = {"pack": sha256}
    trail.record(session, "audit.prepared", "audit", found.id, by=by.id, at=at, detail=detail)
    return sha256
