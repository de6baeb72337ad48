"""Readiness: what an office lacks, the cheapest way up, and the plan to get there.

Enters: the answers of a self-assessment or visit, what people promise to improve.
Leaves: gaps, ways up, tasks with who, when and proof; what a phone shows at a criterion.
Promise: a level is calculated, never typed; a task is done only when a second person saw it.
"""
