"""What the public is told of a certificate online: words, colour, picture. Pure."""

from typing import Final

from app.certification.rules.verifying import Reason, State

LOOKS: Final[dict[State, tuple[str, str]]] = {
    "valid": ("met", "circle-check"),
    "expired": ("partly", "hourglass"),
    "suspended": ("waiting", "triangle-alert"),
    "withdrawn": ("unmet", "circle-x"),
    "superseded": ("told", "info"),
    "unknown": ("waiting", "triangle-alert"),
    "forged": ("unmet", "circle-x"),
}
"""Colour and picture; `verifying.STATES` has the words. static/js/verify says the same."""
COLOURS: Final = {"BASIC": "light-blue", "EXCELLENCE": "gold"}
"""Of the standard's levels; every other is teal."""
SHORT: Final[dict[str, dict[str, str]]] = {
    "valid": {"th": "ใช้ได้", "en": "Valid"},
    "expired": {"th": "หมดอายุ", "en": "Expired"},
    "suspended": {"th": "พักใช้", "en": "Suspended"},
    "withdrawn": {"th": "เพิกถอน", "en": "Withdrawn"},
    "superseded": {"th": "มีใบใหม่แทน", "en": "Superseded"},
}
MEANINGS: Final[dict[State, dict[str, str]]] = {
    "valid": {
        "th": "ลายเซ็นดิจิทัลถูกต้อง และอยู่ในทะเบียนใบรับรองของผู้ออก",
        "en": "Its digital signature is right, and it is in the issuer's register.",
    },
    "expired": {
        "th": "เป็นของจริง แต่พ้นวันที่ใช้ได้แล้ว",
        "en": "It is genuine, but its last day has passed.",
    },
    "suspended": {
        "th": "เป็นของจริง แต่ผู้ออกพักใช้ไว้ ระหว่างนี้ถือว่าไม่มีผล",
        "en": "It is genuine, but its issuer has suspended it: for now it does not count.",
    },
    "withdrawn": {
        "th": "เป็นของจริง แต่ผู้ออกเพิกถอนแล้ว จึงไม่มีผลอีกต่อไป",
        "en": "It is genuine, but its issuer has withdrawn it: it does not count any more.",
    },
    "superseded": {
        "th": "เป็นของจริง แต่สำนักงานนี้ได้รับใบใหม่แล้ว ให้ดูใบใหม่",
        "en": "It is genuine, but the office has a newer one: look at that.",
    },
    "unknown": {
        "th": "ไม่มีใบรับรองเลขที่หรือรหัสนี้ในทะเบียน ตรวจดูว่าพิมพ์หรือสแกนมาครบ",
        "en": "The register has no certificate of this number or code. "
        "Check that it is complete.",
    },
    "forged": {
        "th": "อย่าเชื่อถือเอกสารนี้ กรุณาแจ้งผู้ออกใบรับรอง",
        "en": "Do not trust this paper. Please tell the issuer.",
    },
}
REASONS: Final[dict[Reason, dict[str, str]]] = {
    "not-a-certificate": {
        "th": "รหัสในคิวอาร์ถูกแก้ไข ไม่ครบ หรือทำขึ้นเอง",
        "en": "The code was altered, is not whole, or was made up.",
    },
    "signature": {
        "th": "ลายเซ็นดิจิทัลไม่ตรงกับข้อความในใบรับรอง",
        "en": "The digital signature does not match what the certificate says.",
    },
    "key-unknown": {
        "th": "ลงลายเซ็นด้วยกุญแจที่ไม่ใช่ของผู้ออก",
        "en": "It was signed with a key that is not the issuer's.",
    },
    "not-registered": {
        "th": "ลายเซ็นดูถูกต้อง แต่ไม่มีใบนี้ในทะเบียน อาจลงลายเซ็นด้วยกุญแจที่ถูกขโมย",
        "en": "Its signature looks right, but the register does not have it: "
        "perhaps a stolen key.",
    },
    "not-logged": {
        "th": "ทะเบียนที่แก้ไม่ได้ไม่มีบันทึกการออกหรือสถานะของใบนี้ ตรงกับที่แสดงไว้",
        "en": "The log that nobody can rewrite does not tell of its issue or of its state.",
    },
}


def words_of(state: State, reason: Reason) -> dict[str, str]:
    """What the state means, and where it was found forged how that is known."""
    known = REASONS.get(reason) if state == "forged" else None
    said = MEANINGS[state]
    return {lang: f"{known[lang]} {said[lang]}" if known else said[lang] for lang in said}
