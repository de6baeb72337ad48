"""Pages: Jinja2 with nothing undefined, gettext, Buddhist Era dates, release-stamped assets."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.kit.release import release
from app.kit.words import LANGUAGES, catalogue
from app.settings import ROOT

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
MONTHS = {
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน "
    "กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "en": "January February March April May June "
    "July August September October November December",
}


def be_date(value: date | datetime | str, lang: str = "th") -> str:
    """A day as people write it: `13 มกราคม 2565`, or `13 January 2022` in English."""
    day = _in_bangkok(value)
    year = day.year if lang == "en" else day.year + 543
    return f"{day.day} {MONTHS[lang].split()[day.month - 1]} {year}"


def be_datetime(value: datetime | str, lang: str = "th") -> str:
    """A moment on Bangkok's clock: `13 มกราคม 2565 14.05 น.`.

    What is no moment at all is shown as it is: cameras write such things into their photos, and
    a phone's clock may say that it is the end of the year 9999.
    """
    try:
        moment = _in_bangkok(value)
    except (ValueError, OverflowError):
        return str(value)
    assert isinstance(moment, datetime)
    clock = f"{moment:%H:%M}" if lang == "en" else f"{moment:%H.%M} น."
    return f"{be_date(moment, lang)} {clock}"


def _in_bangkok(value: date | datetime | str) -> date | datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=BANGKOK)  # a camera's clock, which knows no zone
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(BANGKOK)
    return value


def points(hundredths: int) -> str:
    """Hundredths of a point as people read them: 8500 -> `85`, 8550 -> `85.5`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


@lru_cache
def environment(lang: str) -> Environment:
    """The Jinja environment of one language."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(catalogue(lang), newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    env.globals.update(
        lang=lang,
        release=release(),
        static=lambda path: f"/static/{release()}/{path}",
        in_lang=lambda words: words[lang] if words else "",
    )
    env.filters.update(
        be_date=lambda value: be_date(value, lang),
        be_datetime=lambda value: be_datetime(value, lang),
        points=points,
    )
    return env


def language(request: Request) -> str:
    """The language a request asks for: its `/en/` path, else its cookie, else Thai."""
    if request.url.path.startswith("/en/"):
        return "en"
    chosen = request.cookies.get("lang", "th")
    return chosen if chosen in LANGUAGES else "th"


def page(
    request: Request,
    name: str,
    *,
    block: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """Render a template, or with `block` one of its blocks, the htmx fragment of that page."""
    env = environment(language(request))
    template = env.get_template(name)
    values = {
        "request": request,
        "path": request.url.path,
        "person": getattr(request.state, "person", None),
        "errors": {},
        **context,
    }
    if block is None:
        text = template.render(values)
    else:
        scope = template.new_context(values)
        text = "".join(template.blocks[block](scope))
    return HTMLResponse(
        text, status, headers=dict(headers or {}) | {"Cache-Control": "no-store"}
    )
