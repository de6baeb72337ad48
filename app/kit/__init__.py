"""Kit: tools that know nothing of audits.

Enters: engines, requests, bytes, templates.
Leaves: sessions, responses, kept files, pages.
Promise: nothing is answered before it is committed.
"""
