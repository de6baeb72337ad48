"""Who may come in. Every answer of no is an `Unsigned` or a `Forbidden`; a doubt is a no.

person: SignedIn                       anybody who is signed in
person: Annotated[Caller, Depends(require("administrator"))]
person: Annotated[Caller, Depends(to("rounds.plan"))]      a line of rules.ACCESS
call: ByDevice                         `device, person = call`
"""

import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request, Response
from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts import queries
from app.accounts.models import Device, SignInSession
from app.accounts.rules import DISABLED, REVOKED, UNSIGNED, Caller, allowed, digest, idle_limit
from app.kit.clock import Now
from app.kit.database import Db, open_session
from app.kit.errors import Forbidden, Refused
from app.kit.turns import READ_VERBS
from app.settings import Settings

SEEN_EVERY: Final = timedelta(minutes=10)
USED_EVERY: Final = timedelta(days=1)
KNOWN_FOR: Final = timedelta(days=365)
DEVICE: Final = re.compile(r"Device ([0-9a-f-]{36})\.([A-Za-z0-9_-]{20,200})")
NOT_YOURS: Final = Forbidden(
    "role.missing",
    "บัญชีของคุณไม่มีสิทธิ์ทำรายการนี้",
    "Your account may not do this.",
)


class DeviceCall(NamedTuple):
    """A device and whose it is."""

    device: Device
    person: Caller


def signed_in(request: Request, session: Db, now: Now) -> Caller:
    """The signed-in person; pages find them as `person`. Refuses with `Unsigned`."""
    held, person = session_of(request, session, now)
    if held.seen_at + SEEN_EVERY <= now:
        _touch(request, session, held.token_hash, now)
    request.state.person = person
    return person


def session_of(
    request: Request, session: Session, now: datetime
) -> tuple[SignInSession, Caller]:
    """The sign-in behind a request, which it does not note as used. Refuses with `Unsigned`."""
    token = request.cookies.get(cookie_name(request, "session"))
    found = queries.caller_of_session(session, digest(token)) if token else None
    if found is None:
        raise Refused(UNSIGNED)
    held, person = found
    if person.disabled:
        raise Refused(DISABLED)
    if held.expires_at <= now or held.seen_at + idle_limit(person.roles) <= now:
        raise Refused(UNSIGNED)
    return held, person


def maybe_signed_in(request: Request, session: Db, now: Now) -> Caller | None:
    """The signed-in person, or nobody: for pages that greet both."""
    try:
        return signed_in(request, session, now)
    except Refused:
        return None


def require(*roles: str) -> Callable[[Caller], Caller]:
    """A guard that lets in whoever is signed in and holds one of these roles."""
    wanted = frozenset(roles)

    def holds_role(person: SignedIn) -> Caller:
        if not wanted & person.roles:
            raise Refused(NOT_YOURS)
        return person

    return holds_role


def to(action: str) -> Callable[[Caller], Caller]:
    """A guard for a line of `rules.ACCESS`: `Depends(to("rounds.plan"))`."""
    return require(*allowed(action))


def device_even_if_disabled(request: Request, session: Db, now: Now) -> DeviceCall:
    """The device that calls and its person, whose account may be closed (`person.disabled`).

    Only for what must be kept rather than refused: a push is then held.
    """
    sent = DEVICE.fullmatch(request.headers.get("authorization", ""))
    found = queries.caller_of_device(session, sent[1]) if sent else None
    if sent is None or found is None:
        raise Refused(UNSIGNED)
    device, person = found
    if not hmac.compare_digest(device.key_hash, digest(sent[2])):
        raise Refused(UNSIGNED)
    settings: Settings = request.app.state.settings
    used = device.last_used_at or device.enrolled_at
    if device.revoked_at is not None or used + timedelta(days=settings.device_key_days) <= now:
        raise Refused(REVOKED)
    if request.method not in READ_VERBS and used + USED_EVERY <= now:
        device.last_used_at = now
    request.state.person = person
    return DeviceCall(device, person)


def by_device(
    call: Annotated[DeviceCall, Depends(device_even_if_disabled, scope="function")],
) -> DeviceCall:
    """The device that calls and its person. Refuses a closed account: `account.disabled`."""
    if call.person.disabled:
        raise Refused(DISABLED)
    return call


def session_or_device(request: Request, session: Db, now: Now) -> Caller:
    """The person behind a request, by device key when one is sent, else by session cookie."""
    if "authorization" in request.headers:
        return by_device(device_even_if_disabled(request, session, now)).person
    return signed_in(request, session, now)


SignedIn = Annotated[Caller, Depends(signed_in)]
MaybeSignedIn = Annotated[Caller | None, Depends(maybe_signed_in)]
ByDevice = Annotated[DeviceCall, Depends(by_device)]
ByDeviceEvenIfDisabled = Annotated[DeviceCall, Depends(device_even_if_disabled)]
SessionOrDevice = Annotated[Caller, Depends(session_or_device)]


def cookie_name(request: Request, name: str) -> str:
    """`__Host-session` over https, which browsers keep to this very host; else `session`."""
    return f"__Host-{name}" if _https(request) else name


def set_cookie(
    request: Request, response: Response, name: str, value: str, lasts: timedelta
) -> None:
    """Put a cookie that no script reads and no other site sends along with a form."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=_https(request),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie away."""
    set_cookie(request, response, name, "", timedelta(0))


def _https(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    return settings.origin.startswith("https:") or request.url.scheme == "https"


def _touch(request: Request, session: Session, token_hash: str, now: datetime) -> None:
    """Note that a sign-in is in use, also when it only reads.

    A GET rolls its own transaction back, so this small note has one of its own; at most one in
    ten minutes for each sign-in.
    """
    note = (
        update(SignInSession)
        .where(col(SignInSession.token_hash) == token_hash)
        .values(seen_at=now)
    )
    if request.method not in READ_VERBS:
        session.execute(note)
        return
    session.rollback()  # one connection at a time, or many at once wait for each other
    with open_session(request.app.state.engine) as own:
        own.execute(note)
        own.commit()
