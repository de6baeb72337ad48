"""The sheets and columns of an edition's workbook: one table for writing, reading and helping.

The names follow XLSForm: a sheet a list, a row a thing, `label::th` beside `label::en`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

As = Literal["text", "number", "yesno", "codes", "lines", "limit"]
Path = tuple[str, ...]
INSTRUCTIONS: Final = "instructions"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its cell stands in a node, or `where` it says which node that is."""

    name: str
    path: Path
    th: str
    en: str
    read: As = "text"
    width: int = 14
    choices: tuple[str, ...] = ()
    needed: bool = False
    where: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its columns, and what a row of it is."""

    name: str
    th: str
    en: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> int:
        """The place of a column from 0 on in a workbook that we write."""
        return next(at for at, one in enumerate(self.columns) if one.name == name)


YES_NO: Final = ("yes", "no")
KINDS: Final = ("gate", "scored", "advisory")
OPS: Final = (">=", "<=", "between", "count", "=")


def _both(name: str, key: str, th: str, en: str, *, needed: bool = False) -> Sequence[Column]:
    return (
        Column(f"{name}::th", (key, "th"), f"{th} ภาษาไทย", f"{en}, in Thai", "text", 40, (),
               needed),
        Column(f"{name}::en", (key, "en"), f"{th} ภาษาอังกฤษ", f"{en}, in English", "text", 40,
               (), needed),
    )  # fmt: skip


def _where(name: str, th: str, en: str, *, needed: bool = True) -> Column:
    return Column(name, (), th, en, needed=needed, where=True)


_CODE: Final = Column("code", ("code",), "รหัส", "code", needed=True)
_NAME: Final = _both("label", "name", "ชื่อ", "name", needed=True)
_TITLE: Final = _both("label", "title", "ชื่อ", "title", needed=True)
_SOURCE: Final = Column("source", ("source",), "ที่มา", "where it comes from", "text", 40)


def _points(th: str = "คะแนนเต็ม", en: str = "full points", *, needed: bool = False) -> Column:
    return Column("points", ("points",), th, en, "number", 9, needed=needed)


SHEETS: Final = (
    Sheet("settings", "ตัวเกณฑ์ แถวเดียว", "the edition itself, one row", (
        Column("format", ("format",), "รูปแบบ คือ 1", "the form of editions: 1", "number", 9,
               needed=True),
        Column("slug", ("slug",), "ชื่อสั้นของมาตรฐาน เช่น gecc", "the standard, such as gecc",
               needed=True),
        Column("edition", ("edition",), "ฉบับ เช่น 2568", "the edition, such as 2568",
               needed=True),
        *_both("title", "title", "ชื่อเกณฑ์", "the edition's title", needed=True),
        Column("status", ("status",), "สถานะ", "how far it is", choices=("draft", "official"),
               needed=True),
        *_both("owner", "owner", "เจ้าของเกณฑ์", "who owns the standard", needed=True),
        _points("คะแนนรวมทุกหมวด", "what all sections add up to", needed=True),
        Column("validity_years", ("validity", "years"), "อายุใบรับรอง (ปี)",
               "years a certificate holds", "number", 9),
        Column("validity_source", ("validity", "source"), "ที่มาของอายุใบรับรอง",
               "where the years come from", "text", 40),
        Column("validity_note::th", ("validity", "note", "th"), "หมายเหตุของอายุ ภาษาไทย",
               "a note on the years, in Thai", "text", 40),
        Column("validity_note::en", ("validity", "note", "en"), "หมายเหตุของอายุ ภาษาอังกฤษ",
               "a note on the years, in English", "text", 40),
        *_both("no_level", "no_level", "คำที่ใช้เมื่อไม่ได้ระดับใด", "what no level is called"),
    )),
    Sheet("tiers", "กลุ่มของข้อ", "families of criteria", (
        _CODE, *_NAME,
        Column("criteria", ("criteria",), "จำนวนข้อที่ต้องมี", "how many criteria it has",
               "number", 9),
        _points("คะแนนที่ต้องรวมได้", "the points they add up to"),
    )),
    Sheet("levels", "ระดับ เรียงจากต่ำไปสูง", "levels, the lowest first", (
        _CODE, *_NAME,
        Column("min", ("min",), "ร้อยละขั้นต่ำ", "lower bound in percent", "number", 9,
               needed=True),
        Column("gates", ("gates",), "ต้องผ่านเกณฑ์บังคับ", "asks for every gate", "yesno", 9,
               YES_NO),
        Column("criteria_met", ("criteria_met",), "ข้อที่ต้องผ่าน คั่นด้วยจุลภาค",
               "criteria that must be met, with commas", "codes", 24),
        Column("colour", ("colour",), "สี", "colour"), _SOURCE,
    )),
    Sheet("level_sections", "ร้อยละขั้นต่ำของหมวดในแต่ละระดับ", "what a level asks of a section", (
        _where("level", "รหัสระดับ", "code of the level"),
        _where("section", "รหัสหมวด", "code of the section"),
        Column("min", ("min",), "ร้อยละขั้นต่ำ", "lower bound in percent", "number", 9,
               needed=True),
    )),
    Sheet("evidence_kinds", "ชนิดหลักฐาน", "kinds of evidence", (_CODE, *_NAME)),
    Sheet("units", "หน่วยวัด", "units", (_CODE, *_NAME)),
    Sheet("sources", "แหล่งอ้างอิง", "where things were read", (
        _where("code", "รหัสแหล่งอ้างอิง", "code of the source"),
        Column("what", ("what",), "คืออะไร", "what it is", "text", 50, needed=True),
        Column("where", ("where",), "อยู่ที่ใด", "where it is", "text", 50, needed=True),
        Column("confidence", ("confidence",), "เชื่อถือได้เพียงใด", "how far to trust it", "text",
               40, needed=True),
    )),
    Sheet("sections", "หมวด ตามลำดับ", "sections, in order", (
        _CODE,
        Column("kind", ("kind",), "ชนิด", "kind of its criteria", choices=KINDS, needed=True),
        _points("คะแนนรวมของหมวด", "what its criteria add up to", needed=True), *_TITLE,
    )),
    Sheet("groups", "กลุ่มย่อยในหมวด (ถ้ามี)", "groups within a section, if any", (
        _where("section", "รหัสหมวด", "code of its section"), _CODE, *_TITLE,
    )),
    Sheet("criteria", "ข้อ ตามลำดับ", "criteria, in order", (
        _where("section", "รหัสหมวด", "code of its section"),
        _where("group", "รหัสกลุ่มย่อย (ถ้ามี)", "code of its group, if any", needed=False),
        _CODE,
        Column("kind", (), "ชนิดเดียวกับหมวด", "the kind of its section", choices=KINDS,
               where=True),
        Column("tier", ("tier",), "รหัสกลุ่มของข้อ", "code of its tier", needed=True),
        *_both("official_no", "official_no", "เลขข้อทางการ", "official number"), *_TITLE,
        *_both("guidance", "guidance", "คำแนะนำ", "guidance"), _points(),
        Column("evidence", ("evidence",), "ชนิดหลักฐาน คั่นด้วยจุลภาค",
               "kinds of evidence, with commas", "codes", 24),
        Column("min_photos", ("min_photos",), "ภาพอย่างน้อย", "photos at least", "number", 9),
        Column("not_applicable", ("not_applicable",), "ตอบไม่เกี่ยวข้องได้", "may be not applicable",
               "yesno", 9, YES_NO),
        Column("shared_facility", ("shared_facility",), "สิ่งที่ใช้ร่วมกับอาคาร",
               "often belongs to the building", "yesno", 9, YES_NO),
        Column("effort", ("effort",), "แรงที่ใช้ 1-5", "effort 1 to 5", "number", 9),
        Column("feeds", ("feeds",), "รหัสข้อที่ข้อนี้ช่วย คั่นด้วยจุลภาค",
               "criteria it helps, with commas", "codes", 24),
        Column("sources", ("sources",), "แหล่งอ้างอิง บรรทัดละหนึ่งรหัส (Alt+Enter)",
               "sources, one a line (Alt+Enter)", "lines", 24),
        *_both("note", "note", "หมายเหตุ", "note"),
    )),
    Sheet("parts", "ส่วนย่อยของข้อ (ถ้ามี)", "parts of a criterion, if any", (
        _where("criterion", "รหัสข้อ", "code of the criterion"), _CODE, *_TITLE,
        _points(needed=True),
        Column("composed", ("composed",), "ร่างขึ้นเอง", "composed by us", "yesno", 9, YES_NO),
        _SOURCE,
    )),
    Sheet("steps", "ขั้นคะแนน จากน้อยไปมาก", "steps of points, the lowest first", (
        _where("criterion", "รหัสข้อ", "code of the criterion"),
        _where("part", "รหัสส่วนย่อย (ถ้ามี)", "code of the part, if any", needed=False),
        _points("คะแนน", "points", needed=True), *_both("label", "title", "คำอธิบาย", "wording"),
    )),
    Sheet("measurements", "ค่าที่วัด", "measurements", (
        _where("criterion", "รหัสข้อ", "code of the criterion"),
        Column("key", ("key",), "รหัสค่าที่วัด", "code of the value", needed=True),
        *_both("label", "label", "ชื่อ", "name", needed=True),
        Column("unit", ("unit",), "รหัสหน่วย", "code of the unit"),
        Column("op", ("op",), "การเทียบ", "comparison", choices=OPS),
        Column("value", ("value",), "เกณฑ์ (ตัวเลข หรือ yes/no)", "limit (a number, or yes/no)",
               "limit", 9),
        Column("value_to", ("value", "to"), "ขอบบนของ between", "upper bound of between",
               "limit", 9),
        Column("per", ("per",), "นับเทียบกับค่าใด", "counted against which value"), _SOURCE,
    )),
    Sheet("measurement_tables", "ตารางของค่าที่นับ", "tables of counted values", (
        _where("criterion", "รหัสข้อ", "code of the criterion"),
        _where("measurement", "รหัสค่าที่วัด", "code of the measurement"),
        Column("up_to", ("up_to",), "สำหรับไม่เกิน", "for up to", "number", 9, needed=True),
        Column("min", ("min",), "อย่างน้อย", "at least", "number", 9, needed=True),
    )),
)  # fmt: skip
BY_NAME: Final = {sheet.name: sheet for sheet in SHEETS}
LISTS: Final = ("tiers", "levels", "evidence_kinds", "units", "sections")
"""Sheets that are lists of the document under their own name."""
