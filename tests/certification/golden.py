"""Writes tests/cases/certificates/*.json: `python -m tests.certification.golden`.

Keys and moments are fixed, so a second run writes the same files.
"""

import base64
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.certification.rules import cose, payload, status_list
from app.certification.rules.base32 import base32
from app.certification.rules.payload import Payload, first_second_after
from app.certification.rules.status_list import StatusList
from app.certification.rules.verifying import key_id

FOLDER: Final = Path(__file__).resolve().parents[1] / "cases" / "certificates"
ORIGIN: Final = "https://gecc.example.go.th"
NOW: Final = 1_795_312_800  # 22 November 2569, 09.00 in Bangkok
DAY: Final = 86_400


class Signer(NamedTuple):
    """A key as tests hold it."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def kid(self) -> bytes:
        return key_id(self.public)

    def sign(self, packed: bytes, context: bytes = payload.CONTEXT) -> bytes:
        return cose.sign(packed, kid=self.kid, context=context, by=self.private.sign)


def signer(name: str) -> Signer:
    """The same key for the same name, everywhere; such keys sign nothing but cases."""
    return Signer(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


ACTIVE: Final = signer("active")
RETIRED: Final = signer("retired")
STOLEN: Final = signer("stolen")
STRANGER: Final = signer("stranger")
GENUINE: Final = Payload(
    issuer_th="กระทรวงยุติธรรม (การประเมินเบื้องต้นภายในกระทรวง)",
    number="GECC-2570-00001",
    expires=first_second_after(date(2029, 11, 20)),
    issued=NOW - DAY,
    office_code="PJO-14",
    office_th="สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา",
    office_en="Phra Nakhon Si Ayutthaya Provincial Justice Office",
    level="excellence",
    edition="gecc/2568",
    status_index=0,
    proposal=bytes(range(16)),
)


def in_address(signed: bytes) -> str:
    return payload.address(ORIGIN, signed)


def raw(content: dict[Any, Any], by: Signer = ACTIVE, **other: Any) -> bytes:
    """A COSE_Sign1 over any map, with anything else than usual in it: a forger's workshop."""
    packed = other.get("packed", cbor2.dumps(content, canonical=True))
    header = other.get("header", {1: -8, 4: by.kid})
    protected = cbor2.dumps(header, canonical=True)
    context = other.get("context", payload.CONTEXT)
    signed = cbor2.dumps(["Signature1", protected, context, packed], canonical=True)
    parts = [protected, other.get("free", {}), packed, by.private.sign(signed)]
    return cbor2.dumps(cbor2.CBORTag(other.get("tag", 18), parts), canonical=True)


def as_map(says: Payload) -> dict[Any, Any]:
    return {payload.KEYS[name]: value for name, value in says._asdict().items()}


def shown(says: Payload | None) -> dict[str, Any] | None:
    """The fields as the cases have them: bytes in hex."""
    if says is None:
        return None
    return says._asdict() | {"proposal": says.proposal.hex()}


def listing(codes: list[Any], issued: int = NOW - 3600) -> StatusList:
    return StatusList(
        issued, status_list.TTL, len(codes), status_list.bits_of(codes), 1200, bytes(32)
    )


def expect(state: str, reason: str = "ok", says: Payload | None = None) -> dict[str, Any]:
    return {"state": state, "reason": reason, "fields": shown(says)}


def keys() -> list[dict[str, str]]:
    return [
        {"kid": one.kid.hex(), "public": base64.b64encode(one.public).decode(), "state": state}
        for one, state in ((ACTIVE, "active"), (RETIRED, "retired"), (STOLEN, "compromised"))
    ]


