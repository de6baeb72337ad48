"""What anybody may ask of a certificate: is it genuine, does it still count."""

import base64
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.convertors import Convertor, register_url_convertor

from app.accounts.limiting import in_measure
from app.audits import queries as audits
from app.certification import keys
from app.certification.queries import issued, status
from app.certification.rules import status_list
from app.certification.rules.telling import COLOURS, LOOKS, words_of
from app.certification.rules.verifying import STATES
from app.checklists.rules.edition import Text
from app.kit.clock import Now, wire
from app.kit.database import Db
from app.kit.errors import Missing, Refused
from app.kit.html import page
from app.kit.text import Line

BRIEFLY: Final = {"Cache-Control": "public, max-age=60"}
NO_LIST: Final = Missing(
    "status.no-key",
    "ยังไม่มีบัญชีสถานะ เพราะยังไม่มีกุญแจออกใบรับรอง",
    "There is no status list: there is no key to sign it with.",
)


class Code(Convertor[str]):
    """Any one part of an address but those that are other doors under /v."""

    regex = r"(?!(?:status|keys\.json|offline)$)[^/]+"

    def convert(self, value: str) -> str:
        """The part as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The part as it is."""
        return value


register_url_convertor("certificate", Code())
router = APIRouter(dependencies=[Depends(in_measure)])


@router.get("/v")
@router.get("/en/v")
def ask(request: Request, q: Annotated[Line, Query(max_length=3000)] = "") -> Response:
    """The form for a number or a code; with one, the way to its page."""
    if not q:
        return page(request, "certification/public.html", **_around(request), told=None, q="")
    short = status.short_of(q)
    if short is None:
        return _told(request, status.Told("unknown", "not-a-code"), q=q)
    return RedirectResponse(f"{_around(request)['root']}/v/{short}", 303)


@router.get("/v/status")
def status_of_all(request: Request, session: Db, now: Now) -> Response:
    """What became of every certificate, signed: docs/certificates.md."""
    signer = keys.signer(session, request.app.state.settings)
    if signer is None:
        raise Refused(NO_LIST)
    packed = status_list.pack(status.status_now(session, at=now))
    signed = signer.sign(packed, status_list.CONTEXT)
    return Response(signed, media_type="application/cose", headers=BRIEFLY)


@router.get("/v/keys.json")
def keys_of_all(session: Db) -> JSONResponse:
    """The public keys that sign certificates, those of earlier times too."""
    states = {key.kid.hex(): key.state for key in issued.verifying_keys(session)}
    said = [
        {
            "kid": row.kid,
            "public": base64.b64encode(issued.public_of(row)).decode(),
            "from": wire(row.made_at),
            "until": wire(row.retired_at) if row.retired_at else None,
            "state": states[row.kid],
            "compromised_at": wire(row.compromised_at) if row.compromised_at else None,
        }
        for row in issued.keys(session)
    ]
    return JSONResponse({"keys": said}, headers=BRIEFLY)


@router.get("/v/{text:certificate}")
@router.get("/V/{text:certificate}")
@router.get("/en/v/{text:certificate}")
def verify(request: Request, session: Db, now: Now, text: str) -> HTMLResponse:
    """What a number or a scanned code is, told so that anybody understands it at once."""
    told = status.look(session, text, at=now)
    return _told(request, told, q="", edition=_edition(session, told))


def _told(
    request: Request, told: status.Told, *, q: str, edition: Text | None = None
) -> HTMLResponse:
    colour, picture = LOOKS[told.state]
    return page(
        request,
        "certification/public.html",
        status=404 if told.state == "unknown" else 200,
        told=told,
        headline=STATES[told.state],
        meaning=words_of(told.state, told.reason),
        colour=colour,
        picture=picture,
        level=_level(told),
        checksum=status.checksum_of(told.known.row) if told.known else "",
        q=q,
        edition=edition,
        now=request.app.state.clock(),
        **_around(request),
    )


def _edition(session: Session, told: status.Told) -> Text | None:
    """The standard's own title; the certificate itself says only its code."""
    if told.known is None:
        return None
    return audits.edition_of(session, told.known.row.edition_sha256).title


def _level(told: status.Told) -> dict[str, Any] | None:
    """The level as the badge of levels takes it."""
    if told.known is None or told.says is None:
        return None
    row = told.known.row
    name = {"th": row.level_th, "en": row.level_en}
    return {"code": row.level, "name": name, "colour": COLOURS.get(told.says.level)}


def _around(request: Request) -> dict[str, Any]:
    """The roots of this page's and of the other language's addresses."""
    path = request.url.path
    english = path.startswith("/en/")
    here = path.removeprefix("/en")
    here = f"/v/{here[3:]}" if here.startswith("/V/") else here
    return {"root": "/en" if english else "", "other": here if english else f"/en{here}"}
