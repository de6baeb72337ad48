"""Planning: who visits whom and when, and why there first.

Enters: rounds, levels, open gates, overdue tasks, ends of certificates, declared interests.
Leaves: a calendar, suggestions with reasons, assignments from a spreadsheet.
Promise: nothing is assigned from a file before every refusal in it was shown.
"""
