"""The doors of the shell: open to everyone, for there is nothing private behind them."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from app.shell import queries

router = APIRouter(include_in_schema=False)

# Asked again each time, so that a new release is seen; the worker keeps its own copy.
FRESH = {"Cache-Control": "no-cache"}


@router.get("/walk")
def walk() -> HTMLResponse:
    """The walk in Thai."""
    return HTMLResponse(queries.walk_page("/walk"), headers=FRESH)


@router.get("/en/walk")
def walk_in_english() -> HTMLResponse:
    """The walk in English."""
    return HTMLResponse(queries.walk_page("/en/walk"), headers=FRESH)


@router.get("/offline")
def offline() -> HTMLResponse:
    """The page that says there is no network, and what can be done without one."""
    return HTMLResponse(queries.offline_page(), headers=FRESH)


@router.get("/v/offline")
def verify() -> HTMLResponse:
    """The page that checks a certificate on the device, in Thai."""
    return HTMLResponse(queries.verify_page("/v/offline"), headers=FRESH)


@router.get("/en/v/offline")
def verify_in_english() -> HTMLResponse:
    """The page that checks a certificate on the device, in English."""
    return HTMLResponse(queries.verify_page("/en/v/offline"), headers=FRESH)


@router.get("/sw.js")
def service_worker() -> Response:
    """The service worker of this release."""
    return Response(
        queries.service_worker(), media_type="text/javascript; charset=utf-8", headers=FRESH
    )


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    """The name, icons and colours of the installed app."""
    return Response(queries.manifest(), media_type="application/manifest+json", headers=FRESH)
