"""One's own tokens of programs: made, shown once, ended."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import actions, queries
from app.accounts.guards import to
from app.accounts.models import Token
from app.accounts.rules import ACCESS, Caller
from app.accounts.rules.tokens import LASTS, grantable, has_lost, stands
from app.kit.clock import Now
from app.kit.database import Db
from app.kit.errors import Refused, missing
from app.kit.forms import KEY_MOST, again, form_key, id_of_form
from app.kit.html import language, page
from app.kit.text import Line

router = APIRouter(prefix="/account/tokens")
Reader = Annotated[Caller, Depends(to("tables.read"))]
FIELDS: Final = {
    "token.name": "name",
    "token.days": "days",
    "token.scopes": "scopes",
    "token.scopes-not-yours": "scopes",
}


@router.get("")
def tokens(request: Request, session: Db, person: Reader, now: Now) -> HTMLResponse:
    """My tokens, and the form for a new one."""
    return page(request, "accounts/tokens.html", **_shown(request, session, person, now))


@router.post("")
def make(
    request: Request,
    session: Db,
    person: Reader,
    now: Now,
    name: Annotated[Line, Form()] = "",
    days: Annotated[str, Form()] = "90",
    wanted: Annotated[list[str] | None, Form(alias="scopes")] = None,
    key: Annotated[Line, Form(max_length=KEY_MOST)] = "",
) -> HTMLResponse:
    """Make a token, shown on the answer and never again."""
    chosen = wanted or []
    lasts = int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else 0
    typed = {"typed": {"name": name, "days": lasts, "scopes": chosen}}
    said = (person.id, name, lasts, *sorted(chosen))
    try:
        _, secret = actions.make_token(
            session,
            person=person,
            name=name,
            wanted=chosen,
            days=lasts,
            at=now,
            named=(lambda tap: id_of_form(key, *said, tap)) if key else None,
        )
    except Refused as no:
        session.rollback()
        shown = _shown(request, session, person, now) | typed
        return again(request, session, no, "accounts/tokens.html", fields=FIELDS, **shown)
    shown = _shown(request, session, person, now) | {"secret": secret}
    return page(request, "accounts/tokens.html", **shown)


@router.post("/{token_id}/ending")
def end(session: Db, person: Reader, now: Now, token_id: str) -> Response:
    """End one of my tokens."""
    token = session.get(Token, token_id)
    if token is None or token.person_id != person.id:
        missing("token")
    actions.end_token(session, token=token, by=person.id, at=now)
    return RedirectResponse("/account/tokens", 303)


def _shown(request: Request, session: Session, person: Caller, now: Now) -> dict[str, Any]:
    mine = [
        (
            one,
            stands(one.expires_at, one.ended_at, now=now)
            and not has_lost(one.scopes, person.roles),
            [_words(action) for action in one.scopes.split()],
        )
        for one in queries.tokens_of(session, person.id)
    ]
    return {
        "tokens": mine,
        "lasts": [(days, str(days)) for days in LASTS],
        "choices": [
            (action, _words(action)[language(request)]) for action in grantable(person.roles)
        ],
        "secret": None,
        "key": form_key(),
        "typed": {"name": "", "days": 90, "scopes": grantable(person.roles)},
    }


def _words(action: str) -> dict[str, str]:
    return {"th": ACCESS[action].th, "en": ACCESS[action].en}
