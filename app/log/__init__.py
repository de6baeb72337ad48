"""Log: one append-only Merkle log (RFC 6962) of what nobody may rewrite.

Enters: entries, each one line of text that names a change, a key, a restored backup.
Leaves: signed checkpoints (C2SP), proofs that an entry is in it and that it only ever grew.
Promise: an entry's place never changes; who remembers a checkpoint can tell if history did.
"""
