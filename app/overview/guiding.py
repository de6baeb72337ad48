"""What each role does here, in three steps, and the glossary. Reads one file, nothing else."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.settings import ROOT

GLOSSARY: Final = ROOT / "docs" / "glossary.md"
CODE: Final = re.compile(r"\([^()]*`[^()]*\)|`")
"""What the glossary says to who reads code: ` (`submission` change)`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where."""

    th: str
    en: str
    href: str


GUIDES: Final[dict[str, tuple[Step, Step, Step]]] = {  # by role, in the order of `ROLES`
    "assessor": (
        Step(
            "เตรียมการตรวจในโทรศัพท์ขณะมีเครือข่าย จนขึ้นว่าพร้อมใช้ออฟไลน์",
            "Prepare the visit on your phone, with network, until it says ready offline",
            "/walk",
        ),
        Step(
            "ที่สำนักงาน ตอบทีละข้อและถ่ายภาพ ทุกอย่างเก็บในเครื่องทันที",
            "At the office, answer and take photos; all is kept on the phone at once",
            "/walk",
        ),
        Step(
            "เมื่อมีเครือข่าย รอจนกล่องรอส่งว่าง แล้วดูผลที่นี่",
            "With network again, wait until the outbox is empty, then see the result here",
            "/",
        ),
    ),
    "lead_assessor": (
        Step(
            "ตกลงกับทีมว่าใครรับหมวดใด และให้ทุกคนเตรียมการตรวจไว้ก่อนเดินทาง",
            "Agree who takes which section; everybody prepares the visit before you leave",
            "/walk",
        ),
        Step(
            "ก่อนออกจากสำนักงาน เปิดหน้าตรวจก่อนออกจากที่นี่ แก้ข้อที่ยังขาด",
            "Before you leave the office, open the checks and fill in what is missing",
            "/walk",
        ),
        Step(
            "ลงชื่อและส่งผลให้ส่วนกลางทบทวน ถ้าถูกส่งกลับ แก้เฉพาะข้อนั้น",
            "Sign and submit; if criteria come back, correct only those",
            "/walk",
        ),
    ),
    "office_editor": (
        Step(
            "ตอบแบบประเมินตนเอง พร้อมภาพ เอกสาร หรือลิงก์เป็นหลักฐาน",
            "Answer the self-assessment, with photos, documents or links as evidence",
            "/walk",
        ),
        Step(
            "ดูความพร้อม ระบบบอกทางที่ใช้แรงน้อยที่สุดไปสู่ระดับถัดไป",
            "See your readiness: the way to the next level that takes the least effort",
            "/readiness",
        ),
        Step(
            "ตั้งงานปรับปรุง กำหนดคนและวัน แล้วแนบภาพหลังแก้",
            "Make tasks with a person and a day, and attach a photo when done",
            "/plans",
        ),
    ),
    "office_head": (
        Step(
            "ดูความพร้อมของสำนักงาน และข้อที่ต้องแก้ก่อน",
            "See where your office stands, and what to fix first",
            "/readiness",
        ),
        Step(
            "ตรวจรับงานปรับปรุงที่เสร็จแล้ว",
            "Confirm the improvement tasks that are done",
            "/plans",
        ),
        Step(
            "ลงชื่อและส่งแบบประเมินตนเองเมื่อครบ",
            "Sign and submit the self-assessment when it is complete",
            "/walk",
        ),
    ),
    "central_reviewer": (
        Step(
            "เปิดรอบ เพิ่มสำนักงาน และวางแผนการตรวจ",
            "Open a round, add offices, plan visits",
            "/rounds",
        ),
        Step(
            "ทบทวนผลที่ส่งมา ทีละข้อ พร้อมหลักฐาน",
            "Review what was submitted, criterion by criterion",
            "/review",
        ),
        Step(
            "ดูภาพรวมประเทศว่าจังหวัดใดต้องช่วยก่อน",
            "See on the national board which province to help first",
            "/national",
        ),
    ),
    "approver": (
        Step(
            "เปิดคิวอนุมัติและอ่านเหตุผลของผู้ทบทวน",
            "Open the queue and read the reviewer's reasons",
            "/decisions",
        ),
        Step(
            "อนุมัติ หรือส่งกลับพร้อมเหตุผล ต้องมีผู้อนุมัติสองคน",
            "Approve, or send back with a reason; it takes two approvers",
            "/decisions",
        ),
        Step(
            "ดูแลใบรับรองที่ออกแล้วและที่ใกล้หมดอายุ",
            "Look after certificates, and those that end soon",
            "/certificates",
        ),
    ),
    "administrator": (
        Step(
            "เพิ่มผู้ใช้งาน ให้บทบาท และสังกัด", "Add people, with their roles and offices", "/people"
        ),
        Step(
            "เปิดรอบและเพิ่มสำนักงานที่เข้าร่วม",
            "Open a round and add the offices that take part",
            "/rounds",
        ),
        Step(
            "ดูรายการที่พักไว้และข้อมูลสำรองทุกวัน",
            "Look at held changes and backups every day",
            "/held",
        ),
    ),
    "auditor": (
        Step(
            "ดูภาพรวมประเทศ กดจังหวัดเพื่อลงไปถึงภาพหลักฐาน",
            "See the national board; a province leads down to the photos",
            "/national",
        ),
        Step(
            "อ่านบันทึกการกระทำว่าใครทำอะไรเมื่อใด",
            "Read the trail: who did what, and when",
            "/trail",
        ),
        Step(
            "ดาวน์โหลดชุดหลักฐานจากหน้าผลของแต่ละงาน และตรวจเองได้",
            "Download an audit's export from its result page, and check it yourself",
            "/offices",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One word that people meet: Thai, English, and what it is in both."""

    th: str
    en: str
    means: str
    """What it is, in Thai."""
    meaning: str
    """What it is, in English."""


@lru_cache
def glossary() -> tuple[Entry, ...]:
    """The words that docs/glossary.md, the one source, explains in Thai, in its order.

    Raises KeyError for a word that is explained and not named in the table of names.
    """
    named: dict[str, list[str]] = {}
    explained = []
    for line in GLOSSARY.read_text("utf-8").splitlines():
        cells = [CODE.sub("", cell).strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("| "):
            continue
        if len(cells) == 3:
            named[cells[0]] = cells[1:]
        elif cells[0] != "คำ":
            explained.append(cells)
    return tuple(Entry(th, named[th][0], means, named[th][1]) for th, means in explained)
