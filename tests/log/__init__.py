"""The log: its tree, its notes, what may be done to it, and what is found when more is done."""
