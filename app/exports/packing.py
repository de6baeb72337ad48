"""The export as a file: written in one go, opened without believing anything in it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO, Final

from app.audits.rules import parse_change
from app.checklists.rules import Edition, canonical
from app.exports.rules import LOOKS, Report, judge, layout
from app.exports.rules.judging import Look
from app.exports.rules.layout import Contents
from app.exports.rules.outcome import outcome, scorecard_text
from app.exports.rules.reading import Opened, log_pem, public_of
from app.exports.rules.readme import README_1
from app.exports.rules.report import tampered
from app.exports.rules.signing import pem_of, signatures_text
from app.exports.rules.summary import render
from app.kit import zips

MOST_TEXT: Final = 512 * 1024 * 1024
"""The most that is read of one part at once; photos are read piece by piece."""
Pieces = Callable[[str], Iterable[bytes]]
Sign = Callable[[bytes], bytes]
_editions: dict[str, bytes] = {}


def pack(file: BinaryIO, contents: Contents, *, photo: Pieces, sign: Sign) -> None:
    """Write an export. `photo` gives a photo's bytes by its name, `sign` is the log's."""
    writer = zips.Writer(file)
    for name, text in _texts(contents):
        writer.add(name, [text])
    for key in contents.keys:
        writer.add(layout.pem_name(key.kid), [pem_of(key.spki)])
    for sha256 in sorted(each.sha256 for each in contents.manifest.photos.here):
        writer.add(layout.photo_name(sha256), photo(sha256))
    sums = layout.sums_text(writer.sums.items())
    writer.add(layout.SUMS, [sums])
    writer.add(layout.SEAL, [sign(sums)])
    writer.close()


def _texts(contents: Contents) -> Iterable[tuple[str, bytes]]:
    manifest = contents.manifest
    edition = contents.edition
    changes = tuple(parse_change(row.line) for row in contents.rows)
    state, card = outcome(edition, changes)
    yield layout.README, README_1.encode()
    yield layout.MANIFEST, layout.json_text(manifest)
    yield layout.SUMMARY, render(manifest, edition, card.as_json(), state)
    yield layout.SCORECARD, scorecard_text(card)
    yield layout.EDITION, _edition_text(edition)
    yield layout.CHANGES, layout.changes_text(contents.rows)
    yield layout.SIGNATURES, signatures_text(contents.rows)
    yield layout.HELD, layout.json_lines(contents.held)
    yield layout.KEYS, layout.json_text(contents.keys)
    yield layout.LOG_PEM, log_pem(public_of(contents.vkey.encode()))
    yield layout.LOG_KEY, f"{contents.vkey}\n".encode()
    yield layout.CHECKPOINT, contents.checkpoint.encode()
    yield layout.EPOCHS, layout.json_text(contents.epochs)
    yield layout.PROOFS, layout.json_lines(contents.proofs)
    yield layout.SEEN, layout.json_lines(contents.witnesses)


def _edition_text(edition: Edition) -> bytes:
    """Spelling a whole edition takes longer than all the rest; a process has a handful."""
    known = _editions.get(edition.sha256)
    if known is None:
        known = _editions[edition.sha256] = f"{canonical(edition.as_json())}\n".encode()
    return known


def open_export(file: BinaryIO) -> Opened:
    """The members of an export. Raises zips.BadZip for a file that is not spelled as one."""
    texts, sums, sizes = {}, {}, {}
    members = zips.read(file)
    for member in members:
        photo = member.name.startswith("photos/")
        if not photo and member.size > MOST_TEXT:
            raise zips.BadZip(
                f"{member.name} ใหญ่เกินกว่าจะเป็นชุดหลักฐาน",
                f"{member.name} is larger than any export's.",
            )
        digest = hashlib.sha256()
        kept = []
        for piece in zips.pieces(file, member):
            digest.update(piece)
            if not photo:
                kept.append(piece)
        sums[member.name] = digest.hexdigest()
        sizes[member.name] = member.size
        if not photo:
            texts[member.name] = b"".join(kept)
    return Opened([member.name for member in members], texts, sums, sizes)


def look(
    file: BinaryIO, trusted: bytes | None = None, looks: Mapping[str, Look] = LOOKS
) -> Report:
    """Verify an export, from its first byte to its last.

    In: the file, and the log's public key where one was given by another way.
    """
    try:
        return judge(open_export(file), trusted, looks)
    except zips.BadZip as bad:
        return Report((tampered("container", bad.th, bad.en),))
