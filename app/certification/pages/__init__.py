"""Pages of decisions, appeals and certificates. Add a router here, one line each."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
