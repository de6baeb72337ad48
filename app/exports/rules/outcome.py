"""Whether photos are what changes name, and the result is what changes come to."""

from collections.abc import Iterator

from app.audits.rules import Change, answers_of, fold
from app.audits.rules.fold import State
from app.checklists.rules import Edition, canonical
from app.exports.rules import layout
from app.exports.rules.layout import BadPart, photo_name
from app.exports.rules.reading import Read, masked_photos, named_photos
from app.exports.rules.report import Check, incomplete, ok, remark, some, tampered
from app.exports.rules.summary import render
from app.scoring.rules import RULES_VERSION, BadAnswers, Scorecard, score


def edition(read: Read) -> Iterator[Check]:
    """The checklist is the one the manifest names."""
    found = read.edition
    name = f"{found.slug}/{found.edition} sha256 {found.sha256}"
    if found.sha256 == read.manifest.edition:
        yield ok("edition", f"ฉบับเกณฑ์ {name}", f"Edition {name}.")
    else:
        yield tampered(
            "edition", "ฉบับเกณฑ์ไม่ใช่ฉบับที่ระบุ", "The edition is not the one that is named."
        )


def photos(read: Read) -> Iterator[Check]:
    """Every photo that changes name is here under its own hash, or said not to be."""
    told = read.manifest.photos
    here = {photo.sha256 for photo in told.here}
    listed = [*here, *told.missing, *told.withheld]
    named = named_photos([*read.changes, *read.held_changes])
    wrong = sorted(named ^ set(listed))
    if len(listed) != len(set(listed)) or len(here) != len(told.here):
        wrong.append("…")
    wrong += sorted(set(told.withheld) - masked_photos(read.changes))
    for photo in told.here:
        name = photo_name(photo.sha256)
        found = read.opened.sums.get(name), read.opened.sizes.get(name)
        if found != (photo.sha256, photo.bytes):
            wrong.append(photo.sha256)
    if wrong:
        yield tampered(
            "photos",
            f"ภาพหรือไฟล์ไม่ตรงกับที่รายการระบุ: {some(wrong)}",
            f"Photos or files are not those the changes name: {some(wrong)}.",
        )
    else:
        yield ok(
            "photos",
            f"ภาพและไฟล์ตรงทั้ง {len(here)} รายการ",
            f"All {len(here)} photos and files match.",
        )
    of_kept = named_photos(read.changes)
    missing = [sha256 for sha256 in told.missing if sha256 in of_kept]
    if missing:
        yield incomplete(
            "photos",
            f"ภาพหรือไฟล์ที่เซิร์ฟเวอร์ยังไม่ได้รับ {len(missing)} รายการ: {some(missing)}",
            f"{len(missing)} photos or files had not been received: {some(missing)}.",
        )
    if len(missing) < len(told.missing):
        others = len(told.missing) - len(missing)
        yield remark(
            "photos",
            f"ภาพหรือไฟล์ของรายการที่พักไว้ซึ่งยังไม่ได้รับ {others} รายการ",
            f"{others} photos or files of held lines had not been received.",
        )
    if told.withheld:
        yield remark(
            "photos",
            f"ต้นฉบับที่ปกปิดแล้ว {len(told.withheld)} ภาพ ไม่อยู่ในไฟล์นี้",
            f"{len(told.withheld)} originals of masked photos are kept back.",
        )


def result(read: Read) -> Iterator[Check]:
    """The scorecard and the page follow from the changes: computed again, and compared."""
    texts = read.opened.texts
    try:
        told = layout.read_json(texts[layout.SCORECARD])
    except (KeyError, BadPart) as error:
        raise BadPart(layout.SCORECARD) from error
    version = told.get("rules_version") if isinstance(told, dict) else None
    if isinstance(version, int) and version > RULES_VERSION:
        yield incomplete(
            "result",
            f"ผลคิดด้วยกติการุ่น {version} ซึ่งรุ่นนี้ยังไม่รู้จัก",
            f"The result was computed by rules of version {version}; this release is older.",
        )
        return
    try:
        state, card = outcome(read.edition, tuple(read.changes))
        page = render(read.manifest, read.edition, card.as_json(), state)
        sound = texts[layout.SCORECARD] == scorecard_text(card)
        sound = sound and texts.get(layout.SUMMARY) == page
    except (BadAnswers, KeyError, TypeError, ValueError):
        sound = False
    if sound:
        level = card.level or "-"
        yield ok(
            "result",
            f"คำนวณผลใหม่ได้ตรงกัน: ระดับ {level} ร้อยละ {card.percent}",
            f"The result computed again is the same: level {level}, {card.percent} percent.",
        )
    else:
        yield tampered(
            "result",
            "ใบคะแนนหรือหน้าสรุปไม่ตรงกับที่คำนวณจากรายการ",
            "The scorecard or the summary does not follow from the changes.",
        )


def outcome(definition: Edition, changes: tuple[Change, ...]) -> tuple[State, Scorecard]:
    """What changes come to. Raises BadAnswers for what the edition does not have."""
    state = fold(changes)
    said = answers_of(state)
    return state, score(definition, said["answers"], said["photos"])


def scorecard_text(card: Scorecard) -> bytes:
    """`scorecard.json`."""
    return f"{canonical(card.as_json())}\n".encode()


def held(read: Read) -> Iterator[Check]:
    """How many lines were held: they do not count, and are here to the byte."""
    waiting = [each for each in read.held if each.kept_at is None]
    if waiting:
        yield remark(
            "held",
            f"มีรายการที่พักไว้ ไม่นับ {len(waiting)} รายการ (held.jsonl)",
            f"{len(waiting)} held lines that do not count (held.jsonl).",
        )
