"""Backup: everything once more in another place, and back again.

Enters: the database, the bytes of photos, the keys; a folder or an S3 bucket.
Leaves: a backup that was read back; photos marked as archived; after a restore, a new epoch.
Promise: nothing is called archived that was not read back and compared.
"""
