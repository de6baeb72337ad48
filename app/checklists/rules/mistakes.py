"""Mistakes in an edition: each with its place, and a sentence in Thai and English."""

from dataclasses import dataclass

TYPE_NAMES = {
    "text": ("ข้อความ", "text"),
    "whole": ("จำนวนเต็ม", "a whole number"),
    "number": ("ตัวเลข", "a number"),
    "yesno": ("true หรือ false", "true or false"),
    "list": ("รายการ", "a list"),
    "bounds": ("ตัวเลขสองตัว", "two numbers"),
    "map": ("กลุ่มของ key: value", "a mapping of keys"),
}

SENTENCES: dict[str, tuple[str, str]] = {
    # what the file itself may get wrong
    "file-missing": ("ไม่พบไฟล์นี้", "There is no such file."),
    "file-unreadable": ("อ่านไฟล์นี้ไม่ได้: {why}", "The file cannot be read: {why}."),
    "file-large": ("ไฟล์ใหญ่เกิน {limit} ไบต์", "The file is larger than {limit} bytes."),
    "not-utf8": ("ไฟล์ไม่ใช่ UTF-8", "The file is not UTF-8."),
    "empty": ("ไฟล์ว่างเปล่า", "The file is empty."),
    "yaml": ("YAML ไม่ถูกต้อง: {why}", "This is not YAML: {why}."),
    "yaml-anchor": (
        "ไม่รับ anchor และ alias ของ YAML",
        "YAML anchors and aliases are not accepted.",
    ),
    "yaml-tag": ("ไม่รับ tag ของ YAML", "YAML tags are not accepted."),
    "yaml-documents": ("ไฟล์ต้องมีเอกสาร YAML เดียว", "The file must hold one YAML document."),
    "yaml-deep": ("ซ้อนกันลึกเกินไป", "This is nested too deeply."),
    "yaml-key": ("key ต้องเป็นข้อความ", "A key must be plain text."),
    "key-twice": (
        "“{key}” เขียนซ้ำ ครั้งแรกอยู่บรรทัด {first}",
        "“{key}” is written twice; it was first on line {first}.",
    ),
    # shape
    "unknown-key": ("ไม่รู้จัก “{key}”", "“{key}” is not a known key."),
    "key-missing": ("ขาด “{key}”", "“{key}” is missing."),
    "type": ("“{key}” ต้องเป็น{th}", "“{key}” must be {en}."),
    "too-small": ("“{key}” ต้องไม่น้อยกว่า {bound}", "“{key}” must be {bound} or more."),
    "too-large": ("“{key}” ต้องไม่เกิน {bound}", "“{key}” must be {bound} or less."),
    "too-short": (
        "“{key}” ต้องมีอย่างน้อย {bound} รายการหรือตัวอักษร",
        "“{key}” needs at least {bound} item or letter.",
    ),
    "too-long": ("“{key}” ยาวเกิน {bound} ตัวอักษร", "“{key}” is longer than {bound} letters."),
    "pattern": (
        "“{value}” ใช้เป็น {key} ไม่ได้ ต้องเป็น{th}",
        "“{value}” cannot be {key}; it must be {en}.",
    ),
    "choice": (
        "“{value}” ใช้เป็น {key} ไม่ได้ ที่ใช้ได้คือ {bound}",
        "“{value}” cannot be {key}; it must be {bound}.",
    ),
    "odd": ("“{key}” ไม่ถูกต้อง: {why}", "“{key}” is not valid: {why}."),
    # sense
    "text-control": (
        "ข้อความมีอักขระควบคุมหรือไม่ได้อยู่ในรูป NFC",
        "The text holds control characters or is not in NFC form.",
    ),
    "code-twice": (
        "รหัส “{code}” ซ้ำ ใช้แล้วที่บรรทัด {line}",
        "The code “{code}” is used twice; it was first used on line {line}.",
    ),
    "hundredths": (
        "{points} ละเอียดกว่าหนึ่งในร้อยคะแนน",
        "{points} is finer than a hundredth of a point.",
    ),
    "section-sum": (
        "หมวด {code} แจ้งไว้ {said} คะแนน แต่รวมได้ {found}",
        "Section {code} says {said} points, but its criteria add up to {found}.",
    ),
    "edition-sum": (
        "เกณฑ์แจ้งไว้ {said} คะแนน แต่ทุกหมวดรวมได้ {found}",
        "The edition says {said} points, but its sections add up to {found}.",
    ),
    "tier-sum": (
        "กลุ่ม {code} แจ้งไว้ {said} คะแนน แต่รวมได้ {found}",
        "Tier {code} says {said} points, but its criteria add up to {found}.",
    ),
    "tier-count": (
        "กลุ่ม {code} แจ้งไว้ {said} ข้อ แต่มี {found} ข้อ",
        "Tier {code} says {said} criteria, but there are {found}.",
    ),
    "criterion-sum": (
        "{code} แจ้งไว้ {said} คะแนน แต่ส่วนย่อยรวมได้ {found}",
        "{code} says {said} points, but its parts add up to {found}.",
    ),
    "points-missing": (
        "{code} อยู่ในหมวดที่ให้คะแนน จึงต้องมี points มากกว่า 0",
        "{code} stands in a scored section and needs points above 0.",
    ),
    "points-odd": (
        "{code} ไม่ได้อยู่ในหมวดที่ให้คะแนน จึงมี {key} ไม่ได้",
        "{code} does not stand in a scored section, so it has no {key}.",
    ),
    "steps-and-parts": (
        "{code} มีทั้ง steps และ parts ให้เลือกอย่างเดียว",
        "{code} has both steps and parts; choose one.",
    ),
    "whole-part": (
        "{code} ไม่มี steps คะแนนเต็มจึงต้องเป็นจำนวนเต็ม",
        "{code} has no steps, so its points must be a whole number.",
    ),
    "steps-zero": ("ขั้นแรกต้องเป็น 0 คะแนน", "The first step must be 0 points."),
    "steps-ascending": (
        "คะแนนของขั้นต้องเรียงจากน้อยไปมากและไม่ซ้ำ",
        "The points of the steps must ascend.",
    ),
    "steps-top": (
        "ขั้นสูงสุดคือ {found} แต่คะแนนเต็มคือ {said}",
        "The highest step is {found}, but the full points are {said}.",
    ),
    "groups-or-criteria": (
        "หมวดต้องมี groups หรือ criteria อย่างใดอย่างหนึ่ง",
        "A section has either groups or criteria.",
    ),
    "tier-unknown": ("ไม่มีกลุ่ม “{code}” ใน tiers", "There is no tier “{code}”."),
    "source-unknown": ("ไม่มีแหล่งอ้างอิง “{code}” ใน sources", "There is no source “{code}”."),
    "evidence-unknown": (
        "ไม่มีหลักฐานชนิด “{code}” ใน evidence_kinds",
        "There is no kind of evidence “{code}”.",
    ),
    "unit-unknown": ("ไม่มีหน่วย “{code}” ใน units", "There is no unit “{code}”."),
    "feeds-unknown": (
        "feeds ชี้ไปที่ “{code}” ซึ่งไม่มีในเกณฑ์นี้",
        "feeds names “{code}”, which is not a criterion here.",
    ),
    "feeds-itself": ("{code} ชี้ feeds ไปที่ตัวเอง", "{code} feeds itself."),
    "level-section-unknown": (
        "ระดับนี้อ้างถึงหมวด “{code}” ซึ่งไม่มี",
        "The level asks for section “{code}”, which does not exist.",
    ),
    "level-section-unscored": (
        "ระดับนี้กำหนดร้อยละของหมวด “{code}” ซึ่งไม่มีคะแนน",
        "The level asks for a percentage of section “{code}”, which has no points.",
    ),
    "level-criterion-unknown": (
        "ระดับนี้อ้างถึงเกณฑ์ “{code}” ซึ่งไม่มี",
        "The level asks for criterion “{code}”, which does not exist.",
    ),
    "levels-ascending": (
        "ระดับต้องเรียงจากต่ำไปสูงตาม min",
        "Levels must ascend: each min above the one before.",
    ),
    "op-value": (
        "{op} ต้องมี value เป็น{th}",
        "“{op}” needs a value that is {en}.",
    ),
    "op-extra": ("{op} ใช้กับ {key} ไม่ได้", "“{op}” does not go with {key}."),
    "between-ascending": (
        "ขอบล่างของ between ต้องไม่เกินขอบบน",
        "The lower bound of between must not exceed the upper one.",
    ),
    "per-unknown": (
        "per ชี้ไปที่ “{code}” ซึ่งไม่ใช่ค่าที่วัดในข้อเดียวกัน",
        "per names “{code}”, which is not another measurement of this criterion.",
    ),
    "table-ascending": (
        "ค่า up_to ในตารางต้องเรียงจากน้อยไปมาก",
        "The up_to values of the table must ascend.",
    ),
    "place": (
        "ไฟล์อยู่ที่ {path} แต่ข้างในคือ {name}",
        "The file lies at {path} but says it is {name}.",
    ),
}


Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right: its kind, its place in the document, what fills its sentence."""

    kind: str
    path: Path
    fields: tuple[tuple[str, object], ...] = ()
    other: Path | None = None  # where `{line}` of the sentence points
    line: int | None = None
    other_line: int | None = None

    def sentence(self, lang: str) -> str:
        """The sentence in the asked language, Thai unless English was asked, on one line."""
        fields = {"line": self.other_line, **dict(self.fields)}
        text = SENTENCES[self.kind][lang == "en"].format(**fields)
        return "".join(c if c.isprintable() else " " for c in text)

    def __str__(self) -> str:
        return f"{self.sentence('th')} · {self.sentence('en')}"


def mistake(kind: str, at: Path, other: Path | None = None, /, **fields: object) -> Mistake:
    """A mistake at a place of the document; `other` is a second place its sentence names."""
    return Mistake(kind, at, tuple(fields.items()), other)
