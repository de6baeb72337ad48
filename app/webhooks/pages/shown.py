"""An endpoint as its page shows it: what stands there, what is typed, what was sent."""

from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import Request
from sqlmodel import Session

from app.accounts.rules import Caller
from app.kit.forms import form_key
from app.kit.html import BANGKOK, language
from app.settings import Settings
from app.webhooks import queries
from app.webhooks.models import Delivery, Endpoint
from app.webhooks.rules.addresses import shown_host
from app.webhooks.rules.kinds import KINDS, TEST, words_of
from app.webhooks.rules.schedule import FAILURES, HEALTHS, OFF_WHYS, STATES

SOON: Final = timedelta(minutes=1)
"""A page looks again by itself while something is to be sent within this time."""
FIELDS: Final = {
    "webhook.name": "name",
    "webhook.url": "url",
    "webhook.not-https": "url",
    "webhook.password-in-url": "url",
    "webhook.inside": "url",
    "webhook.kinds": "kinds",
}


def words(person: Caller) -> dict[str, Any]:
    """What every page of webhooks says things with."""
    manages = person.may("webhooks.manage")
    return {
        "manages": manages,
        "address": lambda row: row.url if manages else shown_host(row.url),
        "kind_words": words_of,
        "to_the_second": to_the_second,
        "next_of": next_of,
        "states": STATES,
        "healths": HEALTHS,
        "off_whys": OFF_WHYS,
        "failures": FAILURES,
    }


def choices(lang: str) -> list[tuple[str, str]]:
    """The kinds of events to choose from: what they are called, and their code."""
    return [(code, f"{words_of(code)[lang]} ({code})") for code in KINDS]


def of_list(session: Session, settings: Settings, person: Caller) -> dict[str, Any]:
    """The page of all endpoints."""
    return words(person) | {
        "endpoints": queries.endpoints(session),
        "removed": queries.removed(session),
        "kinds": {code: words_of(code) for code in KINDS},
        "sends": settings.webhooks,
    }


def of_endpoint(
    session: Session,
    request: Request,
    person: Caller,
    row: Endpoint,
    now: datetime,
    *,
    state: str = "",
    kind: str = "",
    number: int = 1,
) -> dict[str, Any]:
    """The page of one endpoint. `state`, `kind`, `number`: which of its deliveries."""
    settings: Settings = request.app.state.settings
    lang = language(request)
    state = state if state in STATES else ""
    kind = kind if kind in KINDS or kind == TEST else ""
    total, rows = queries.deliveries(session, row.id, state=state, kind=kind, page=number)
    (known,) = queries.known(session, [row])
    return words(person) | {
        "endpoint": row,
        "known": known,
        "rows": rows,
        "sending": {one.id for one, _, last in rows if one.tries > (last.n if last else 0)},
        "total": total,
        "number": number,
        "pages": -(-total // queries.PER_PAGE),
        "state": state,
        "kind": kind,
        "state_choices": [(code, told[lang]) for code, told in STATES.items()],
        "kind_choices": [(code, words_of(code)[lang]) for code in (*KINDS, TEST)],
        "choices": choices(lang),
        "soon": settings.webhooks
        and row.off_at is None
        and any(is_soon(one, now) for one, _, _ in rows),
        "sends": settings.webhooks,
        "typed": {"name": row.name, "url": row.url, "kinds": row.kinds.split()},
        "key": form_key(),
        "secret": None,
        "both_until": row.old_until if row.old_until and row.old_until > now else None,
        "now": now,
    }


def next_of(row: Delivery, endpoint: Endpoint) -> datetime:
    """When it is sent next: at its time, or when its endpoint wants to hear again."""
    return max(row.next_try_at, endpoint.quiet_until or row.next_try_at)


def is_soon(row: Delivery, now: datetime) -> bool:
    """Whether it is sent, or somebody hears of it, before long."""
    return row.state == "waiting" and row.next_try_at <= now + SOON


def to_the_second(moment: datetime, lang: str) -> str:
    """The time of day on Bangkok's clock: tries follow each other within seconds."""
    local = moment.astimezone(BANGKOK)
    return f"{local:%H:%M:%S}" if lang == "en" else f"{local:%H.%M.%S} น."
