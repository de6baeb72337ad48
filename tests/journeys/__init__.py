"""Journeys: a real browser, a real server, offline and back. One file per story."""
