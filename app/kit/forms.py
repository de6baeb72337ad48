"""Forms: one that is refused comes back with what was typed and the reason beside its field."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.kit.errors import Refusal, Refused
from app.kit.html import language, page


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
