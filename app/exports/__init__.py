"""Exports: one audit as a file that anybody can check, without us.

Enters: an audit with its changes, photos, keys and place in the log.
Leaves: a ZIP that `gecc verify` judges without network: 0 whole, 1 tampered, 2 incomplete.
Promise: what was altered after it left a phone is found.
"""
