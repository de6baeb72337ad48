"""Evidence: photos, documents, videos. Strange bytes in, kept as they came; safe pictures out.

Enters: chunks of bytes under the SHA-256 they should add up to.
Leaves: a receipt or a refusal; pictures of 200, 800 and 2048 px without any metadata.
Promise: a row in `blob` means the bytes are on the disk, whole, and are what their name says.
"""
