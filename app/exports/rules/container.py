"""Whether the parts are those that were written and sealed: names, sums, seal, spelling."""

from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.exports.rules import layout
from app.exports.rules.layout import Manifest, pem_name
from app.exports.rules.reading import Opened, Read, log_pem, public_of, vkey_text
from app.exports.rules.readme import README_1
from app.exports.rules.report import Check, ok, remark, some, tampered
from app.exports.rules.signing import pem_of, signatures_text
from app.log.rules import BadNote, Checkpoint, open_note


def members(read: Read) -> Iterator[Check]:
    """Exactly the members there should be, in their order."""
    wanted = expected_names(read.manifest, list(read.keys))
    found = list(read.opened.names)
    if found == wanted:
        yield ok("members", f"มีไฟล์ครบ {len(found)} ไฟล์", f"All {len(found)} files are there.")
        return
    extra, lost = sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))
    yield tampered(
        "members",
        f"ไฟล์ภายในไม่ตรงกับรายการ: เกิน [{some(extra)}] ขาด [{some(lost)}]",
        f"The files are not those listed: too many [{some(extra)}], missing [{some(lost)}].",
    )


def expected_names(manifest: Manifest, kids: Sequence[str]) -> list[str]:
    """The members of an export that says this of itself."""
    photos = [photo.sha256 for photo in manifest.photos.here]
    return [*layout.names(kids, photos), layout.SUMS, layout.SEAL]


def sums(opened: Opened) -> Iterator[Check]:
    """Every member but the last two has the SHA-256 that SHA256SUMS says."""
    listed = [name for name in opened.names if name not in {layout.SUMS, layout.SEAL}]
    computed = layout.sums_text((name, opened.sums[name]) for name in listed)
    told = opened.texts.get(layout.SUMS, b"")
    if computed == told:
        yield ok(
            "sums",
            f"SHA-256 ของทั้ง {len(listed)} ไฟล์ตรงกับ SHA256SUMS",
            f"The SHA-256 of all {len(listed)} files is the one in SHA256SUMS.",
        )
        return
    lines = set(told.decode("utf-8", "replace").splitlines())
    wrong = [name for name in listed if f"{opened.sums[name]}  {name}" not in lines]
    yield tampered(
        "sums",
        f"SHA256SUMS ไม่ตรงกับเนื้อไฟล์: {some(wrong) or layout.SUMS}",
        f"SHA256SUMS is not what the files are: {some(wrong) or layout.SUMS}.",
    )


def seal(opened: Opened, trusted: bytes | None) -> Iterator[Check]:
    """SHA256SUMS is signed by the log's key: the one given, or else the one inside."""
    try:
        inside = public_of(opened.texts[layout.LOG_KEY])
        signed = opened.texts[layout.SUMS], opened.texts[layout.SEAL]
        Ed25519PublicKey.from_public_bytes(trusted or inside).verify(signed[1], signed[0])
    except (KeyError, ValueError, InvalidSignature):
        yield tampered(
            "seal",
            "ลายเซ็นของเซิร์ฟเวอร์บน SHA256SUMS ไม่ถูกต้อง",
            "The server's signature over SHA256SUMS does not match"
            + (" the key that was given." if trusted else "."),
        )
        return
    if trusted is not None and trusted != inside:
        yield tampered("seal", "กุญแจในไฟล์ไม่ใช่กุญแจที่ให้มา", "The key inside is not the one given.")
        return
    yield ok("seal", "ลายเซ็นของเซิร์ฟเวอร์ถูกต้อง", "The server's signature over it all matches.")
    if trusted is None:
        yield remark(
            "seal",
            "เชื่อกุญแจที่มากับไฟล์นี้ เทียบกับกุญแจที่ได้มาทางอื่นด้วย --log-key",
            "The key that came inside was believed. Give your own with --log-key.",
        )


def spelling(read: Read) -> Iterator[Check]:
    """Parts that follow from others are what follows: instructions, keys and signatures."""
    texts = read.opened.texts
    wanted = {
        layout.README: README_1.encode(),
        layout.LOG_PEM: log_pem(read.public),
        layout.LOG_KEY: f"{vkey_text(read.checkpoint.origin, read.public)}\n".encode(),
        layout.SIGNATURES: signatures_text(read.rows),
    }
    for kid, key in read.keys.items():
        wanted[pem_name(kid)] = pem_of(key.spki)
    wrong = sorted(name for name, text in wanted.items() if texts.get(name) != text)
    if wrong:
        yield tampered(
            "spelling",
            f"เนื้อความไม่ใช่ที่ควรเป็น: {some(wrong)}",
            f"These files do not say what follows from the others: {some(wrong)}.",
        )
    else:
        yield ok("spelling", "คำแนะนำและกุญแจตรงกัน", "Instructions and keys agree.")


def checkpoint(read: Read) -> Iterator[Check]:
    """The checkpoint is signed by the log's key, in the newest epoch."""
    said = read.checkpoint
    try:
        open_note(read.note, vkey_text(said.origin, read.public))
        sound = _epochs_lead_to(read, said)
    except (BadNote, ValueError):
        sound = False
    if sound:
        yield ok(
            "checkpoint",
            f"รหัสรวมของทะเบียน {said.origin} ขนาด {said.size} ลงลายเซ็นถูกต้อง",
            f"The checkpoint of {said.origin} at size {said.size} is signed by the log's key.",
        )
    else:
        yield tampered(
            "checkpoint", "รหัสรวมของทะเบียนไม่ถูกต้อง", "The log's checkpoint is not genuine."
        )


def _epochs_lead_to(read: Read, said: Checkpoint) -> bool:
    numbers = [epoch.number for epoch in read.epochs]
    sizes = [epoch.size for epoch in read.epochs]
    return (
        numbers == list(range(1, len(numbers) + 1))
        and bool(numbers)
        and sizes[-1] <= said.size
        and said.origin.endswith(f"/log/{numbers[-1]}")
    )
