"""The doors for devices."""

from fastapi import APIRouter

from app.sync.api import changes, log, photos

router = APIRouter()
router.include_router(changes.router)
router.include_router(photos.router)
router.include_router(log.router)
