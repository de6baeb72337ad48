"""Signatures and secrets as Standard Webhooks 1.0.0 has them. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
"""The standard asks for 24 to 64 random bytes."""
OLD_LASTS: Final = timedelta(hours=24)
"""After a rotation the secret before it signs too for this long."""


def secret_text(secret: bytes) -> str:
    """A secret as people copy it and the standard's libraries read it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers_of(
    secrets: Sequence[bytes], *, message: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers of one try, with a signature of each of these secrets."""
    content = f"{message}.{timestamp}.".encode() + body
    signatures = [
        f"v1,{base64.b64encode(hmac.digest(one, content, hashlib.sha256)).decode()}"
        for one in secrets
    ]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
