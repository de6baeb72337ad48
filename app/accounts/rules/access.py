"""Who may do what: the one table. `docs/roles.md` is written from it; doors ask it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["all", "assigned", "office"]
"""Everywhere, on the visits they are assigned to, or for the office they work in."""


@dataclass(frozen=True, slots=True)
class Access:
    """One thing that may be done, and how far each role may do it."""

    th: str
    en: str
    roles: dict[str, Scope]


def _for(*roles: str, scope: Scope = "all") -> dict[str, Scope]:
    return dict.fromkeys(roles, scope)


_CENTRAL: Final = ("central_reviewer", "approver", "administrator")
_ASSESSORS: Final = ("assessor", "lead_assessor")
_OFFICE: Final = ("office_editor", "office_head")
_PLANNERS: Final = ("central_reviewer", "administrator")

ACCESS: Final[dict[str, Access]] = {
    "offices.see": Access(
        "ดูรายชื่อและหน้าของหน่วยงาน",
        "See offices",
        _for(*_CENTRAL, *_ASSESSORS, *_OFFICE, "auditor"),
    ),
    "offices.place": Access(
        "บันทึกที่ตั้งของหน่วยงาน", "Say where an office stands", _for(*_PLANNERS)
    ),
    "rounds.see": Access(
        "ดูรอบการประเมินและแผนการตรวจ",
        "See rounds and planned visits",
        _for(*_CENTRAL, *_ASSESSORS, "auditor"),
    ),
    "rounds.plan": Access(
        "เปิดรอบ เพิ่มหน่วยงาน วางแผนการตรวจ มอบหมายผู้ตรวจ",
        "Open rounds, add offices, plan visits, assign people",
        _for(*_PLANNERS),
    ),
    "editions.see": Access(
        "ดูรายการฉบับเกณฑ์และเทียบฉบับ",
        "See the editions and compare them",
        _for(*_CENTRAL, "auditor"),
    ),
    "editions.publish": Access(
        "ส่งฉบับเกณฑ์ ดูผลต่อการตรวจที่เปิดอยู่ และเผยแพร่",
        "Send an edition, see its effect on open audits, publish it",
        _for("administrator"),
    ),
    "interest.declare": Access(
        "แจ้งส่วนได้เสียของตนเองกับหน่วยงาน",
        "Declare one's own interests in offices",
        _for(*_CENTRAL, *_ASSESSORS),
    ),
    "people.see": Access("ดูรายชื่อบุคคล", "See people", _for(*_CENTRAL, "auditor")),
    "people.manage": Access(
        "เพิ่มบุคคล ให้บทบาท ปิดบัญชี",
        "Add people, grant roles, close accounts",
        _for("administrator"),
    ),
    "visit.write": Access(
        "กรอกผลการตรวจเยี่ยม", "Write a visit", _for(*_ASSESSORS, scope="assigned")
    ),
    "self.write": Access(
        "กรอกแบบประเมินตนเอง", "Write the self-assessment", _for(*_OFFICE, scope="office")
    ),
    "self.submit": Access(
        "ลงชื่อและส่งผลการประเมินตนเอง เรียกคืน",
        "Sign, submit and recall the self-assessment",
        _for("office_head", scope="office"),
    ),
    "audit.read": Access(
        "ดูผล หลักฐาน และประวัติ",
        "Read results, evidence and history",
        _for(*_CENTRAL, "auditor")
        | _for(*_ASSESSORS, scope="assigned")
        | _for(*_OFFICE, scope="office"),
    ),
    "readiness.see": Access(
        "ดูความพร้อมของสำนักงาน และทางไปสู่ระดับถัดไป",
        "See an office's readiness and the ways up",
        _for(*_CENTRAL, "auditor")
        | _for(*_ASSESSORS, scope="assigned")
        | _for(*_OFFICE, scope="office"),
    ),
    "national.see": Access(
        "ดูภาพรวมประเทศ", "See the national board", _for(*_CENTRAL, "auditor")
    ),
    "photo.original": Access(
        "ดูภาพต้นฉบับที่ถูกปิดบัง (มีการบันทึกผู้ดูทุกครั้ง)",
        "See photos as they were before masking; each look is noted",
        _for(*_CENTRAL),
    ),
    "audit.export": Access(
        "ดาวน์โหลดชุดหลักฐานของการตรวจ",
        "Download the export of an audit",
        _for(*_CENTRAL, "auditor"),
    ),
    "audit.close": Access("ปิดและเปิดการกรอกผล", "Close and reopen an audit", _for(*_CENTRAL)),
    "audit.submit": Access(
        "ส่งผลการตรวจให้ส่วนกลางทบทวน",
        "Submit a visit for review",
        _for("lead_assessor", scope="assigned"),
    ),
    "review.see": Access(
        "ดูคิวทบทวนและความเห็นของผู้ทบทวน",
        "See the review queue and what reviewers said",
        _for("central_reviewer", "approver", "auditor"),
    ),
    "review.write": Access(
        "ทบทวนผล ส่งกลับเฉพาะข้อ เสนอระดับ",
        "Review, return single criteria, propose a level",
        _for("central_reviewer"),
    ),
    "decision.approve": Access(
        "อนุมัติระดับที่เสนอ หรือส่งกลับผู้ทบทวน",
        "Approve a proposed level, or send it back",
        _for("approver"),
    ),
    "decision.correct": Access(
        "เปิดผลที่ตัดสินแล้วเพื่อแก้ไข", "Open a decision again to correct it", _for("approver")
    ),
    "appeal.lodge": Access(
        "อุทธรณ์ผลการตัดสิน", "Appeal a decision", _for("office_head", scope="office")
    ),
    "certificate.see": Access(
        "ดูใบรับรองและประวัติ",
        "See certificates and their history",
        _for(*_CENTRAL, *_ASSESSORS, *_OFFICE, "auditor"),
    ),
    "certificate.manage": Access(
        "ออก พักใช้ และเพิกถอนใบรับรอง",
        "Issue, suspend and withdraw certificates",
        _for("approver"),
    ),
    "tables.read": Access(
        "ดาวน์โหลดตารางข้อมูล และต่อโปรแกรมด้วยโทเค็นส่วนตัว",
        "Download tables, and connect programs with personal tokens",
        _for(*_CENTRAL, "auditor")
        | _for(*_ASSESSORS, scope="assigned")
        | _for(*_OFFICE, scope="office"),
    ),
    "surveys.see": Access(
        "ดูแบบสำรวจความพึงพอใจและผล",
        "See satisfaction surveys and their figures",
        _for(*_CENTRAL, "auditor") | _for(*_OFFICE, scope="office"),
    ),
    "surveys.write": Access(
        "จัดทำแบบสำรวจ นำเข้าคำตอบ ปิดและสรุปผล",
        "Make surveys, take in answers, fix the figures",
        _for(*_OFFICE, scope="office"),
    ),
    "surveys.remarks": Access(
        "อ่านข้อเสนอแนะของผู้รับบริการ และดาวน์โหลดคำตอบ",
        "Read what visitors remarked, and take out the answers",
        _for(*_CENTRAL) | _for(*_OFFICE, scope="office"),
    ),
    "plan.see": Access(
        "ดูแผนปรับปรุงของหน่วยงาน",
        "See improvement plans",
        _for(*_CENTRAL, "auditor") | _for(*_OFFICE, scope="office"),
    ),
    "plan.write": Access(
        "ทำแผนปรับปรุง แก้งาน แนบหลักฐาน แจ้งว่าทำเสร็จ",
        "Write the improvement plan, bring proof, say what is done",
        _for(*_OFFICE, scope="office"),
    ),
    "task.confirm": Access(
        "ตรวจรับ ส่งกลับ ยกเลิก หรือเปิดงานปรับปรุงอีกครั้ง",
        "Confirm a task, send it back, drop it or open it again",
        _for("central_reviewer") | _for("office_head", scope="office"),
    ),
    "trail.see": Access("ดูบันทึกการกระทำ", "See the trail", _for("administrator", "auditor")),
    "webhooks.see": Access(
        "ดูว่าแจ้งเหตุการณ์ไปยังโปรแกรมใด และผลการส่ง",
        "See which programs are told of events, and what became of it",
        _for("administrator", "auditor"),
    ),
    "webhooks.manage": Access(
        "กำหนดโปรแกรมที่จะแจ้งเหตุการณ์ (เว็บฮุก)",
        "Say which programs are told of events (webhooks)",
        _for("administrator"),
    ),
    "log.see": Access("ดูทะเบียนที่แก้ไม่ได้", "See the log", _for(*_CENTRAL, "auditor")),
    "devices.own": Access(
        "ดูแลเครื่อง การเข้าสู่ระบบ และรหัสผ่านของตนเอง",
        "Look after one's own devices, sign-ins and password",
        _for(*_CENTRAL, *_ASSESSORS, *_OFFICE, "auditor"),
    ),
}


def allowed(action: str) -> frozenset[str]:
    """The roles that may do this at all, however far."""
    return frozenset(ACCESS[action].roles)


def scopes(roles: Iterable[str], action: str) -> frozenset[Scope]:
    """How far somebody with these roles may do this; empty means not at all."""
    row = ACCESS[action].roles
    return frozenset(row[role] for role in roles if role in row)


def may(roles: Iterable[str], action: str) -> bool:
    """Whether somebody with these roles may do this everywhere."""
    return "all" in scopes(roles, action)
