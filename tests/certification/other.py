"""Another COSE library's opinion of what is signed here."""

from typing import Any

import cbor2
from pycose.exceptions import CoseException
from pycose.headers import KID
from pycose.keys.okp import OKPKey
from pycose.messages.sign1message import Sign1Message


def read(signed: bytes) -> Any:
    """The message; its own `decode` does not know what cbor2 makes of a tag's content now."""
    if signed[:1] != b"\xd2":
        raise ValueError("not tagged as COSE_Sign1")
    return Sign1Message.from_cose_obj(cbor2.loads(signed[1:]), True)


def accepts(signed: bytes, keys: dict[bytes, bytes], context: bytes) -> bool:
    """Whether pycose takes this as signed by the key that it names."""
    try:
        found = read(signed)
        found.key = OKPKey(crv="ED25519", x=keys[found.phdr[KID]])
        found.external_aad = context
        return bool(found.verify_signature())
    except (CoseException, cbor2.CBORError, ValueError, TypeError, LookupError, AttributeError):
        return False
