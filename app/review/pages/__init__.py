"""Pages of reviews: the queue, one review, one criterion."""

from fastapi import APIRouter

from app.review.pages import criteria, queue, reviews

router = APIRouter(include_in_schema=False)
router.include_router(queue.router)
router.include_router(reviews.router)
router.include_router(criteria.router)
