"""What time does: new lines of the trail become events, and events are sent until they arrive.

A delivery is taken by one thread of one process; from then on it counts as a try. Should the
process die between the receiver's "taken" and our note of it, it is sent once more under the
same id, as the standard expects. No transaction is open while anything is sent.
"""

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from app.kit.clock import utc_now
from app.kit.database import open_session
from app.kit.inserting import insert_missing
from app.settings import Settings
from app.webhooks import actions, keys, queries
from app.webhooks.gathering import gather
from app.webhooks.models import Delivery, Endpoint, Event, Try
from app.webhooks.rules.schedule import WAIT_MOST, is_worn_out, next_try, outcome_of
from app.webhooks.rules.signing import headers_of
from app.webhooks.sending import Answer, send

log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=2)
"""Nobody else takes a delivery that was taken this short a while ago; longer than any try."""
EVERY: Final = 2.0
SENDERS: Final = 4
AT_ONCE: Final = 50
"""Deliveries of one endpoint in one round."""
ROUND_LASTS: Final = 30.0
"""Seconds after which one endpoint's deliveries leave the sender to another's."""
AGENT: Final = "GECC-Audit-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that this thread alone sends now: its `n`-th try."""

    id: str
    endpoint_id: str
    n: int
    url: str
    message: str
    body: bytes
    secrets: tuple[bytes, ...]


def work(
    engine: Engine,
    settings: Settings,
    now: Callable[[], datetime],
    *,
    trust: ssl.SSLContext | None = None,
) -> tuple[int, int]:
    """Make what is new and send what is due; how many events, how many that arrived."""
    if not settings.webhooks:
        return 0, 0
    return gather(engine, at=now()), send_due(engine, settings, now, trust=trust)


def send_due(
    engine: Engine,
    settings: Settings,
    now: Callable[[], datetime],
    *,
    trust: ssl.SSLContext | None = None,
) -> int:
    """Send every delivery whose time has come; how many arrived.

    Endpoints do not wait for each other, as far as there are senders. Where one delivery
    fails, the others of its endpoint stay for the next round: who is down is not hammered.
    """
    with open_session(engine, reads=True) as session:
        waiting: dict[str, list[str]] = {}
        for row in queries.due(session, at=now(), each=AT_ONCE):
            waiting.setdefault(row.endpoint_id, []).append(row.id)
    if not waiting:
        return 0

    def to_one(ids: Sequence[str]) -> int:
        arrived, end = 0, time.monotonic() + ROUND_LASTS
        for each in ids:
            taken = _take(engine, settings, each, now())
            if taken is None:
                continue
            if not _send(engine, settings, taken, now, trust):
                break
            arrived += 1
            if time.monotonic() > end:
                break
        return arrived

    with ThreadPoolExecutor(SENDERS, thread_name_prefix="webhooks") as senders:
        return sum(senders.map(to_one, waiting.values()))


def tell_always(engine: Engine, settings: Settings) -> None:
    """Keep at it while the product is served."""

    def keep_at_it() -> None:
        while True:
            try:
                gather(engine, at=utc_now())
            except Exception:  # in a moment again; the cursor stands where it stood
                log.exception("webhooks: gathering")
            try:
                send_due(engine, settings, utc_now)
            except Exception:  # in a moment again; what was taken comes back after its lease
                log.exception("webhooks: sending")
            time.sleep(EVERY)

    if settings.webhooks:
        threading.Thread(target=keep_at_it, name="webhooks", daemon=True).start()


def _take(engine: Engine, settings: Settings, delivery_id: str, at: datetime) -> Taken | None:
    """Take a delivery for this thread alone; None: another has it, or its endpoint is off."""
    with open_session(engine) as session:
        on = select(Endpoint.id).where(
            col(Endpoint.off_at).is_(None), col(Endpoint.removed_at).is_(None)
        )
        before = session.exec(select(Delivery.taken_at).where(Delivery.id == delivery_id)).one()
        free = (
            update(Delivery)
            .where(
                col(Delivery.id) == delivery_id,
                col(Delivery.state) == "waiting",
                col(Delivery.next_try_at) <= at,
                col(Delivery.endpoint_id).in_(on),
            )
            .values(
                taken_at=at,
                next_try_at=at + LEASE,
                tries=col(Delivery.tries) + 1,
                step=col(Delivery.step) + 1,
            )
            .returning(col(Delivery.id))
        )
        if session.connection().execute(free).first() is None:
            session.rollback()
            return None
        row = session.get_one(Delivery, delivery_id)
        if before is not None:  # if the try before this one is noted, this changes nothing
            lost = Answer(None, "interrupted")
            _note_try(session, row.id, row.tries - 1, before, lost, None)
        endpoint = session.get_one(Endpoint, row.endpoint_id)
        event = session.get_one(Event, row.event_id)
        taken = Taken(
            id=row.id,
            endpoint_id=row.endpoint_id,
            n=row.tries,
            url=endpoint.url,
            message=event.id,
            body=event.body.encode(),
            secrets=_secrets(settings, endpoint, at),
        )
        session.commit()
    return taken


