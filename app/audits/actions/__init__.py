"""What happens to audits: opened, prepared, written to, closed, submitted."""

from app.audits.actions.closing import close, reopen
from app.audits.actions.opening import open_audit
from app.audits.actions.preparing import prepare
from app.audits.actions.receiving import Carrier, receive
from app.audits.actions.stepping import step
from app.audits.actions.submitting import settle_photo, settle_submission
from app.audits.rules.judging import Verdict

__all__ = [
    "Carrier",
    "Verdict",
    "close",
    "open_audit",
    "prepare",
    "receive",
    "reopen",
    "settle_photo",
    "settle_submission",
    "step",
]
