"""Surveys: what visitors say of an office, for the result criterion on satisfaction.

Enters: answers on a Likert scale, from a file or a public form without names.
Leaves: counts, means and percentages, and one file that is evidence of them.
Promise: figures are computed from kept answers; a row that does not add up is named.
"""
