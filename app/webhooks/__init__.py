"""Webhooks: other systems hear of what happened, signed (Standard Webhooks).

Enters: lines of the trail.
Leaves: signed messages, tried again until they arrive; every try on record.
Promise: nothing is sent twice as two, and nothing is dropped unseen.
"""
