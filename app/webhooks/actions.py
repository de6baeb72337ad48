"""Endpoints are made, changed, given another secret, switched off and on, tried, removed.

Forms come twice when a finger slips. What makes something new carries the id of its form and
its words (`once`); what sends again says how many tries were seen. The second is then the
first.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from app.kit.clock import wire
from app.kit.database import take_turns
from app.kit.errors import Conflict, Refused, missing, refuse
from app.settings import Settings
from app.trail import actions as trail
from app.trail.models import TrailLine
from app.webhooks import keys, queries
from app.webhooks.models import Delivery, Endpoint, Event
from app.webhooks.rules.addresses import refusal_of_name, refusal_of_url, shown_host
from app.webhooks.rules.kinds import KINDS, TEST, body_of, refusal_of_kinds
from app.webhooks.rules.schedule import OFF_WHYS
from app.webhooks.rules.signing import OLD_LASTS, SECRET_BYTES, secret_text

TRAIL: Final = {
    "make": "webhook.made",
    "change": "webhook.changed",
    "rotate": "webhook.rotated",
    "switch_off": "webhook.off",
    "stop": "webhook.stopped",
    "switch_on": "webhook.on",
    "remove": "webhook.removed",
    "send_test": "webhook.tested",
    "send_again": "webhook.sent-again",
}
MOST: Final = 20
SHOWN_AGAIN: Final = timedelta(minutes=10)
"""A form that comes twice gets the same secret shown twice, within this time."""
TOO_MANY: Final = Conflict(
    "webhook.too-many",
    f"มีปลายทางครบ {MOST} แห่งแล้ว ลบแห่งที่ไม่ใช้ก่อน",
    f"There are {MOST} endpoints already. Remove one that is not used.",
)
IS_OFF: Final = Conflict(
    "webhook.off", "ปลายทางนี้ปิดอยู่ เปิดก่อนแล้วจึงส่งได้", "This endpoint is off. Switch it on first."
)
SHOWN_BEFORE: Final = Conflict(
    "webhook.secret-shown",
    "รหัสลับนี้แสดงไปแล้วและไม่แสดงอีก ถ้าไม่ได้คัดลอกไว้ ให้เปลี่ยนรหัสลับใหม่",
    "This secret was shown before and is shown no more. If it was not copied, make a new one.",
)


def make(
    session: Session,
    settings: Settings,
    *,
    once: UUID,
    name: str,
    url: str,
    kinds: Collection[str],
    by: str,
    at: datetime,
) -> tuple[Endpoint, str]:
    """An endpoint that is told of what happens from now on, and its secret. Raises Refused."""
    take_turns(session, "webhook endpoints")  # two taps, or the last place for two
    there = session.get(Endpoint, str(once))
    if there is not None:
        return there, _shown_again(settings, there, once, by=by, at=at)
    _refuse(settings, name, url, kinds)
    if len(queries.endpoints(session)) >= MOST:
        raise Refused(TOO_MANY)
    secret = secrets.token_bytes(SECRET_BYTES)
    made = Endpoint(
        id=str(once),
        name=name,
        url=url,
        kinds=_in_order(kinds),
        made_by=by,
        made_at=at,
        after=0,
        sealed=keys.seal(settings.data_dir, secret, endpoint=str(once)),
        secret_at=at,
        secret_by=by,
        secret_once=str(once),
    )
    session.add(made)
    made.after = _record(session, "make", made, by=by, at=at, host=shown_host(url))
    session.flush()
    return made, secret_text(secret)


def change(
    session: Session,
    settings: Settings,
    endpoint_id: str,
    *,
    name: str,
    url: str,
    kinds: Collection[str],
    by: str,
    at: datetime,
) -> None:
    """Another name, address or choice of events. The same again changes nothing.

    Raises Refused.
    """
    row = _locked(session, endpoint_id)
    _refuse(settings, name, url, kinds)
    if (row.name, row.url, row.kinds) == (name, url, _in_order(kinds)):
        return
    if row.url != url:  # what the other one answered says nothing of this one
        row.failing_since = row.quiet_until = None
    row.name, row.url, row.kinds = name, url, _in_order(kinds)
    _record(session, "change", row, by=by, at=at, host=shown_host(url))


def rotate(
    session: Session,
    settings: Settings,
    endpoint_id: str,
    *,
    once: UUID,
    leaked: bool,
    by: str,
    at: datetime,
) -> str:
    """A new secret; the one before it signs as well for a day, unless it `leaked`.

    Raises Refused.
    """
    row = _locked(session, endpoint_id)
    if row.secret_once == str(once):
        return _shown_again(settings, row, once, by=by, at=at)
    secret = secrets.token_bytes(SECRET_BYTES)
    row.old_sealed, row.old_until = (None, None) if leaked else (row.sealed, at + OLD_LASTS)
    row.sealed = keys.seal(settings.data_dir, secret, endpoint=row.id)
    row.secret_at, row.secret_by, row.secret_once = at, by, str(once)
    _record(session, "rotate", row, by=by, at=at, leaked=leaked)
    return secret_text(secret)


def switch_off(session: Session, endpoint_id: str, *, by: str, at: datetime) -> None:
    """Send nothing there; what happens meanwhile is not put aside. Twice is harmless."""
    row = _locked(session, endpoint_id)
    if row.off_at is None:
        row.off_at, row.off_why = at, "person"
        _record(session, "switch_off", row, by=by, at=at)


def stop(
    session: Session, row: Endpoint, *, why: Literal["gone", "failing"], at: datetime
) -> None:
    """Switch an endpoint off that wants nothing, or where nothing arrives; the system does."""
    if row.off_at is None:
        row.off_at, row.off_why = at, why
        _record(session, "stop", row, by=None, at=at, why=OFF_WHYS[why])


def switch_on(session: Session, endpoint_id: str, *, by: str, at: datetime) -> None:
    """Tell it of what happens from now on, and send what still waits. Twice is harmless."""
    row = _locked(session, endpoint_id)
    if row.off_at is None:
        return
    row.off_at = row.off_why = row.failing_since = row.quiet_until = None
    row.after = _record(session, "switch_on", row, by=by, at=at)
    session.flush()


def remove(session: Session, endpoint_id: str, *, by: str, at: datetime) -> None:
    """Send nothing there any more and forget its secrets; its history stays."""
    row = _locked(session, endpoint_id)
    row.removed_at, row.sealed = at, ""
    row.old_sealed = row.old_until = None
    _record(session, "remove", row, by=by, at=at)


def send_test(
    session: Session, endpoint_id: str, *, once: UUID, by: str, at: datetime
) -> Delivery:
    """Put a `webhook.test` on its way; the same form twice is one. Raises Refused."""
    row = _locked(session, endpoint_id)
    if row.off_at is not None:
        raise Refused(IS_OFF)
    message = f"msg_{once.hex}"
    there = session.exec(
        select(Delivery).where(Delivery.event_id == message, Delivery.endpoint_id == row.id)
    ).first()
    if there is not None:
        return there
    data = {"endpoint_id": row.id}
    session.add(
        Event(
            id=message,
            kind=TEST,
            at=at,
            body=body_of(TEST, timestamp=wire(at), data=data),
        )
    )
    session.flush()
    made = Delivery(
        id=str(uuid4()), endpoint_id=row.id, event_id=message, made_at=at, next_try_at=at
    )
    session.add(made)
    _record(session, "send_test", row, by=by, at=at)
    return made


def send_again(
    session: Session, endpoint_id: str, delivery_id: str, *, seen: int, by: str, at: datetime
) -> None:
    """Send a delivery now, under its id; the schedule begins anew. Raises Refused.

    `seen`: how many tries it had when somebody wished this. Had it another since, or is it
    about to be sent, nothing happens.
    """
    row = _locked(session, endpoint_id)
    if row.off_at is not None:
        raise Refused(IS_OFF)
    found = session.exec(
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.endpoint_id == row.id)
        .with_for_update(key_share=True)
    ).first()
    if found is None:
        missing("delivery")
    soon = found.state == "waiting" and found.next_try_at <= at
    if found.tries != seen or soon or queries.is_under_way(session, found):
        return
    _begin_anew(found, at)
    _record(session, "send_again", row, by=by, at=at, deliveries=1)


def send_missed(session: Session, endpoint_id: str, *, by: str, at: datetime) -> int:
    """Send all that was given up, each under its id; how many. Raises Refused."""
    row = _locked(session, endpoint_id)
    if row.off_at is not None:
        raise Refused(IS_OFF)
    found = session.exec(
        select(Delivery)
        .where(Delivery.endpoint_id == row.id, col(Delivery.state) == "given_up")
        .with_for_update(key_share=True)
    ).all()
    for each in found:
        _begin_anew(each, at)
    if found:
        _record(session, "send_again", row, by=by, at=at, deliveries=len(found))
    return len(found)


def _begin_anew(row: Delivery, at: datetime) -> None:
    row.state, row.step, row.next_try_at, row.settled_at = "waiting", 0, at, None


def _refuse(settings: Settings, name: str, url: str, kinds: Collection[str]) -> None:
    refuse(refusal_of_name(name))
    refuse(refusal_of_url(url, networks=settings.webhook_networks))
    refuse(refusal_of_kinds(kinds))


def _in_order(kinds: Collection[str]) -> str:
    return " ".join(kind for kind in KINDS if kind in kinds)


def _locked(session: Session, endpoint_id: str) -> Endpoint:
    """The endpoint, held until this transaction ends; a removed one is there no more.

    Held against changes, not against rows that name it: who walks over the trail keeps us
    from writing a line while adding deliveries, and would wait for us.
    """
    found = session.exec(
        select(Endpoint).where(Endpoint.id == endpoint_id).with_for_update(key_share=True)
    ).first()
    if found is None or found.removed_at is not None:
        missing("webhook")
    return found


def _shown_again(
    settings: Settings, row: Endpoint, once: UUID, *, by: str, at: datetime
) -> str:
    """The secret that this very form asked for a moment ago. Raises Refused."""
    asked = row.secret_once == str(once) and row.secret_by == by
    secret = keys.unseal(settings.data_dir, row.sealed, endpoint=row.id) if asked else None
    if secret is None or at > row.secret_at + SHOWN_AGAIN:
        raise Refused(SHOWN_BEFORE)
    return secret_text(secret)


def _record(
    session: Session, action: str, row: Endpoint, *, by: str | None, at: datetime, **detail: Any
) -> int:
    """A line in the trail about an endpoint; its number. Of an address it names the host."""
    told = {"name": row.name, **detail}
    trail.record(session, TRAIL[action], "webhook", row.id, by=by, at=at, detail=told)
    session.flush()
    newest = select(TrailLine.id).where(
        TrailLine.kind == "webhook", TrailLine.subject == row.id
    )
    return session.exec(newest.order_by(col(TrailLine.id).desc()).limit(1)).one() or 0
