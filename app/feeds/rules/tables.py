"""The tables: one description each, from which JSON, OData, CSV and documents are made. Pure.

`scope` is the line of ACCESS that opens a table; which rows of it somebody sees is the business
of `queries.views`.
"""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "whole", "hundredths", "degrees", "yes", "day", "moment"]
"""`hundredths` are whole numbers in the database, and decimals with two places outside."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, what it holds, and what it means."""

    name: str
    kind: Kind
    th: str
    en: str
    null: bool = False
    asked: bool = True
    """Whether rows can be chosen and ordered by it: what is looked up afterwards cannot."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that programs read."""

    name: str
    one: str
    key: tuple[str, ...]
    scope: str
    fields: tuple[Field, ...]
    th: str
    en: str
    chosen: tuple[str, ...] = ()
    """The fields that the JSON API takes as parameters."""

    @property
    def entity_set(self) -> str:
        """Its name in OData."""
        return self.name.capitalize()

    @property
    def by_name(self) -> dict[str, Field]:
        """Its fields by their name."""
        return {field.name: field for field in self.fields}


_OFFICE: Final = (
    Field("office_id", "text", "รหัสภายในของสำนักงาน", "id of the office"),
    Field("office_code", "text", "รหัสสำนักงาน", "code of the office, such as PJO-50"),
    Field("office_th", "text", "สำนักงาน", "name of the office in Thai"),
    Field("office_en", "text", "ชื่อภาษาอังกฤษ", "name of the office in English"),
    Field("region", "text", "ภาค", "region of the office", null=True),
)
_ROUND: Final = (
    Field("round_id", "text", "รหัสรอบ", "id of the round"),
    Field("fiscal_year", "whole", "ปีงบประมาณ พ.ศ.", "fiscal year, Buddhist Era"),
)
_LEVEL: Final = (
    Field("level", "text", "รหัสระดับ", "code of the level reached; none: no level", null=True),
    Field("level_th", "text", "ระดับ", "its name in Thai", null=True),
    Field("level_en", "text", "ระดับ (อังกฤษ)", "its name in English", null=True),
)

