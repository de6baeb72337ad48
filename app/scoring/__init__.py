"""Scoring: answers become a scorecard.

Enters: an edition, the answers to its criteria, how many photos stand beside each.
Leaves: a scorecard: points, level, and every reason why not the next one up.
Promise: byte for byte what `static/js/domain/scoring.js` says; whole numbers only.
"""
