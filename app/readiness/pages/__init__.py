"""Pages of readiness and of improvement plans. Add a router here, one line each."""

from fastapi import APIRouter

from app.readiness.pages import findings, plan, readiness, tasks

router = APIRouter(include_in_schema=False)
router.include_router(tasks.router)  # `/plans/tasks/…` before the plan of an office
router.include_router(findings.router)
router.include_router(plan.router)
router.include_router(readiness.router)
