"""The fewest things that together reach several bounds, exactly: what `ways_up` chooses with.

The twin is static/js/domain/fewest.js. docs/scoring.md tells why the answer is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Table = dict[int, int]
"""The most that is gained, by how many are taken and what they cost: `n * width + effort`."""


class Item(NamedTuple):
    """One thing that may be taken: the group it counts in, what it gains, what it costs."""

    group: int
    gain: int
    effort: int


@dataclass(frozen=True, slots=True)
class _Group:
    """What the items of one group can still add, from each of them on."""

    need: int
    start: int
    inside: list[Table]
    """By position in the group; of a group without a bound, with all later groups in it."""
    later: Table
    """What the groups after it can add when each keeps its bound."""


def fewest(
    items: Sequence[Item], needs: Mapping[int, int], need: int, most: int
) -> list[tuple[int, ...]]:
    """The smallest sets that gain `need` together and `needs[group]` in each group.

    In: items with gains and efforts above 0, the items of a group side by side, groups rising;
    bounds of 0 or less ask for nothing. Out: at most so many sets as positions in `items`, all
    of the smallest size there is, ordered by effort and then by position; none when even
    everything together is too little.
    """
    size = _size(items, needs, need)
    if size is None:
        return []
    search = _Search(items, needs, need, size)
    found: list[tuple[int, ...]] = []
    for effort in search.efforts():
        search.collect(found, most, effort)
        if len(found) == most:
            break
    return found


def _size(items: Sequence[Item], needs: Mapping[int, int], need: int) -> int | None:
    """How many it takes: in each group its greatest gains to its bound, then the greatest."""
    groups: dict[int, list[int]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item.gain)
    size, gained = 0, 0
    rest: list[int] = []
    for group, bound in needs.items():
        if bound > 0 and group not in groups:
            return None
    for group, gains in groups.items():
        gains.sort(reverse=True)
        taken, within = 0, 0
        while within < needs.get(group, 0):
            if taken == len(gains):
                return None
            within += gains[taken]
            taken += 1
        size, gained = size + taken, gained + within
        rest += gains[taken:]
    for gain in sorted(rest, reverse=True):
        if gained >= need:
            break
        size, gained = size + 1, gained + gain
    return size if gained >= need else None


class _Search:
    """All sets of one size, walked in the order of the items and never into a dead end."""

    def __init__(
        self, items: Sequence[Item], needs: Mapping[int, int], need: int, size: int
    ) -> None:
        self.items = items
        self.need = need
        self.size = size
        self.width = sum(item.effort for item in items) + 1
        self.before = _greatest(items)
        self.groups: dict[int, _Group] = {}
        self.first = later = {0: 0}
        end = len(items)
        for group in sorted({item.group for item in items}, reverse=True):
            start = next(i for i, item in enumerate(items) if item.group == group)
            bound = needs.get(group, 0)
            inside = self._inside(start, end, {0: 0} if bound > 0 else later, bound)
            self.groups[group] = _Group(bound, start, inside, later if bound > 0 else {0: 0})
            later = self._joined(start, inside[0], later, bound) if bound > 0 else inside[0]
            self.first, end = later, start

    def efforts(self) -> list[int]:
        """What the sets cost, the least first."""
        at = self.size * self.width
        return sorted(
            key - at
            for key, gain in self.first.items()
            if at <= key < at + self.width and gain >= self.need
        )

    def collect(self, found: list[tuple[int, ...]], most: int, effort: int) -> None:
        """Add the sets of exactly this effort, in order, until there are `most`."""
        self._walk(found, most, (), (self.size * self.width + effort, 0, 0))

    def _walk(
        self,
        found: list[tuple[int, ...]],
        most: int,
        taken: tuple[int, ...],
        state: tuple[int, int, int],
    ) -> None:
        left, within, gained = state
        if left == 0:
            found.append(taken)
            return
        for i in range(taken[-1] + 1 if taken else 0, len(self.items)):
            item = self.items[i]
            if i == self.groups[item.group].start:
                within = 0
            cost = self.width + item.effort
            state = left - cost, within + item.gain, gained + item.gain
            if left >= cost and self._reaches(item.group, i + 1, state):
                self._walk(found, most, (*taken, i), state)
                if len(found) == most:
                    return
            if not self._reaches(item.group, i + 1, (left, within, gained)):
                return

    def _reaches(self, group: int, at: int, state: tuple[int, int, int]) -> bool:
        """Whether the items from here on can make a whole of what has been taken."""
        left, within, gained = state
        there = self.groups[group]
        inside = there.inside[at - there.start]
        for key, after in there.later.items():
            here = inside.get(left - key)
            if here is None or within + here < there.need:
                continue
            if gained + here + after >= self.need:
                return True
        return False

    def _inside(self, start: int, end: int, last: Table, bound: int) -> list[Table]:
        tables = [last]
        for i in range(end - 1, start - 1, -1):
            item = self.items[i]
            cost = self.width + item.effort
            table = dict(tables[-1])
            for key, gain in tables[-1].items():
                if table.get(key + cost, -1) < gain + item.gain:
                    table[key + cost] = gain + item.gain
            tables.append(table if bound > 0 else self._hopeful(i, table))
        return tables[::-1]

    def _joined(self, start: int, inside: Table, later: Table, bound: int) -> Table:
        """What a group that keeps its bound adds to all that comes after it."""
        table: Table = {}
        for key, gain in inside.items():
            if gain >= bound:
                for other, after in later.items():
                    if table.get(key + other, -1) < gain + after:
                        table[key + other] = gain + after
        return self._hopeful(start, table)

    def _hopeful(self, start: int, table: Table) -> Table:
        """Without what even the greatest gains before `start` cannot lift to the bound."""
        before = self.before[start]
        kept: Table = {}
        for key, gain in table.items():
            missing = self.size - key // self.width
            if 0 <= missing < len(before) and gain + before[missing] >= self.need:
                kept[key] = gain
        return kept


def _greatest(items: Sequence[Item]) -> list[list[int]]:
    """For each position, the most that 0, 1, 2 … of the items before it gain."""
    tables = []
    gains: list[int] = []
    for i in range(len(items) + 1):
        sums = [0]
        for gain in sorted(gains, reverse=True):
            sums.append(sums[-1] + gain)
        tables.append(sums)
        if i < len(items):
            gains.append(items[i].gain)
    return tables
