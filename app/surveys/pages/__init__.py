"""Doors of surveys: the office's desk, files of answers, the public form."""

from fastapi import APIRouter

from app.surveys.pages import closing, desk, imports, public

router = APIRouter(include_in_schema=False)
for each in (imports, closing, desk, public):
    router.include_router(each.router)
