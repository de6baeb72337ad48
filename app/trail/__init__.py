"""Trail: who did what, when.

Enters: an action's code, the kind and id of its subject, who and when.
Leaves: lines, newest first.
Promise: a line is written in the same transaction as what it tells, and never changed.
"""