OFFICES: Final = Table(
    "offices",
    "Office",
    ("id",),
    "offices.see",
    (
        Field("id", "text", "รหัสภายใน", "id"),
        Field("code", "text", "รหัสสำนักงาน", "code, such as PJO-50"),
        Field("name_th", "text", "ชื่อ", "name in Thai"),
        Field("name_en", "text", "ชื่อภาษาอังกฤษ", "name in English"),
        Field("kind", "text", "ประเภท", "provincial or central"),
        Field("province_code", "text", "รหัสจังหวัด", "two digits of the province", null=True),
        Field("region", "text", "ภาค", "region", null=True),
        Field("pilot", "yes", "หน่วยนำร่อง", "whether it is a pilot place"),
        Field("latitude", "degrees", "ละติจูด", "degrees north, WGS 84", null=True),
        Field("longitude", "degrees", "ลองจิจูด", "degrees east, WGS 84", null=True),
        Field(
            "certificate", "text", "เลขที่ใบรับรอง", "number of the valid certificate", null=True
        ),
        Field("level", "text", "รหัสระดับที่รับรอง", "code of the certified level", null=True),
        Field("level_th", "text", "ระดับที่รับรอง", "its name in Thai", null=True),
        Field("level_en", "text", "ระดับที่รับรอง (อังกฤษ)", "its name in English", null=True),
        Field("valid_until", "day", "ใช้ได้ถึง", "last day of that certificate", null=True),
    ),
    "สำนักงาน และใบรับรองที่ใช้ได้วันนี้",
    "Offices, each with the certificate that is valid today",
    ("region", "level"),
)
ROUNDS: Final = Table(
    "rounds",
    "Round",
    ("id",),
    "rounds.see",
    (
        Field("id", "text", "รหัสรอบ", "id"),
        Field("fiscal_year", "whole", "ปีงบประมาณ พ.ศ.", "fiscal year, Buddhist Era"),
        Field("name_th", "text", "ชื่อ", "name in Thai"),
        Field("name_en", "text", "ชื่อภาษาอังกฤษ", "name in English"),
        Field("edition", "text", "เกณฑ์", "edition it is judged by, such as gecc/2568"),
        Field("edition_sha256", "text", "ลายนิ้วมือของเกณฑ์", "SHA-256 of that edition"),
        Field("opens_on", "day", "เริ่ม", "first day"),
        Field("closes_on", "day", "สิ้นสุด", "last day"),
        Field("offices", "whole", "จำนวนสำนักงาน", "how many offices take part"),
        Field("closed_at", "moment", "ปิดเมื่อ", "when it was closed", null=True),
    ),
    "รอบการประเมิน",
    "Assessment rounds",
    (),
)
AUDITS: Final = Table(
    "audits",
    "Audit",
    ("id",),
    "audit.read",
    (
        Field("id", "text", "รหัสการตรวจ", "id"),
        Field("kind", "text", "ชนิด", "visit or self"),
        *_ROUND,
        Field("round_th", "text", "รอบ", "name of the round in Thai"),
        *_OFFICE,
        Field("province_code", "text", "รหัสจังหวัด", "two digits of the province", null=True),
        Field("planned_on", "day", "วันตรวจ", "day of the visit", null=True),
        Field("stage", "text", "ขั้น", "stage, such as open, submitted, decided"),
        Field("cancelled", "yes", "ยกเลิกแล้ว", "whether the visit was called off"),
        *_LEVEL,
        Field("percent", "hundredths", "ร้อยละ", "percent of the points, rounded down"),
        Field("earned", "hundredths", "คะแนนที่ได้", "points earned"),
        Field("possible", "hundredths", "คะแนนเต็ม", "points possible"),
        Field("points_missing", "hundredths", "คะแนนที่ขาด", "points to the next level"),
        Field("gates", "whole", "ข้อบังคับ", "gates"),
        Field("gates_met", "whole", "ข้อบังคับที่ผ่าน", "gates met or not applicable"),
        Field("criteria", "whole", "จำนวนข้อ", "gates and scored criteria"),
        Field("answered", "whole", "ตอบแล้ว", "criteria answered"),
        Field("conflicts", "whole", "คำตอบที่ขัดกัน", "answers that disagree"),
        Field("evidence_missing", "whole", "ข้อที่ภาพยังไม่ครบ", "criteria with too few photos"),
        Field("edition_sha256", "text", "ลายนิ้วมือของเกณฑ์", "SHA-256 of the edition"),
        Field("opened_at", "moment", "เริ่มกรอกเมื่อ", "when it was begun"),
        Field("updated_at", "moment", "แก้ไขล่าสุด", "newest change or step as received"),
    ),
    "ผลการตรวจเยี่ยมและการประเมินตนเองที่เริ่มแล้ว",
    "Visits and self-assessments that have begun",
    ("round_id", "office_code", "kind", "stage", "level"),
)
ITEMS: Final = Table(
    "items",
    "Item",
    ("audit_id", "criterion"),
    "audit.read",
    (
        Field("audit_id", "text", "รหัสการตรวจ", "id of the audit"),
        Field("criterion", "text", "ข้อ", "code of the criterion"),
        Field("criterion_th", "text", "ชื่อข้อ", "its title in Thai", asked=False),
        Field("criterion_en", "text", "ชื่อข้อ (อังกฤษ)", "its title in English", asked=False),
        Field("section", "text", "หมวด", "code of its section", asked=False),
        Field("gate", "yes", "ข้อบังคับ", "whether it is a gate", asked=False),
        Field("stands", "text", "ผลรายข้อ", "met, partly, not_met, blank or na"),
        Field("points", "hundredths", "คะแนนที่ได้", "points earned"),
        Field("possible", "hundredths", "คะแนนเต็ม", "points possible; 0: a gate"),
        Field("kind", "text", "ชนิด", "visit or self"),
        *_ROUND,
        *_OFFICE,
        Field("stage", "text", "ขั้น", "stage of the audit"),
        Field("level", "text", "รหัสระดับ", "level of the whole audit", null=True),
        Field("updated_at", "moment", "แก้ไขล่าสุด", "newest change or step as received"),
    ),
    "ผลรายข้อ หนึ่งแถวต่อหนึ่งการตรวจและหนึ่งข้อ",
    "Criteria, a row for each audit and criterion",
    ("round_id", "office_code", "kind", "stage", "level", "audit_id", "criterion", "stands"),
)
CERTIFICATES: Final = Table(
    "certificates",
    "Certificate",
    ("number",),
    "certificate.see",
    (
        Field("number", "text", "เลขที่", "number, such as GECC-2570-00001"),
        Field("office_id", "text", "รหัสภายในของสำนักงาน", "id of the office"),
        Field("office_code", "text", "รหัสสำนักงาน", "code of the office"),
        Field("office_th", "text", "สำนักงาน", "its name on the certificate, in Thai"),
        Field("office_en", "text", "ชื่อภาษาอังกฤษ", "its name on the certificate, in English"),
        Field("region", "text", "ภาค", "region of the office", null=True),
        Field("level", "text", "รหัสระดับ", "code of the level"),
        Field("level_th", "text", "ระดับ", "its name in Thai"),
        Field("level_en", "text", "ระดับ (อังกฤษ)", "its name in English"),
        Field("edition", "text", "เกณฑ์", "edition, such as gecc/2568"),
        Field("fiscal_year", "whole", "ปีงบประมาณ พ.ศ.", "fiscal year, Buddhist Era"),
        Field("issued_at", "moment", "ออกเมื่อ", "when it was issued"),
        Field("valid_from", "day", "ใช้ได้ตั้งแต่", "first day"),
        Field("valid_until", "day", "ใช้ได้ถึง", "last day"),
        Field("state", "text", "สถานะ", "valid, suspended, expired, withdrawn or superseded"),
        Field("replaces", "text", "ออกแทนใบ", "number of the one it replaces", null=True),
    ),
    "ใบรับรองทุกใบ พร้อมสถานะวันนี้",
    "Every certificate, with its state today",
    ("office_code", "level", "state", "fiscal_year"),
)

