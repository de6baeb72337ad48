"""The tests: one folder per room, journeys in a real browser, and the house's own law."""

from tests import ids as ids  # before anything of the product takes `uuid4` by name
