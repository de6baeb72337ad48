"""Pages of audits: results, photos and files, what is held, editions and their publishing."""

from fastapi import APIRouter

from app.audits.pages import attachments, editions, held, photos, publishing, results

router = APIRouter(include_in_schema=False)
router.include_router(results.router)
router.include_router(photos.router)
router.include_router(attachments.router)
router.include_router(held.router)
router.include_router(publishing.router)
router.include_router(editions.router)
