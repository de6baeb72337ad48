"""Decisions, certificates and what becomes of them; anyone can verify.

Enters: a proposal; two approvers, or one and a committee's resolution; later an appeal.
Leaves: a decision that is never altered, a signed certificate, the public pages under /v.
Promise: no single person certifies; what was decided is never rewritten, only superseded.
"""
