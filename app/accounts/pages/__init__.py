"""Pages of signing in and of one's own devices."""

from fastapi import APIRouter

from app.accounts.pages import entering, own, tokens

router = APIRouter(include_in_schema=False)
router.include_router(entering.router)
router.include_router(own.router)
router.include_router(tokens.router)
