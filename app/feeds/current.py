"""Tables read the cards of audits; cards that are behind their audit are written first."""

from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from app.audits.jobs import catch_up
from app.audits.queries.cards import stale
from app.feeds.rules import Table
from app.kit.database import open_session
from app.kit.errors import Busy, Refused

MOST: Final = 100
"""More cards than these a reader does not wait for: the quiet thread is at them."""
BEHIND: Final = Busy(
    "tables.behind",
    "ระบบกำลังคำนวณผลชุดใหญ่ กรุณาลองใหม่ในอีกสักครู่",
    "Many results are being reckoned anew. Please try again shortly.",
)


def bring_up(engine: Engine, *tables: Table) -> None:
    """Write the cards that these tables would miss: they repeat what changes say.

    Raises Refused (with `Retry-After`) where too many are behind. The caller's own transaction
    must be ended: it would not see them.
    """
    if not any(table.name in {"audits", "items"} for table in tables):
        return
    with open_session(engine, reads=True) as session:
        behind = len(stale(session, MOST + 1))
    if behind > MOST:
        raise Refused(BEHIND, {"Retry-After": "20"})
    if behind:
        try:
            catch_up(engine)
        except IntegrityError:  # the quiet thread wrote the same card at the same moment
            catch_up(engine)
