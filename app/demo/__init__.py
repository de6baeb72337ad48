"""A small invented world to click in. Offices are real places; every person is made up.

`seed` makes a round that is about to be walked; `show` adds a pilot round before it, whose
visits have been submitted, returned, proposed and certified. Both use the actions people use.
"""

from app.demo.showing import show
from app.demo.world import PEOPLE, World, seed

__all__ = ["PEOPLE", "World", "seed", "show"]
