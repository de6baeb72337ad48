"""Audits: one office's self-assessment, or one visit to it: what was said, what stands.

Enters: changes as devices wrote them; a round, its offices and teams.
Leaves: a verdict per change, the folded state, the scorecard, packs for phones.
Promise: a change once kept is never altered or lost; what is not kept is held with its reason.
"""
