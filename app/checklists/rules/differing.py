"""What differs between two editions, in words, criterion by criterion. Pure.

Nothing is passed over: two editions without a difference have the same SHA-256.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.checklists.rules.edition import (
    Edition,
    Group,
    Measurement,
    Part,
    Provenance,
    Section,
    Source,
    Step,
    TableRow,
    Text,
)
from app.checklists.rules.sense import plain

_Model = Any
# field -> kind of difference, and its name in Thai and English
_FIELDS: Final[dict[str, tuple[str, str, str]]] = {
    "slug": ("edition", "ชื่อสั้นของมาตรฐาน", "the standard's short name"),
    "edition": ("edition", "ฉบับ", "the edition"),
    "status": ("edition", "สถานะ", "the status"),
    "owner": ("edition", "เจ้าของเกณฑ์", "the owner"),
    "validity_years": ("edition", "อายุใบรับรอง (ปี)", "the years a certificate holds"),
    "no_level": ("levels", "คำที่ใช้เมื่อไม่ได้ระดับใด", "what no level is called"),
    "name": ("renamed", "ชื่อ", "the name"),
    "title": ("renamed", "ชื่อ", "the title"),
    "label": ("measurements", "ชื่อ", "the label"),
    "min": ("levels", "ร้อยละขั้นต่ำ", "the lower bound in percent"),
    "gates": ("levels", "การต้องผ่านเกณฑ์บังคับ", "whether every gate is asked for"),
    "section_min": ("levels", "ร้อยละขั้นต่ำของหมวด", "what it asks of sections in percent"),
    "criteria_met": ("levels", "ข้อที่ต้องผ่าน", "the criteria that must be met"),
    "colour": ("levels", "สี", "the colour"),
    "kind": ("gate", "ชนิด", "the kind"),
    "guidance": ("guidance", "คำแนะนำ", "the guidance"),
    "official_no": ("official", "เลขข้อทางการ", "the official number"),
    "official_no_en": ("official", "เลขข้อทางการภาษาอังกฤษ", "the official number in English"),
    "tier": ("tier", "กลุ่มของข้อ", "the tier"),
    "points": ("points", "คะแนนเต็ม", "the full points"),
    "evidence": ("evidence", "ชนิดหลักฐาน", "the kinds of evidence"),
    "min_photos": ("evidence", "จำนวนภาพอย่างน้อย", "the photos needed"),
    "not_applicable": ("answers", "การตอบไม่เกี่ยวข้องได้", "whether it may be not applicable"),
    "shared_facility": ("other", "สิ่งที่ใช้ร่วมกับอาคาร", "whether it belongs to the building"),
    "effort": ("effort", "แรงที่ใช้", "the effort"),
    "feeds": ("other", "ข้อที่ข้อนี้ช่วย", "the criteria it helps"),
    "provenance": ("source", "ที่มา", "where it comes from"),
    "composed": ("source", "การร่างขึ้นเอง", "whether it was composed"),
    "source": ("source", "ที่มา", "where it comes from"),
    "steps": ("steps", "ขั้นคะแนน", "the steps"),
    "unit": ("measurements", "หน่วย", "the unit"),
    "unit_en": ("measurements", "หน่วยภาษาอังกฤษ", "the unit in English"),
    "op": ("measurements", "การเทียบ", "the comparison"),
    "value": ("measurements", "เกณฑ์ของค่า", "the limit"),
    "per": ("measurements", "ค่าที่นับเทียบ", "what it is counted against"),
    "table": ("measurements", "ตาราง", "the table"),
    "what": ("source", "คำบอกแหล่ง", "what it is"),
    "where": ("source", "ที่อยู่ของแหล่ง", "where it is"),
    "confidence": ("source", "ความเชื่อถือ", "how far it is trusted"),
}
_GROUPED: Final = {"code", "key", "criteria", "groups", "parts", "measurements"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: its kind, where (`P01`, `R1/1.1`, `level BASIC`), in words."""

    kind: str
    at: str
    th: str
    en: str

    def as_json(self) -> dict[str, str]:
        """Itself for programs."""
        return asdict(self)


