"""Memory: a server that draws pictures now and then should not stay as large as the largest."""

import ctypes
from typing import Final

# From glibc's malloc.h. Blocks from 128 kB on are given back as soon as they are free, and
# threads share two arenas: without this each keeps the pixels of its last photo for ever.
MMAP_THRESHOLD, TRIM_THRESHOLD, ARENA_MAX = -3, -1, -8
SETTINGS: Final = ((MMAP_THRESHOLD, 131_072), (TRIM_THRESHOLD, 131_072), (ARENA_MAX, 2))


def stay_small() -> bool:
    """Tell the C library to give large blocks back; False where it is another library."""
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    return choose is not None and sum(choose(*setting) for setting in SETTINGS) == len(SETTINGS)
