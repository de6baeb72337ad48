"""Which tables somebody may open: a program by its token, a person by their roles."""

from app.accounts.guards import NOT_YOURS
from app.accounts.rules import Caller, scopes
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


def refusal_to_fetch(person: Caller, table: Table) -> Refusal | None:
    """Why a person may not fetch this table."""
    return None if scopes(person.roles, table.scope) else NOT_YOURS
