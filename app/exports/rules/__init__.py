"""What an export holds, and what there is to say of one. Pure. The format: docs/export.md."""

from app.exports.rules.judging import LOOKS, judge
from app.exports.rules.layout import Contents
from app.exports.rules.report import Report

__all__ = ["LOOKS", "Contents", "Report", "judge"]
