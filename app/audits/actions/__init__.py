"""What happens to audits: opened, prepared, written to, closed."""

from app.audits.actions.closing import close, reopen
from app.audits.actions.opening import open_audit
from app.audits.actions.preparing import prepare
from app.audits.actions.receiving import Carrier, receive
from app.audits.actions.stepping import step
from app.audits.rules.judging import Verdict

__all__ = ["Carrier", "Verdict", "close", "open_audit", "prepare", "receive", "reopen", "step"]
