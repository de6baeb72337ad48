"""Pages of planning: rounds, the offices in them, visits and teams."""

from fastapi import APIRouter

from app.rounds.pages import rounds, visits

router = APIRouter(include_in_schema=False)
router.include_router(rounds.router)
router.include_router(visits.router)
