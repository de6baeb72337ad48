"""Asking the log: how large it is, and proofs. Each reads about log2(size) rows."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.log.models import LogEntry, LogEpoch, LogHead, LogNode
from app.log.rules import (
    Node,
    consistency_ranges,
    cover,
    inclusion_ranges,
    root_of_peaks,
)

# Said once: every push and every pull asks these.
_HEAD: Final = select(col(LogHead.size), col(LogHead.root), col(LogHead.epoch)).where(
    col(LogHead.id) == 1
)
_LOCKED: Final = _HEAD.with_for_update()
_EPOCHS: Final = select(LogEpoch.__table__).order_by(  # type: ignore[attr-defined]
    col(LogEpoch.number)
)
# Each level with each number, so a few more than are wanted: for `(level, index) IN …` SQLite
# would read the whole table.
_NODES: Final = select(col(LogNode.level), col(LogNode.index), col(LogNode.hash)).where(
    col(LogNode.level).in_(bindparam("levels", expanding=True)),
    col(LogNode.index).in_(bindparam("numbers", expanding=True)),
)


class Head(NamedTuple):
    """How far the log has come, and in which epoch."""

    size: int
    root: str
    epoch: int


class BrokenLog(RuntimeError):
    """Rows of the log are gone: `gecc log check` says which."""


def head(session: Session, *, locked: bool = False) -> Head:
    """The head; `locked` keeps other writers away until the transaction ends."""
    # On SQLite a writer is alone anyway.
    found = session.connection().execute(_LOCKED if locked else _HEAD).one_or_none()
    if found is None:
        raise BrokenLog("the log has lost its head")
    return Head(*found)


def epochs(session: Session) -> list[LogEpoch]:
    """Every epoch, the first first."""
    found = session.connection().execute(_EPOCHS)
    return [LogEpoch.model_construct(**row) for row in found.mappings()]


def entries_starting(session: Session, text: str) -> list[tuple[int, str]]:
    """The entries that begin with a text, such as an audit's, with their places. Slow."""
    index, entry = col(LogEntry.index), col(LogEntry.entry)
    found = select(index, entry).where(entry.startswith(text, autoescape=True)).order_by(index)
    return [(row[0], row[1]) for row in session.connection().execute(found)]


def consistency(session: Session, old: int, new: int) -> list[str]:
    """The proof that the log at size `new` begins with the log at size `old`.

    Raises ValueError unless 0 < old <= new; `new` is at most the head's size.
    """
    return _proof(session, consistency_ranges(old, new))


def growth(session: Session, epoch: int, size: int, now: Head) -> list[str] | None:
    """The proof from what somebody saw in an epoch to the head; none when there is none.

    What they saw beyond the place where a later epoch began is gone: nothing follows from it.
    """
    stands = now.size
    if epoch != now.epoch:
        stands = min((each.size for each in epochs(session) if each.number > epoch), default=0)
    if epoch < 1 or not 0 < size <= stands or size == now.size:
        return None
    return consistency(session, size, now.size)


def inclusion(session: Session, index: int, size: int) -> list[str]:
    """The proof that entry `index` is in the log at this size. Raises ValueError."""
    return _proof(session, inclusion_ranges(index, size))


def root_at(session: Session, size: int) -> str:
    """The root the log had at a size."""
    wanted = cover(0, size)
    here = nodes(session, wanted)
    return root_of_peaks([here[node] for node in wanted])


def nodes(session: Session, wanted: Iterable[Node]) -> dict[Node, str]:
    """The hashes of these complete subtrees. Raises BrokenLog where one is missing."""
    asked = list(wanted)
    if not asked:
        return {}
    found = session.connection().execute(
        _NODES,
        {
            "levels": sorted({node.level for node in asked}),
            "numbers": sorted({node.number for node in asked}),
        },
    )
    wide = {Node(row[0], row[1]): row[2] for row in found}
    try:
        return {node: wide[node] for node in asked}
    except KeyError as error:
        raise BrokenLog("the log has lost nodes of its tree") from error


def _proof(session: Session, ranges: Sequence[tuple[int, int]]) -> list[str]:
    parts = [cover(*each) for each in ranges]
    here = nodes(session, (node for part in parts for node in part))
    return [root_of_peaks([here[node] for node in part]) for part in parts]
