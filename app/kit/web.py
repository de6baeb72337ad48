"""The web: security headers, cross-site refusal, static files, and refusals as HTTP answers."""

import logging
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit import doorstep, errors, files
from app.kit.assets import served
from app.kit.html import language, page
from app.kit.release import STATIC

log = logging.getLogger(__name__)
STATUS: Final[dict[type[errors.Refusal], int]] = {
    errors.Missing: 404,
    errors.Unsigned: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Full: 507,
    errors.Busy: 503,
}

# Rules explain a no before the database has to; these remain when two do the same at once, or
# when a stranger's text is one that PostgreSQL cannot store.
DATABASE_SAYS: Final[dict[type[Exception], errors.Refusal]] = {
    IntegrityError: errors.Conflict(
        "request.at-once",
        "มีผู้อื่นแก้ไขข้อมูลเดียวกันนี้พร้อมกัน กรุณาเปิดหน้านี้ใหม่แล้วลองอีกครั้ง",
        "Somebody else changed the same thing at the same time. Open the page again and retry.",
    ),
    DataError: doorstep.NOT_TEXT,
    OperationalError: errors.BUSY,
    NoConnection: errors.BUSY,
}

DATABASE_IS_FULL: Final = frozenset({"SQLITE_FULL", "53100"})  # as PostgreSQL numbers it

# Who raises these is a trigger of `kit.history`: a rule that nobody's request may go past.
REFUSED_BY_TRIGGER: Final = frozenset({"SQLITE_CONSTRAINT_TRIGGER", "23001", "23514"})

# Tells the gzip middleware that these bytes are compressed already.
AS_IT_IS: Final = {"Content-Encoding": "identity"}

ODATA: Final = {"OData-Version": "4.0"}

