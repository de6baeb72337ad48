"""Pages of audits: results, photos and files, what is held, editions."""

from fastapi import APIRouter

from app.audits.pages import attachments, editions, held, photos, results

router = APIRouter(include_in_schema=False)
router.include_router(results.router)
router.include_router(photos.router)
router.include_router(attachments.router)
router.include_router(held.router)
router.include_router(editions.router)
