"""Random ids that rise or fall in the order they are made, so that chance decides no test.

Rows made in the same moment are told apart by a random id alone. A test that holds only in one
order would pass on some days; with `GECC_IDS=rising` in one run of the suite and
`GECC_IDS=falling` in another it fails in one of them, every time. Unset leaves ids to chance.
"""

import os
import uuid
from itertools import count
from typing import Final

_FIRST: Final = {"rising": (0x1000_0000, 1), "falling": (0xEFFF_FFFF, -1)}
_chance: Final = uuid.uuid4


def ordered(direction: str) -> None:
    """Let `uuid.uuid4` begin with 32 bits that only ever go one way.

    Must run before anything imports the name: the package `tests` does it first of all. The
    rest of each id stays random.

    Raises:
        KeyError: a direction other than `rising` or `falling`.
    """
    numbers = count(*_FIRST[direction])

    def next_id() -> uuid.UUID:
        low = _chance().int & ((1 << 96) - 1)
        return uuid.UUID(int=next(numbers) << 96 | low, version=4)

    uuid.uuid4 = next_id


if chosen := os.environ.get("GECC_IDS"):
    ordered(chosen)
