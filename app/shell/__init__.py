"""What a device installs: the walk and the checking of certificates, without a network.

Enters: the release, the templates of the walk, the modules `static/js/app.js` reaches.
Leaves: `/walk`, `/v/offline`, both also under `/en`, `/offline`, `/sw.js`, the manifest.
Promise: every piece is named with its SHA-256, none is private, and old and new never mix.
"""
