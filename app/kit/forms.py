"""Forms: one that is refused comes back with what was typed and the reason beside its field."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.kit.errors import Refusal, Refused
from app.kit.html import language, page

KEY_MOST: Final = 40
"""Signs that a form's key may have."""


def form_key() -> str:
    """A key of its own for each time that a form is shown; it goes into a hidden field."""
    return str(uuid4())


def id_of_form(key: str, *said: object) -> str:
    """The id of what a form makes: that of the same form with the same words is the same.

    A finger that taps twice makes one thing; other words from the same page make another. Where
    no key came (a program, an old page) it is made by chance.
    """
    return str(uuid5(NAMESPACE_URL, "\0".join(map(str, (key, *said))))) if key else form_key()


def errors_of(
    request: Request, refusal: Refusal, fields: Mapping[str, str] | None = None
) -> dict[str, str]:
    """`{field: sentence}` for a refusal; `fields` says which code belongs to which field."""
    field = (fields or {}).get(refusal.code, "")
    return {field: refusal.sentence(language(request))}


def again(
    request: Request,
    session: Session,
    no: Refused,
    name: str,
    *,
    fields: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The page `name` once more with 422 and the reason; nothing of this request is kept."""
    session.rollback()
    found = errors_of(request, no.refusal, fields)
    return page(request, name, status=422, errors=found, **context)
