"""Pages of planning: the calendar, suggestions, plans from files, declared interests."""

from fastapi import APIRouter

from app.planning.pages import bulk, calendar, interests, suggestions

router = APIRouter(include_in_schema=False)
for each in (calendar, suggestions, bulk, interests):
    router.include_router(each.router)
