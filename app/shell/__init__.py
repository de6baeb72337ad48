"""What a device installs, so that the walk opens without a network.

Enters: the release, the templates of the walk, the modules `static/js/app.js` reaches.
Leaves: `/walk`, `/en/walk`, `/sw.js`, `/manifest.webmanifest`, `/offline`.
Promise: every piece is named with its SHA-256, none is private, and old and new never mix.
"""
