"""Pages of decisions, appeals and certificates. Add a router here, one line each."""

from fastapi import APIRouter

from app.certification.pages import appeals, certificates, decisions, public, register

router = APIRouter(include_in_schema=False)
router.include_router(decisions.router)
router.include_router(appeals.router)
router.include_router(certificates.router)
router.include_router(public.router)
router.include_router(register.router)
