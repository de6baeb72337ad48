"""The tests: one folder per room, journeys in a real browser, and the house's own law."""