HEADERS: Final[dict[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: with it browsers send forms under `Origin: null`, and on plain http,
    # where they send no Sec-Fetch-Site, every form would look like another site's.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
}


class SecureHeaders:
    """Puts the security headers on every answer, whatever made it."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if https:
            self.headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and stamp the start of the answer."""

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, stamped if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses writing requests that another site made the browser send.

    `Sec-Fetch-Site: same-origin` passes; without that header `Origin` must be our own (OWASP
    CSRF cheat sheet, Fetch Metadata with Origin fallback). A request that carries a device key
    in `Authorization` cannot be forged by a browser and needs neither.
    """

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self.app = app
        self.origin = origin.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        if self.allowed(scope, Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        refusal = errors.Forbidden(
            "request.cross-site",
            "คำขอนี้มาจากเว็บไซต์อื่น จึงไม่ดำเนินการ กรุณาเปิดหน้านี้ใหม่แล้วลองอีกครั้ง",
            "This request came from another site and was not carried out. Open the page again.",
        )
        await answer(Request(scope), refusal)(scope, receive, send)

    def allowed(self, scope: Scope, headers: Headers) -> bool:
        """Whether this writing request may be our own page's."""
        if headers.get("authorization", "").startswith("Device "):
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = headers.get("origin")
        own = self.origin or f"{scope['scheme']}://{headers.get('host', '')}"
        try:
            return origin is not None and urlsplit(origin) == urlsplit(own)
        except ValueError:  # "http://[" is no address of anybody
            return False


def install(app: FastAPI, *, origin: str, larger: Mapping[str, int] | None = None) -> None:
    """Teach the app refusals, static files and the three middlewares.

    `larger`: addresses that take larger bodies than others, and how large.
    """
    app.add_middleware(SameOrigin, origin=origin)
    app.add_middleware(doorstep.Doorstep, answer=answer, larger=larger)
    app.add_middleware(SecureHeaders, https=origin.startswith("https:"))
    app.add_exception_handler(errors.Refused, _on_refused)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(ClientDisconnect, _on_leaving)
    for kind, refusal in DATABASE_SAYS.items():
        app.add_exception_handler(kind, _saying(refusal))
    app.add_exception_handler(Exception, _on_crash)
    app.add_api_route("/static/{stamp}/{path:path}", static_file, include_in_schema=False)


def static_file(stamp: str, path: str) -> Response:  # noqa: ARG001 -- an address, no more
    """A file of `static/`, immutable under the release in its address."""
    try:
        wanted = (STATIC / path).resolve()
        there = wanted.is_relative_to(STATIC) and wanted.is_file()
    except OSError:  # a name longer than any file's
        there = False
    if not there:
        errors.missing("file")
    kind = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    if kind in {"application/javascript", "text/javascript"}:
        kind = "text/javascript; charset=utf-8"
    return Response(
        served(wanted.relative_to(STATIC).as_posix()),
        media_type=kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.Refused)
    return answer(request, error.refusal, error.headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = ", ".join(
        ".".join(str(part) for part in each["loc"]) for each in error.errors()[:5]
    )
    return answer(
        request,
        errors.Invalid("request.invalid", f"ข้อมูลไม่ถูกต้อง: {where}", f"Not valid: {where}."),
    )


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        refusal: errors.Refusal = errors.Missing("page.missing", "ไม่พบหน้านี้", "No such page.")
    else:
        phrase = HTTPStatus(error.status_code).phrase
        refusal = errors.Invalid("request.refused", f"คำขอนี้ใช้ไม่ได้ ({phrase})", f"{phrase}.")
    return answer(request, refusal, dict(error.headers or {}), status=error.status_code)


async def _on_crash(request: Request, _error: Exception) -> Response:
    refusal = errors.Refusal(
        "server.error",
        "ระบบขัดข้อง ข้อมูลที่เก็บในเครื่องยังอยู่ครบ กรุณาลองใหม่ในอีกสักครู่",
        "Something failed here. What your device holds is safe. Please try again shortly.",
    )
    # Made outside of the middlewares, so it brings the headers itself.
    return answer(request, refusal, HEADERS, status=500)


async def _on_leaving(_request: Request, _error: Exception) -> Response:
    """A phone that lost its network half way is no fault to log; nobody hears the answer."""
    return Response(status_code=400)


def _saying(refusal: errors.Refusal) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def say(request: Request, error: Exception) -> Response:
        if isinstance(error, IntegrityError) and (rule := _rule_of(error)):
            log.warning("the database refused: %s", rule)
            return answer(request, against_the_rule(rule))
        if not isinstance(refusal, errors.Busy):
            return answer(request, refusal)
        if _is_full(error):
            return answer(request, files.full())
        log.error("the database could not answer", exc_info=error)
        return answer(request, refusal, {"Retry-After": "5"})

    return say


def against_the_rule(rule: str) -> errors.Conflict:
    """The refusal of what only the database noticed, in the words of its rule."""
    return errors.Conflict(
        "request.against-rule",
        "ฐานข้อมูลไม่ยอมให้ทำรายการนี้ เพราะขัดกับกติกาการแบ่งหน้าที่หรือประวัติที่แก้ไม่ได้ "
        f"ไม่มีข้อมูลใดเปลี่ยน ({rule})",
        f"The database does not allow this: {rule}. Nothing was changed.",
    )


def _rule_of(error: IntegrityError) -> str | None:
    """The words of the trigger that refused, if one did; a broken CHECK is no trigger's."""
    said: Any = error.orig
    names = {getattr(said, "sqlite_errorname", ""), getattr(said, "sqlstate", "")}
    if not names & REFUSED_BY_TRIGGER:
        return None
    told = getattr(said, "diag", None)
    if told is None:
        return str(said)
    # PostgreSQL names the constraint of a CHECK, and none where a function raised.
    return None if told.constraint_name else str(told.message_primary)


def _is_full(error: Exception) -> bool:
    """Whether the database found no room on its disk, which may take longer than a while."""
    said = getattr(error, "orig", None)
    names = {getattr(said, "sqlite_errorname", ""), getattr(said, "sqlstate", "")}
    return bool(names & DATABASE_IS_FULL)


def answer(
    request: Request,
    refusal: errors.Refusal,
    headers: Mapping[str, str] | None = None,
    *,
    status: int | None = None,
) -> Response:
    """A refusal as the asker wants it: JSON of their kind for programs, a page for people."""
    lang = language(request)
    number = status or STATUS.get(type(refusal), 500)
    if request.url.path.startswith("/api/"):
        return _problem(refusal, headers or {}, lang, number)
    if request.url.path.startswith("/odata/"):  # JSON Format 4.01, 21.1
        error = {"error": {"code": refusal.code, "message": refusal.sentence(lang)}}
        return JSONResponse(error, number, {**(headers or {}), **ODATA})
    if isinstance(refusal, errors.Unsigned) and request.method == "GET":
        target = request.url.path
        return RedirectResponse(f"/sign-in?next={target}", 303)
    block = "notice" if request.headers.get("hx-request") else None
    return page(
        request, "refusal.html", block=block, status=number, headers=headers, refusal=refusal
    )


def _problem(
    refusal: errors.Refusal, headers: Mapping[str, str], lang: str, status: int | None = None
) -> JSONResponse:
    """RFC 9457 problem details."""
    number = status or STATUS.get(type(refusal), 500)
    body = {
        "type": f"urn:gecc:{refusal.code}",
        "title": refusal.sentence(lang),
        "status": number,
        "code": refusal.code,
        "detail": {"th": refusal.th, "en": refusal.en},
    }
    return JSONResponse(body, number, headers, media_type="application/problem+json")
