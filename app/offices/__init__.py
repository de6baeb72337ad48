"""Offices: the places that serve people, and who works in each.

Enters: the list of provinces, memberships.
Leaves: offices in Thai order, the office of a person.
Promise: a person belongs to at most one office at a time.
"""
