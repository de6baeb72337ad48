"""Entries: the texts that are the leaves of the log. What is written here never changes."""

from typing import Literal


def change_entry(
    audit: str,
    seq: int,
    at: str,
    line_sha256: str,
    kid: str | None = None,
    signature: str | None = None,
) -> str:
    """The entry of a kept change; `at` is when it was received, by `kit.clock.wire`."""
    return _entry("change", audit, str(seq), at, line_sha256, kid or "-", signature or "-")


def key_entry(
    kid: str, device: str, person: str, what: Literal["enrolled", "revoked"], at: str
) -> str:
    """The entry of a signing key that began or ceased to count."""
    return _entry("key", kid, device, person, what, at)


def epoch_entry(number: int, at: str, reason: str) -> str:
    """The entry that says: from here on the log was carried on from a backup."""
    return _entry("epoch", str(number), at, reason)


def _entry(kind: str, *fields: str) -> str:
    if any("\n" in field for field in fields):
        raise ValueError("a field of an entry is one line")
    return "\n".join((f"gecc/1 {kind}", *fields, ""))
