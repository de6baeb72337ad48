"""The app: the rooms in order, nothing else."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app.accounts import api as accounts_api
from app.accounts import pages as accounts_pages
from app.audits import pages as audits_pages
from app.certification import pages as certification_pages
from app.checklists.opening import BYTES_MOST as EDITION_MOST
from app.checklists.opening import CARRIED_MOST
from app.exports import pages as exports_pages
from app.feeds import api as feeds_api
from app.feeds import pages as feeds_pages
from app.kit import clock, health, web
from app.kit.database import make_engine
from app.kit.turns import Turns
from app.log import api as log_api
from app.notices import pages as notices_pages
from app.offices import pages as offices_pages
from app.overview import pages as overview_pages
from app.planning import pages as planning_pages
from app.readiness import guards as readiness_guards
from app.readiness import pages as readiness_pages
from app.reports import pages as reports_pages
from app.review import pages as review_pages
from app.rounds import pages as rounds_pages
from app.search import pages as search_pages
from app.settings import Settings, settings
from app.shell import pages as shell_pages
from app.surveys import pages as surveys_pages
from app.surveys.opening import BYTES_MOST as ANSWERS_MOST
from app.sync import api as sync_api
from app.sync import pages as sync_pages
from app.webhooks import pages as webhooks_pages

FORM = 64 * 1024  # what a form around a file may weigh


def create_app(
    chosen: Settings | None = None, now: Callable[[], datetime] = clock.utc_now
) -> FastAPI:
    """The product as an ASGI app, with settings from the environment unless given."""
    chosen = chosen or settings()
    app = FastAPI(
        title="ตรวจสะดวก", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.state.settings = chosen
    app.state.engine = make_engine(chosen.database)
    app.state.turns = Turns(one_writer=app.state.engine.dialect.name == "sqlite")
    app.state.clock = now
    web.install(
        app,
        origin=chosen.origin,
        larger={
            "/editions": 2 * FORM + CARRIED_MOST,
            "/editions/preview": EDITION_MOST + FORM,
            "/handing-in": chosen.hand_in_max_bytes + FORM,
            "/appeals/photos": chosen.photo_max_bytes + FORM,
            "/plans/proofs": readiness_guards.most_bytes(chosen) + FORM,
            "/surveys/imports": ANSWERS_MOST + FORM,
        },
    )
    app.include_router(health.router)
    app.include_router(log_api.router)
    app.include_router(accounts_pages.router)
    app.include_router(accounts_api.router)
    app.include_router(offices_pages.router)
    app.include_router(rounds_pages.router)
    app.include_router(audits_pages.router)
    app.include_router(surveys_pages.router)
    app.include_router(sync_api.router)
    app.include_router(sync_pages.router)
    app.include_router(exports_pages.router)
    app.include_router(readiness_pages.router)
    app.include_router(review_pages.router)
    app.include_router(reports_pages.router)  # its `….pdf` before a page of any name
    app.include_router(certification_pages.router)
    app.include_router(notices_pages.router)
    app.include_router(planning_pages.router)
    app.include_router(search_pages.router)
    app.include_router(feeds_api.router)
    app.include_router(feeds_pages.router)
    app.include_router(webhooks_pages.router)
    app.include_router(overview_pages.router)
    app.include_router(shell_pages.router)
    app.add_middleware(GZipMiddleware, minimum_size=256)
    return app
