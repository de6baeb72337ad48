"""Search: offices, people, notes and criteria by any piece of their words, also in Thai.

Enters: texts of the rooms behind, as they change.
Leaves: places to go to.
Promise: nobody finds what they could not open.
"""
