"""One's own devices, sign-ins and password."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import actions, queries
from app.accounts.guards import SignedIn, cookie_name, set_cookie
from app.accounts.models import Device, SignInSession
from app.accounts.rules import DIFFERENT, WRONG_OLD, browser_of, digest, refusal_of_password
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refusal, missing
from app.kit.forms import errors_of
from app.kit.html import page

router = APIRouter()
FIELDS = {
    "password.short": "new",
    "password.long": "new",
    "password.easy": "new",
    "password.different": "repeated",
    "password.old-wrong": "old",
}


@router.get("/devices")
def devices(request: Request, session: Db, person: SignedIn, now: Now) -> HTMLResponse:
    """My devices and where I am signed in."""
    token = request.cookies.get(cookie_name(request, "session"), "")
    return page(
        request,
        "accounts/devices.html",
        devices=queries.devices_of(session, person.id),
        signs_since=queries.signs_since(session, person.id),
        sessions=[
            (held, browser_of(held.user_agent))
            for held in queries.sessions_of(session, person.id, now=now)
        ],
        here=digest(token),
    )


@router.post("/devices/{device_id}/revocation")
def revoke(session: Db, person: SignedIn, now: Now, device_id: str) -> Response:
    """Stop one of my devices."""
    device = session.get(Device, device_id)
    if device is None or device.person_id != person.id:
        missing("device")
    actions.revoke_device(session, device=device, by=person.id, at=now)
    return RedirectResponse("/devices", 303)


@router.post("/devices/sign-ins/others/ending")
def end_others(request: Request, session: Db, person: SignedIn, now: Now) -> Response:
    """End all my sign-ins but this one."""
    token = request.cookies.get(cookie_name(request, "session"), "")
    actions.end_other_sessions(session, person=person.id, keep=digest(token), at=now)
    return RedirectResponse("/devices", 303)


@router.post("/devices/sign-ins/{token_hash}/ending")
def end(session: Db, person: SignedIn, now: Now, token_hash: str) -> Response:
    """End one of my sign-ins."""
    held = session.get(SignInSession, token_hash)
    if held is None or held.person_id != person.id:
        missing("sign-in")
    actions.end_session(session, held=held, by=person.id, at=now)
    return RedirectResponse("/devices", 303)


@router.get("/password")
def password_page(request: Request, session: Db, person: SignedIn, now: Now) -> HTMLResponse:
    """The form for a new password, and the tokens that it leaves as they are."""
    tokens = queries.token_names(session, person.id, now=now)
    return page(request, "accounts/password.html", tokens=tokens)


@router.post("/password")
def change_password(
    request: Request,
    session: Db,
    person: SignedIn,
    now: Now,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    repeated: Annotated[str, Form()] = "",
) -> Response:
    """A new password; every sign-in ends and this browser gets a new one."""
    me = queries.person(session, person.id)
    if me is None:
        missing("person")
    # Guessing the old password at somebody's open desk is slowed like signing in.
    account, wait = actions.begin_try(
        session, username=me.username, network=f"own:{me.id}", known=None, at=now
    )
    if wait is not None:
        refusal: Refusal | None = wait[0]
    elif not queries.same_password(me, old[:1000]):
        refusal = WRONG_OLD
    else:
        refusal = DIFFERENT if new != repeated else refusal_of_password(new, me.username)
    if refusal is not None:  # an outcome, not an exception: the try stays counted
        found = errors_of(request, refusal, FIELDS)
        tokens = queries.token_names(session, me.id, now=now)
        return page(request, "accounts/password.html", status=422, errors=found, tokens=tokens)
    actions.change_password(session, person=me, password=new, at=now)
    lasts = timedelta(days=request.app.state.settings.session_days)
    token, _ = actions.sign_in(
        session,
        person=me.id,
        account=account,
        known=request.cookies.get(cookie_name(request, "known")),
        user_agent=request.headers.get("user-agent", ""),
        lasts=lasts,
        at=now,
    )
    answer = RedirectResponse("/devices", 303)
    set_cookie(request, answer, "session", token, lasts)
    return answer
