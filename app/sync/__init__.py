"""Sync: devices push what they hold and pull what they need.

Enters: batches of changes and chunks of photos, under a device key.
Leaves: a verdict per change, the changes of others, packs, the scorecard at a stated head.
Promise: 200 means committed; whatever is not kept is held and said so; nothing is dropped.
"""
