"""What time does: the cards of audits that went on are written anew by one quiet thread.

Cards only repeat what changes say, so writing them is nobody's action and leaves no trail.
"""

import logging
import threading
import time
from typing import Final

from sqlalchemy import Engine, delete

from app.audits.models import AuditCard
from app.audits.queries.cards import card_values, stale
from app.kit.database import open_session

log = logging.getLogger(__name__)
AT_ONCE: Final = 20
"""Cards in one transaction: a phone that pushes meanwhile waits for no more than these."""
EVERY: Final = 15.0


def catch_up(engine: Engine) -> int:
    """Write every card that is missing or behind its audit; how many."""
    written = 0
    while True:
        with open_session(engine, reads=True) as session:
            behind = stale(session, AT_ONCE)
        if not behind:
            return written
        with open_session(engine) as session:
            for audit_id in behind:
                session.merge(AuditCard(**card_values(session, audit_id)))
            session.commit()
        written += len(behind)


def rebuild(engine: Engine) -> int:
    """Forget every card and write all of them from the changes; how many."""
    with open_session(engine) as session:
        session.connection().execute(delete(AuditCard))
        session.commit()
    return catch_up(engine)


def remember_always(engine: Engine) -> None:
    """Keep at it while the product is served."""

    def keep_at_it() -> None:
        while True:
            time.sleep(EVERY)
            try:
                catch_up(engine)
            except Exception:  # in some seconds again; until then readers fold for themselves
                log.exception("cards")

    threading.Thread(target=keep_at_it, name="cards", daemon=True).start()
