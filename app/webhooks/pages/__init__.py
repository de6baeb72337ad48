"""Webhooks at the desk: endpoints with their health, deliveries with every try."""

from fastapi import APIRouter

from app.webhooks.pages import deliveries, endpoints

router = APIRouter()
router.include_router(endpoints.router)
router.include_router(deliveries.router)
