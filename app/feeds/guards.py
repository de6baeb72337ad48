"""Which tables a caller may open: what their token carries."""

from app.accounts.tokens import TokenCall
from app.feeds.rules import Table
from app.kit.errors import Forbidden, Refusal, refuse


def refusal_to_open(call: TokenCall, table: Table) -> Refusal | None:
    """Why a program may not read this table with its token."""
    if table.scope in call.scopes:
        return None
    return Forbidden(
        "token.scope",
        f"โทเค็นนี้ไม่ได้รับสิทธิ์อ่านตารางนี้ ({table.scope})",
        f"This token was not given what opens this table ({table.scope}).",
    )


def may_open(call: TokenCall, table: Table) -> None:
    """Let in whoever may. Raises Refused."""
    refuse(refusal_to_open(call, table))
