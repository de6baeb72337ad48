"""The invented world's audits: some half walked, some whole and submitted."""

from app.audits.demo.answers import seed_self_assessments
from app.audits.demo.whole import HEAD, assess_whole, walk_whole

__all__ = ["HEAD", "assess_whole", "seed_self_assessments", "walk_whole"]
