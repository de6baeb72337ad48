"""Overview: pages that span rooms: everybody's home, and the trail in sentences.

Enters: what the rooms behind it know.
Leaves: pages.
Promise: every action code has a sentence in Thai and English.
"""
