"""Pages of decisions, appeals and certificates. Add a router here, one line each."""

from fastapi import APIRouter

from app.certification.pages import appeals, decisions

router = APIRouter(include_in_schema=False)
router.include_router(decisions.router)
router.include_router(appeals.router)
