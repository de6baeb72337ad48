"""Pages that span rooms."""

from fastapi import APIRouter

from app.overview.pages import helping, home, log, national, offices, people, rounds, trail

router = APIRouter(include_in_schema=False)
for room in (helping, home, log, national, offices, people, rounds, trail):
    router.include_router(room.router)
