"""Writing the log: entries at its end, and the beginning of an epoch. There is no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col

from app.kit.clock import wire
from app.kit.inserting import insert_plain
from app.log.models import LogEntry, LogEpoch, LogHead, LogNode
from app.log.queries import head, nodes
from app.log.rules import cover, epoch_entry, grow, leaf_hash, root_of_peaks


class Appended(NamedTuple):
    """Where entries went, and the log with them."""

    first: int
    size: int
    root: str


def append(session: Session, entries: Sequence[str]) -> Appended:
    """Add entries at the end, in their order.

    Call it last in a transaction: from here to the commit nobody else can append.
    """
    now = head(session, locked=True)
    if not entries:
        return Appended(now.size, now.size, now.root)
    peaks = cover(0, now.size)
    standing = nodes(session, peaks)
    made, reached = grow(
        now.size, [standing[node] for node in peaks], [leaf_hash(entry) for entry in entries]
    )
    done = Appended(now.size, now.size + len(entries), root_of_peaks(reached))
    insert_plain(session, LogEntry, list(enumerate(entries, now.size)))
    insert_plain(session, LogNode, [(*node, value) for node, value in made])
    session.connection().execute(
        update(LogHead).where(col(LogHead.id) == 1).values(size=done.size, root=done.root)
    )
    return done


def start_epoch(session: Session, *, reason: str, at: datetime) -> LogEpoch:
    """Begin a new epoch, because what follows does not continue what others may have seen.

    A restored backup is such a reason. Where the log stood then is kept; an entry says so too.
    """
    now = head(session, locked=True)
    begun = LogEpoch(
        number=now.epoch + 1,
        started_at=at,
        reason=" ".join(reason.split())[:500],
        size=now.size,
        root=now.root,
    )
    session.add(begun)
    session.flush()
    session.connection().execute(
        update(LogHead).where(col(LogHead.id) == 1).values(epoch=begun.number)
    )
    append(session, [epoch_entry(begun.number, wire(at), begun.reason)])
    return begun