def certificates() -> dict[str, Any]:
    """Texts without a status list."""
    packed = payload.pack(GENUINE)
    signed = ACTIVE.sign(packed)
    text = in_address(signed)
    code = base32(signed)
    old = GENUINE._replace(
        number="GECC-2567-00009", issued=NOW - 1200 * DAY, expires=NOW, status_index=7
    )
    last = old._replace(expires=NOW + 1)
    shortest = GENUINE._replace(
        issuer_th="ย", office_code="J", office_th="ก", office_en="k", level="b", edition="g/1"
    )
    flipped = bytearray(signed)
    flipped[-1] ^= 1
    middle = bytearray(signed)
    middle[200] ^= 4
    other_level = as_map(GENUINE) | {103: "basic"}
    swapped = cose.read(ACTIVE.sign(payload.pack(old)))
    wrong = cbor2.dumps(
        cbor2.CBORTag(18, [cose._protected(ACTIVE.kid), {}, packed, swapped.signature]),
        canonical=True,
    )
    untagged = cbor2.dumps(cbor2.loads(signed).value, canonical=True)
    long_form = cbor2.dumps(as_map(GENUINE), canonical=True).replace(
        b"\x04\x1a", b"\x04\x1b\0\0\0\0", 1
    )
    reversed_map = cbor2.dumps(dict(reversed(as_map(GENUINE).items())))
    floats = cbor2.dumps(as_map(GENUINE) | {105: 0.0}, canonical=True)
    fields = as_map(GENUINE)
    usual = {1: cose.EDDSA, 4: ACTIVE.kid}
    less = {key: value for key, value in fields.items() if key != 102}
    listed = status_list.pack(listing(["valid"] * 400))
    genuine = {
        "genuine": text,
        "genuine, in small letters": text.lower(),
        "genuine, the code alone with spaces around it": f" {code}\n",
        "genuine, from another host's address": f"https://other.example/v/{code}",
        "genuine, with a query behind it": f"{text}?from=camera",
        "genuine, of a key that is retired": in_address(RETIRED.sign(packed)),
    }
    wrongly_signed = {
        "a stranger's signature under our key id": raw(fields, STRANGER, header=usual),
        "the last bit of the signature turned": bytes(flipped),
        "a bit of the office's name turned": bytes(middle),
        "another level, signed by a stranger": raw(other_level, STRANGER, header=usual),
        "the signature of another certificate": wrong,
        "signed in the context of status lists": ACTIVE.sign(packed, status_list.CONTEXT),
        "signed without a context": ACTIVE.sign(packed, b""),
        "a status list": ACTIVE.sign(listed, status_list.CONTEXT),
    }
    misshapen = {
        "algorithm ES256 in the header": raw(fields, header=usual | {1: -7}),
        "no algorithm in the header": raw(fields, header={4: ACTIVE.kid}),
        "one header more": raw(fields, header=usual | {3: 60}),
        "an unprotected header": raw(fields, free={4: ACTIVE.kid}),
        "a key id of four bytes": raw(fields, header=usual | {4: ACTIVE.kid[:4]}),
        "without its tag": untagged,
        "tagged as COSE_Sign": raw(fields, tag=98),
        "one field more": raw(fields | {107: "x"}),
        "one field less": raw(less),
        "a number as a text": raw(fields | {105: "0"}),
        "a number as a float": raw({}, packed=floats),
        "true for a number": raw(fields | {105: True}),
        "an end before its beginning": raw(fields | {4: GENUINE.issued}),
        "a line break in the office's name": raw(fields | {101: "ก\nข"}),
        "a number in a longer writing": raw({}, packed=long_form),
        "the fields in another order": raw({}, packed=reversed_map),
        "one byte more at the end": signed + b"\0",
        "one byte less at the end": signed[:-1],
        "half of it": signed[: len(signed) // 2],
    }
    no_code = {
        "a padded code": f"{code}=",
        "a digit that base32 has not": f"{text[:-2]}1A",
        "nothing": "",
        "a number": "GECC-2570-00001",
        "another address": "https://example.org/menu",
        "Thai words": "ใบรับรอง" * 40,
        "a very long text": "A" * 5000,
    }
    short = in_address(ACTIVE.sign(payload.pack(shortest)))
    ending = in_address(ACTIVE.sign(payload.pack(last)))
    ended = in_address(ACTIVE.sign(payload.pack(old)))
    stolen = in_address(STOLEN.sign(packed))
    cases = [
        *((name, each, expect("valid", says=GENUINE)) for name, each in genuine.items()),
        ("genuine, as short as one can be", short, expect("valid", says=shortest)),
        ("in its last second", ending, expect("valid", says=last)),
        ("ended this second", ended, expect("expired", says=old)),
        ("of a compromised key", stolen, expect("unknown", "key-compromised", GENUINE)),
        (
            "of a key that nobody knows",
            in_address(STRANGER.sign(packed)),
            expect("unknown", "key-unknown"),
        ),
        *(
            (name, in_address(each), expect("forged", "signature"))
            for name, each in wrongly_signed.items()
        ),
        *(
            (name, in_address(each), expect("forged", "not-a-certificate"))
            for name, each in misshapen.items()
        ),
        ("one letter less", text[:-1], expect("forged", "not-a-certificate")),
        (
            "bits in the last letter that say nothing",
            _loose(code),
            expect("forged", "not-a-certificate"),
        ),
        *((name, each, expect("unknown", "not-a-code")) for name, each in no_code.items()),
    ]
    return {
        "keys": keys(),
        "now": NOW,
        "cases": [{"name": n, "text": t, "expect": e} for n, t, e in cases],
    }


def _loose(code: str) -> str:
    """The same bytes in another text, if the last letter has bits to spare; else one more."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    spare = {2: 2, 4: 4, 5: 1, 7: 3}.get(len(code) % 8, 0)
    if not spare:
        return code + "A"
    return code[:-1] + letters[letters.index(code[-1]) | 1]


def lists() -> dict[str, Any]:
    """Signed status lists, and one certificate's state by each."""
    signed = {
        index: in_address(
            ACTIVE.sign(
                payload.pack(
                    GENUINE._replace(number=f"GECC-2570-{index + 1:05}", status_index=index)
                )
            )
        )
        for index in range(6)
    }
    codes = ["valid", "suspended", "withdrawn", "superseded", "valid"]
    good = listing(codes)
    packed = status_list.pack(good)
    content = {status_list.KEYS[name]: value for name, value in good._asdict().items()}

    def seal(body: dict[Any, Any], by: Signer = ACTIVE, **other: Any) -> str:
        whole = raw(body, by, **{"context": status_list.CONTEXT, **other})
        return base64.b64encode(whole).decode()

    fresh = base64.b64encode(ACTIVE.sign(packed, status_list.CONTEXT)).decode()
    stale = base64.b64encode(
        ACTIVE.sign(status_list.pack(listing(codes, NOW - DAY)), status_list.CONTEXT)
    ).decode()
    flipped = bytearray(ACTIVE.sign(packed, status_list.CONTEXT))
    flipped[-80] ^= 1
    spare = content | {4: good.bits[:-1] + bytes([good.bits[-1] | 0x40])}
    told = [
        {
            "list": name,
            "text": signed[index],
            "expect": {"state": state, "fresh": fresh_, "asked_at": asked},
        }
        for name, fresh_, asked in (("fresh", True, NOW - 3600), ("stale", False, NOW - DAY))
        for index, state in enumerate(codes)
    ]
    told.append(
        {
            "list": "fresh",
            "text": signed[5],
            "expect": {"state": "valid", "fresh": False, "asked_at": None},
        }
    )
    ended = GENUINE._replace(issued=NOW - 2 * DAY, expires=NOW)
    for index, state in ((0, "expired"), (1, "expired"), (2, "withdrawn"), (3, "superseded")):
        says = ended._replace(status_index=index)
        told.append(
            {
                "list": "fresh",
                "text": in_address(ACTIVE.sign(payload.pack(says))),
                "expect": {"state": state, "fresh": True, "asked_at": NOW - 3600},
            }
        )
    read = {"issued": good.issued, "ttl": good.ttl, "places": 5, "codes": codes}
    cases = [
        ("fresh", fresh, read),
        ("stale", stale, read | {"issued": NOW - DAY}),
        ("empty", seal(content | {3: 0, 4: b""}), read | {"places": 0, "codes": []}),
        ("of a retired key", seal(content, RETIRED), read),
        ("of a compromised key", seal(content, STOLEN), None),
        ("of an unknown key", seal(content, STRANGER), None),
        ("a bit turned", base64.b64encode(bytes(flipped)).decode(), None),
        ("in the context of certificates", seal(content, context=payload.CONTEXT), None),
        ("bits after the last place", seal(spare), None),
        ("a byte too many", seal(content | {4: good.bits + b"\0"}), None),
        ("a byte too few", seal(content | {4: good.bits[:-1]}), None),
        ("one field more", seal(content | {7: []}), None),
        ("a negative age", seal(content | {1: -1}), None),
        ("a certificate", base64.b64encode(ACTIVE.sign(payload.pack(GENUINE))).decode(), None),
        ("nothing", "", None),
    ]
    return {
        "keys": keys(),
        "now": NOW,
        "lists": [{"name": n, "signed": s, "expect": e} for n, s, e in cases],
        "cases": told,
    }


def written(cases: dict[str, Any]) -> str:
    return json.dumps(cases, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "certificates.json").write_text(written(certificates()), "utf-8")
    (FOLDER / "status-lists.json").write_text(written(lists()), "utf-8")