def differences(before: Edition, after: Edition) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the later edition; nothing for the same one."""
    return tuple(_edition(before, after))


def _edition(before: Edition, after: Edition) -> Iterator[Difference]:
    skipped = {"format", "tiers", "levels", "evidence_kinds", "sources", "sections"}
    yield from _fields("edition", "ตัวเกณฑ์", "The edition", before, after, skipped)
    for at, th, en, one, other in (
        ("level", "ระดับ", "Level", before.levels, after.levels),
        ("tier", "กลุ่มของข้อ", "Tier", before.tiers, after.tiers),
        ("evidence", "ชนิดหลักฐาน", "Kind of evidence", before.evidence_kinds,
         after.evidence_kinds),
        ("section", "หมวด", "Section", before.sections, after.sections),
    ):  # fmt: skip
        yield from _listed(f"{at} ", th, en, one, other)
    yield from _sources(before.sources, after.sources)
    yield from _groups(before.sections, after.sections)
    yield from _criteria(before, after)


def _sources(before: dict[str, Source], after: dict[str, Source]) -> Iterator[Difference]:
    for code in [*after, *(code for code in before if code not in after)]:
        one, other = before.get(code), after.get(code)
        at, th, en = f"source {code}", f"แหล่งอ้างอิง {code}", f"Source {code}"
        if one is None or other is None:
            yield _came(other is not None, at, th, en, "")
        else:
            yield from _fields(at, th, en, one, other)


def _groups(before: Sequence[Section], after: Sequence[Section]) -> Iterator[Difference]:
    known = {section.code: section for section in before}
    for section in after:
        if section.code in known:
            at = f"group {section.code}/"
            old = known[section.code].groups
            yield from _listed(at, "กลุ่มย่อย", "Group", old, section.groups)


def _criteria(before: Edition, after: Edition) -> Iterator[Difference]:
    places = [
        {c.code: (s, g) for s in edition.sections for g in s.groups for c in g.criteria}
        for edition in (before, after)
    ]
    for code, found in after.by_code.items():
        old = before.by_code.get(code)
        if old is None:
            yield _came(True, code, code, code, found.title)
            continue
        yield from _moved(code, places[0][code], places[1][code])
        yield from _fields(code, code, code, old, found, _GROUPED)
        yield from _parts(code, old.parts, found.parts)
        yield from _listed(
            f"{code}:", f"{code} ค่าที่วัด", f"{code} measurement",
            old.measurements, found.measurements,
        )  # fmt: skip
    for code, gone in before.by_code.items():
        if code not in after.by_code:
            again = [
                one.code
                for one in after.criteria
                if one.title == gone.title and one.code not in before.by_code
            ]
            yield _came(False, code, code, code, gone.title, again)
    yield from _order("criteria", "ข้อ", "criteria", list(before.by_code), list(after.by_code))


def _parts(code: str, before: Sequence[Part], after: Sequence[Part]) -> Iterator[Difference]:
    plain_before, plain_after = (
        next((part for part in parts if not part.code), None) for parts in (before, after)
    )
    if plain_before and plain_after:  # the criterion says already what it and this one share
        yield from _fields(code, code, code, plain_before, plain_after, {"points", "composed"})
    elif (plain_before or plain_after) and before and after:
        yield Difference(
            "steps",
            code,
            f"{code}: {'แยกเป็นส่วนย่อย' if plain_before else 'ไม่แยกส่วนย่อยอีก'}",
            f"{code}: {'parted' if plain_before else 'no longer parted'}",
        )
    named = [[part for part in parts if part.code] for parts in (before, after)]
    yield from _listed(f"{code}/", f"{code} ส่วน", f"{code} part", *named)


def _moved(
    code: str, before: tuple[Section, Group], after: tuple[Section, Group]
) -> Iterator[Difference]:
    old, new = ("/".join(one.code for one in place) for place in (before, after))
    if old != new:
        yield Difference(
            "moved",
            code,
            f"{code}: ย้ายจาก {old} ไป {new}",
            f"{code}: moved from {old} to {new}",
        )


def _listed(
    prefix: str, th: str, en: str, before: Iterable[_Model], after: Iterable[_Model]
) -> Iterator[Difference]:
    """Things with codes: which came, which went, what changed in the others, their order."""
    old, new = ({_code(one): one for one in ones} for ones in (before, after))
    for code, found in new.items():
        at, named = (
            f"{prefix}{code}".rstrip("/"),
            (f"{th} {code}".strip(), f"{en} {code}".strip()),
        )
        if code not in old:
            yield _came(True, at, *named, "")
        else:
            yield from _fields(at, *named, old[code], found, _GROUPED)
    for code in old:
        if code not in new:
            at = f"{prefix}{code}".rstrip("/")
            yield _came(False, at, f"{th} {code}".strip(), f"{en} {code}".strip(), "")
    yield from _order(prefix.strip(" /:"), th, f"of {en}", list(old), list(new))


def _order(
    at: str, th: str, en: str, before: list[str], after: list[str]
) -> Iterator[Difference]:
    old = [code for code in before if code in after]
    new = [code for code in after if code in before]
    if old != new:
        first = next(two for one, two in zip(old, new, strict=True) if one != two)
        yield Difference(
            "order",
            at,
            f"ลำดับ{th} เปลี่ยน ตั้งแต่ {first}",
            f"The order {en} changed, from {first} on",
        )


def _came(
    new: bool, at: str, th: str, en: str, named: str | Text, again: Sequence[str] = ()
) -> Difference:
    title_th, title_en = (
        (f" {named.th}", f" {named.en}") if isinstance(named, Text) else ("", "")
    )
    if new:
        return Difference("added", at, f"{th}: เพิ่มใหม่{title_th}", f"{en}: added{title_en}")
    hint_th = f" (ชื่อเดียวกับ {', '.join(again)} ที่เพิ่มใหม่)" if again else ""
    hint_en = f" (the title of {', '.join(again)}, which is new)" if again else ""
    return Difference(
        "removed", at, f"{th}: ตัดออก{title_th}{hint_th}", f"{en}: removed{title_en}{hint_en}"
    )


def _code(one: _Model) -> str:
    return str(one.key if isinstance(one, Measurement) else one.code)


def _fields(
    at: str, th: str, en: str, before: _Model, after: _Model, skipped: Iterable[str] = ()
) -> Iterator[Difference]:
    for name in type(before).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if name in skipped or name == "code" or old == new:
            continue
        kind, name_th, name_en = _FIELDS[name]
        if isinstance(before, Measurement):
            kind = "measurements"
        if at == "edition" and kind == "renamed":
            kind = "edition"
        said = [(_say(name, old, lang), _say(name, new, lang)) for lang in ("th", "en")]
        if said[0][0] == said[0][1] or said[1][0] == said[1][1]:
            both = (_say(name, old, "both"), _say(name, new, "both"))
            said = [both, both]
        yield Difference(
            kind,
            at,
            f"{th}: {name_th} จาก {said[0][0]} เป็น {said[0][1]}",
            f"{en}: {name_en} from {said[1][0]} to {said[1][1]}",
        )


_NONE: Final = {"th": "ไม่มี", "en": "none", "both": "-"}
_YES: Final = {"th": ("ไม่ใช่", "ใช่"), "en": ("no", "yes"), "both": ("no", "yes")}


def _say(name: str, value: object, lang: str) -> str:
    if value is None or value == () or value == {}:
        return _NONE[lang]
    if isinstance(value, bool):
        return _YES[lang][value]
    if isinstance(value, Text):
        return f"“{value.th}” / “{value.en}”" if lang == "both" else f"“{value.in_(lang)}”"
    if name == "points" and isinstance(value, int):
        return plain(value)
    if isinstance(value, Step):
        points = plain(value.points)
        return f"{points} {_say('title', value.title, lang)}" if value.title else points
    if isinstance(value, TableRow):
        return f"≤{value.up_to}: {value.min}"
    if isinstance(value, Provenance):
        note = (value.note, value.note_en)[lang == "en"]
        notes = f"{value.note} / {value.note_en}" if lang == "both" else note
        sources = ", ".join(value.sources) or _NONE[lang]
        return f"{value.status} ({sources})" + (f" “{notes}”" if value.note else "")
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(_say("", one, lang) for one in value)
    return str(value)
