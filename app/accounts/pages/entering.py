"""The front door: `/sign-in` and `/sign-out`."""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import actions, queries
from app.accounts.guards import (
    KNOWN_FOR,
    MaybeSignedIn,
    cookie_name,
    drop_cookie,
    set_cookie,
)
from app.accounts.rules import (
    DEMO_PASSWORD,
    DISABLED,
    ROLES,
    WRONG,
    Caller,
    first_page,
    local_path,
    network_of,
    tidy_username,
)
from app.kit.clock import Now
from app.kit.database import Db, open_session
from app.kit.errors import Refusal
from app.kit.forms import errors_of
from app.kit.html import language, page
from app.kit.text import Line
from app.kit.turns import Workplace, aside

router = APIRouter()
Wanted = Annotated[str, Query(alias="next")]


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    session: Db,
    person: MaybeSignedIn,
    wanted: Wanted = "",
    out: str = "",
    other: str = "",
) -> Response:
    """The form; whoever is signed in already goes on, unless somebody else wants to enter."""
    if person is not None and not other:
        return RedirectResponse(first_page(person.roles, wanted, language(request)), 303)
    request.state.person = None  # the form is for whoever comes now
    return _form(request, session, wanted=wanted, out=bool(out))


@router.post("/sign-in")
def sign_in(
    request: Request,
    _work: Workplace,
    session: Db,
    now: Now,
    username: Annotated[Line, Form()] = "",
    password: Annotated[str, Form()] = "",
    wanted: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Sign in, or say no in one sentence that tells nothing about who exists."""
    username = tidy_username(username)[:100]
    known = request.cookies.get(cookie_name(request, "known"))
    network = network_of(request.client.host if request.client else "")
    # A transaction of its own: the try counts whatever follows, and no lock is held while the
    # password is hashed, which is slow on purpose.
    with open_session(request.app.state.engine) as before:
        account, refusal = actions.begin_try(
            before, username=username, network=network, known=known, at=now
        )
        found = queries.by_username(before, username)
        before.commit()
    if refusal is not None:
        answer = _form(
            request, session, username=username, wanted=wanted, refusal=refusal[0], status=429
        )
        answer.headers["Retry-After"] = str(refusal[1])
        return answer
    with aside(request):
        right = queries.same_password(found, password[:1000])
    if password == DEMO_PASSWORD and not request.app.state.settings.demo:
        right = False  # an invented world that became a real one must not stay open to readers
    person = queries.caller(session, found.id) if found and right else None
    if person is None or person.disabled or found is None:
        actions.fail(session, person=found, at=now)
        refusal_told = DISABLED if person is not None and person.disabled else WRONG
        return _form(
            request, session, username=username, wanted=wanted, refusal=refusal_told, status=422
        )
    return _enter(request, session, person, account, known, wanted, now=now)


def _enter(
    request: Request,
    session: Session,
    person: Caller,
    account: str,
    known: str | None,
    wanted: str,
    *,
    now: Now,
) -> Response:
    lasts = timedelta(days=request.app.state.settings.session_days)
    old = request.cookies.get(cookie_name(request, "session"))
    if old:
        actions.sign_out(session, token=old, at=now)
    token, known = actions.sign_in(
        session,
        person=person.id,
        account=account,
        known=known,
        user_agent=request.headers.get("user-agent", ""),
        lasts=lasts,
        at=now,
    )
    answer = RedirectResponse(first_page(person.roles, wanted, language(request)), 303)
    set_cookie(request, answer, "session", token, lasts)
    set_cookie(request, answer, "known", known, KNOWN_FOR)
    # A mark for the walk's script, which remembers who was here: ask again who it is now.
    secure = cookie_name(request, "").startswith("__Host-")
    mark, life = token_urlsafe(6), int(lasts.total_seconds())
    answer.set_cookie("entered", mark, max_age=life, samesite="lax", secure=secure)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, session: Db, now: Now) -> Response:
    """End this browser's sign-in. What the phone holds stays: it belongs to its person."""
    token = request.cookies.get(cookie_name(request, "session"))
    if token:
        actions.sign_out(session, token=token, at=now)
    answer = RedirectResponse("/sign-in?out=1", 303)
    drop_cookie(request, answer, "session")
    return answer


def _form(
    request: Request,
    session: Session,
    *,
    username: str = "",
    wanted: str = "",
    out: bool = False,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HTMLResponse:
    demo = queries.everybody(session)[:30] if request.app.state.settings.demo else []
    granted = queries.roles_of(session, [each.id for each in demo])
    return page(
        request,
        "accounts/sign_in.html",
        status=status,
        errors=errors_of(request, refusal) if refusal else {},
        username=username,
        wanted=local_path(wanted) or "",
        out=out,
        demo=[(each, [ROLES[role] for role in granted[each.id]]) for each in demo],
        demo_password=DEMO_PASSWORD if demo else "",
    )
