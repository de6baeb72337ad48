"""Doors for programs: JSON under `/api/v1`, OData under `/odata/v4`."""

from fastapi import APIRouter

from app.feeds.api import odata, v1

router = APIRouter()
router.include_router(v1.router)
router.include_router(odata.router)