TASKS: Final = Table(
    "tasks",
    "Task",
    ("id",),
    "plan.see",
    (
        Field("id", "text", "รหัสงาน", "id"),
        Field("audit_id", "text", "รหัสการตรวจ", "id of the audit that found it"),
        *_ROUND,
        *_OFFICE,
        Field("criterion", "text", "ข้อ", "code of the criterion"),
        Field("criterion_th", "text", "ชื่อข้อ", "its title in Thai", asked=False),
        Field("criterion_en", "text", "ชื่อข้อ (อังกฤษ)", "its title in English", asked=False),
        Field("section", "text", "หมวด", "code of its section", asked=False),
        Field("found", "text", "ผลที่พบ", "how the criterion stood then, such as not_met"),
        Field("what", "text", "สิ่งที่จะทำ", "what is to be done"),
        Field("owner_th", "text", "ผู้รับผิดชอบ", "who does it, in Thai"),
        Field("owner_en", "text", "ผู้รับผิดชอบ (อังกฤษ)", "who does it, in English"),
        Field("due", "day", "กำหนดเสร็จ", "the day it is due"),
        Field("effort", "whole", "แรงที่ใช้", "effort, 1 to 5"),
        Field("state", "text", "สถานะ", "open, done, confirmed or dropped"),
        Field("since", "moment", "อยู่ในสถานะนี้ตั้งแต่", "when it came to stand there"),
        Field("overdue", "yes", "เกินกำหนด", "whether it is open after its day"),
        Field("proofs", "whole", "จำนวนหลักฐาน", "photos and documents brought as proof"),
        Field("made_at", "moment", "ทำเป็นงานเมื่อ", "when it was made"),
    ),
    "งานในแผนปรับปรุง และสถานะวันนี้",
    "Tasks of improvement plans, where they stand today",
    ("round_id", "office_code", "criterion", "state"),
)

TABLES: Final[dict[str, Table]] = {
    table.name: table for table in (OFFICES, ROUNDS, AUDITS, ITEMS, CERTIFICATES, TASKS)
}
