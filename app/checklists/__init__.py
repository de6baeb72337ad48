"""Checklists: editions of a standard as data.

Enters: `checklists/<slug>/<edition>.yaml`, written by people.
Leaves: frozen definitions with their SHA-256; or every mistake with its line.
Promise: an edition never changes under an audit; other words make another SHA-256.
"""