def _secrets(settings: Settings, endpoint: Endpoint, at: datetime) -> tuple[bytes, ...]:
    """The secrets that sign now, the newest first; none where the key is gone."""
    sealed = [endpoint.sealed]
    if endpoint.old_sealed and endpoint.old_until and endpoint.old_until > at:
        sealed.append(endpoint.old_sealed)
    found = [keys.unseal(settings.data_dir, one, endpoint=endpoint.id) for one in sealed]
    return tuple(one for one in found if one is not None) if found[0] is not None else ()


def _send(
    engine: Engine,
    settings: Settings,
    taken: Taken,
    now: Callable[[], datetime],
    trust: ssl.SSLContext | None,
) -> bool:
    """Send what was taken and note the outcome; whether it arrived."""
    at, begun = now(), time.monotonic()
    if taken.secrets:
        signed = headers_of(
            taken.secrets,
            message=taken.message,
            timestamp=int(at.timestamp()),
            body=taken.body,
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": AGENT,
            **signed,
        }
        answer = send(
            taken.url,
            headers,
            taken.body,
            networks=settings.webhook_networks,
            at=at,
            trust=trust,
        )
    else:
        answer = Answer(None, "no-key")
    millis = int((time.monotonic() - begun) * 1000)
    note(engine, taken, answer, at=at, millis=millis)
    return not answer.failure


def note(engine: Engine, taken: Taken, answer: Answer, *, at: datetime, millis: int) -> None:
    """Write down what became of a try, and what follows from it for delivery and endpoint."""
    with open_session(engine) as session:
        endpoint = session.exec(
            select(Endpoint)
            .where(Endpoint.id == taken.endpoint_id)
            .with_for_update(key_share=True)
        ).one()
        row = session.exec(
            select(Delivery).where(Delivery.id == taken.id).with_for_update(key_share=True)
        ).one()
        _note_try(session, taken.id, taken.n, at, answer, millis)
        outcome = outcome_of(answer.status)
        if outcome == "delivered":
            endpoint.failing_since = None
        elif endpoint.failing_since is None:
            endpoint.failing_since = at
        if row.tries == taken.n:  # else somebody took it after our lease: theirs is the word
            _settle(row, answer, at)
        _heed(session, endpoint, answer, at)
        session.commit()


def _settle(row: Delivery, answer: Answer, at: datetime) -> None:
    outcome = outcome_of(answer.status)
    again = None
    if outcome == "failed":
        again = next_try(row.step, at, chance=random.random(), wait=answer.wait)  # noqa: S311  # spreads load, guards nothing
    if again is not None:
        row.next_try_at = again
        return
    row.state = "delivered" if outcome == "delivered" else "given_up"
    row.settled_at = at


def _heed(session: Session, endpoint: Endpoint, answer: Answer, at: datetime) -> None:
    """What the answer says of the endpoint as a whole."""
    outcome = outcome_of(answer.status)
    endpoint.quiet_until = at + min(answer.wait, WAIT_MOST) if answer.wait else None
    if outcome == "gone":
        actions.stop(session, endpoint, why="gone", at=at)
    elif outcome == "failed" and is_worn_out(endpoint.failing_since, at):
        actions.stop(session, endpoint, why="failing", at=at)
    session.flush()


def _note_try(
    session: Session, delivery: str, n: int, at: datetime, answer: Answer, millis: int | None
) -> None:
    row = {
        "delivery_id": delivery,
        "n": n,
        "at": at,
        "status": answer.status,
        "millis": millis,
        "failure": answer.failure,
    }
    insert_missing(session, Try, [row])
