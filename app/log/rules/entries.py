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


def decision_entry(
    decision: str,
    audit: str,
    proposal_sha256: str,
    outcome: str,
    level: str | None,
    first: str,
    second: str | None,
    at: str,
) -> str:
    """The entry of a decision: what it was made of, what it says, and whose it is.

    `proposal_sha256` is that of the frozen proposal; no `second`: a committee decided.
    """
    return _entry(
        "decision",
        decision,
        audit,
        proposal_sha256,
        outcome,
        level or "-",
        first,
        second or "-",
        at,
    )


def certificate_entry(number: str, what: str, cose_sha256: str, by: str, at: str) -> str:
    """The entry of a certificate that was issued (`issued`), or of a move of it."""
    return _entry("certificate", number, what, cose_sha256, by, at)


def issuing_key_entry(
    kid: str, what: Literal["made", "retired", "compromised"], at: str
) -> str:
    """The entry of a key that signs certificates, when it began or ceased to."""
    return _entry("issuing-key", kid, what, at)


def _entry(kind: str, *fields: str) -> str:
    if any("\n" in field for field in fields):
        raise ValueError("a field of an entry is one line")
    return "\n".join((f"gecc/1 {kind}", *fields, ""))
