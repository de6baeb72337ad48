"""The whole log read again: whether it is one tree, and everything in it what it was.

Reads a part at a time, so a log of a million entries fits. Nothing is believed: not the head,
not the nodes, not that entries are all there.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from app.kit.clock import wire
from app.log.models import LogEntry, LogEpoch, LogHead, LogNode
from app.log.rules import EMPTY, Node, epoch_entry, grow, leaf_hash, root_of_peaks

PART: Final = 2000
WIDEST: Final = 100_000
"""Of a wider gap the entries are not told one by one, nor is there a tree beyond it."""
GONE: Final = "0" * 64
Entry = tuple[int, str]


class Flaw(NamedTuple):
    """Something that is not as it was, in a sentence for people."""

    th: str
    en: str


class Tree:
    """The tree as the entries make it, grown while they are read."""

    def __init__(self, session: Session, sizes: Sequence[int] = ()) -> None:
        """`sizes`: where the root is asked for."""
        self.session = session
        self.flaws: list[Flaw] = []
        self.size = 0
        self.peaks: list[str] = []
        self.roots = {0: EMPTY}
        self._wanted = sorted({size for size in sizes if size > 0}, reverse=True)
        self._nodes = 0

    @property
    def root(self) -> str:
        """The root over all that was read."""
        return root_of_peaks(self.peaks)

    def entries(self) -> Iterator[list[Entry]]:
        """Every entry in its order, in parts; the tree grows with them."""
        index = col(LogEntry.index)
        wanted = select(index, col(LogEntry.entry)).order_by(index)
        options = {"yield_per": PART}
        found = self.session.connection().execute(wanted, execution_options=options)
        for rows in found.partitions():
            part = [(row[0], row[1]) for row in rows]
            self._grow(part)
            yield part
        self._compare_count()

    def _grow(self, part: Sequence[Entry]) -> None:
        texts = dict(part)
        first = end = self.size
        for index, _ in part:
            if index - end > WIDEST:
                self.flaws.append(_cut(end))
                break
            end = max(end, index + 1)
        here = self._stored(first, end)
        for index in (index for index, _ in part if not first <= index < end):
            self.flaws.append(_out_of_place(index))
        leaves = []
        for index in range(first, end):
            kept = here.get(Node(0, index), GONE)
            leaf = leaf_hash(texts[index]) if index in texts else kept
            if index not in texts:
                self.flaws.append(_missing(index))
            elif leaf != kept:
                self.flaws.append(_rewritten(index))
            leaves.append(kept if leaf != kept and kept != GONE else leaf)
        self._advance(first, leaves, here)

    def _advance(self, first: int, leaves: list[str], here: Mapping[Node, str]) -> None:
        """Grow by leaves, stopping where a root is asked for."""
        end = first + len(leaves)
        while self.size < end:
            stop = end
            while self._wanted and self._wanted[-1] <= self.size:
                self._wanted.pop()
            if self._wanted:
                stop = min(end, self._wanted[-1])
            made, self.peaks = grow(
                self.size, self.peaks, leaves[self.size - first : stop - first]
            )
            self._nodes += len(made)
            self.flaws += [
                _other_node(node)
                for node, value in made
                if node.level and here.get(node) != value
            ]
            self.size = stop
            self.roots[stop] = self.root

    def _stored(self, first: int, end: int) -> dict[Node, str]:
        """The nodes in the table that these entries complete."""
        if first == end:
            return {}
        level, index = col(LogNode.level), col(LogNode.index)
        spans = [
            and_(level == each, index >= (first >> each), index < (end >> each))
            for each in range(end.bit_length())
        ]
        wanted = select(level, index, col(LogNode.hash)).where(or_(*spans))
        found = self.session.connection().execute(wanted)
        return {Node(row[0], row[1]): row[2] for row in found}

    def _compare_count(self) -> None:
        """Nodes that belong to no entry, such as what a shortened log leaves behind."""
        count = select(func.count()).select_from(LogNode)
        stored = self.session.connection().execute(count).scalar_one()
        if stored > self._nodes:
            self.flaws.append(
                Flaw(
                    f"มีจุดของต้นไม้เกินมา {stored - self._nodes} จุด บรรทัดท้ายทะเบียนอาจถูกลบ",
                    f"The tree holds {stored - self._nodes} nodes too many: "
                    "entries at the end may have been deleted.",
                )
            )


def head_flaws(session: Session, tree: Tree) -> list[Flaw]:
    """Whether the head says what the entries say."""
    asked = select(col(LogHead.size), col(LogHead.root), col(LogHead.epoch))
    heads = session.connection().execute(asked).all()
    if len(heads) != 1:
        return [Flaw("หัวของทะเบียนหายไป", "The head of the log is gone.")]
    size, root, epoch = heads[0]
    flaws = []
    if size != tree.size:
        flaws.append(
            Flaw(
                f"หัวของทะเบียนบอกว่ามี {size} บรรทัด แต่มีจริง {tree.size} บรรทัด",
                f"The head of the log says {size} entries, and there are {tree.size}.",
            )
        )
    elif root != tree.root:
        flaws.append(
            Flaw(
                "รหัสรวมที่หัวของทะเบียนไม่ตรงกับบรรทัดในทะเบียน",
                "The root in the head of the log is not that of its entries.",
            )
        )
    newest = session.connection().execute(select(func.max(LogEpoch.number))).scalar_one()
    if epoch != newest:
        flaws.append(
            Flaw(
                "ช่วงของทะเบียนที่หัวบอกไม่ใช่ช่วงล่าสุด",
                "The head of the log names another epoch than the newest.",
            )
        )
    return flaws


def epoch_flaws(
    epochs: Sequence[LogEpoch], declared: Sequence[Entry], roots: Mapping[int, str]
) -> list[Flaw]:
    """Whether each epoch after the first is declared by an entry where it began.

    And whether no entry declares another. `roots` has the root at each epoch's size.
    """
    entries = dict(declared)
    flaws = []
    for place, epoch in enumerate(epochs, 1):
        said = epoch_entry(epoch.number, wire(epoch.started_at), epoch.reason)
        first = epoch.number == 1 and epoch.size == 0
        stands = first or entries.pop(epoch.size, None) == said
        if not stands or epoch.number != place or roots.get(epoch.size) != epoch.root:
            flaws.append(
                Flaw(
                    f"ช่วงที่ {epoch.number} ของทะเบียนไม่ตรงกับบรรทัดที่ประกาศไว้",
                    f"Epoch {epoch.number} of the log is not as its entry declared it.",
                )
            )
    flaws += [
        Flaw(
            f"บรรทัดที่ {index} ประกาศช่วงที่ไม่มีอยู่",
            f"Entry {index} declares an epoch that is not there.",
        )
        for index in entries
    ]
    return flaws


def _missing(index: int) -> Flaw:
    return Flaw(f"บรรทัดที่ {index} หายไป", f"Entry {index} is gone.")


def _cut(index: int) -> Flaw:
    return Flaw(
        f"ทะเบียนขาดตั้งแต่บรรทัดที่ {index}",
        f"The log breaks off at entry {index}; what follows is no log.",
    )


def _rewritten(index: int) -> Flaw:
    return Flaw(
        f"บรรทัดที่ {index} ไม่ตรงกับรหัสที่เก็บไว้", f"Entry {index} is not what its hash was made of."
    )


def _out_of_place(index: int) -> Flaw:
    return Flaw(f"บรรทัดที่ {index} อยู่ผิดที่", f"Entry {index} is out of place.")


def _other_node(node: Node) -> Flaw:
    return Flaw(
        f"จุดที่ {node.number} ชั้น {node.level} ของต้นไม้ไม่ตรงกับบรรทัดในทะเบียน",
        f"Node {node.number} of level {node.level} is not that of the entries below it.",
    )
