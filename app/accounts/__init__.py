"""Accounts: people, what they may do, how they sign in, and which phones speak for them.

Enters: user names and passwords, session cookies, device keys.
Leaves: a `Caller` with roles, or a refusal; never a password or a key.
Promise: disabling a person closes every door of theirs at once, and loses nothing they made.
"""
