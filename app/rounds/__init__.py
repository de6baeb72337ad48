"""Rounds: one year's assessment: the edition it uses, the offices taking part, who visits whom.

Enters: an edition, offices, dates, people.
Leaves: participations (each an office's self-assessment) and visits with their teams.
Promise: nobody is sent to assess the office they work in.
"""
