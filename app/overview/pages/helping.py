"""Help: what each role does, the keyboard, and the words; and whether the guide is shown."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.guards import SignedIn
from app.accounts.rules import ROLES
from app.kit.html import page
from app.overview.guiding import GUIDES, glossary

router = APIRouter()
SEEN = "guide"


@router.get("/help")
def help_page(request: Request, person: SignedIn) -> HTMLResponse:
    """One's own roles first, then the others."""
    mine = [role for role in ROLES if role in person.roles and role in GUIDES]
    return page(
        request,
        "overview/help.html",
        roles=ROLES,
        guides=GUIDES,
        mine=mine,
        others=[role for role in GUIDES if role not in mine],
        glossary=glossary(),
        hidden=request.cookies.get(SEEN) == "seen",
    )


@router.post("/guide")
def choose_guide(
    request: Request, _person: SignedIn, show: Annotated[str, Form()] = "no"
) -> Response:
    """Put the first steps away on this browser, or bring them back."""
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        SEEN,
        "again" if show == "yes" else "seen",
        max_age=31_536_000,
        samesite="lax",
        secure=request.url.scheme == "https",
        httponly=True,
    )
    return answer
