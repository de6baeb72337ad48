"""The trail's codes as sentences. `{who}`, `{subject}` and the line's details fill the gaps."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

SENTENCES: Final[dict[str, dict[str, str]]] = {
    "sign-in.done": {"th": "{who} เข้าสู่ระบบ", "en": "{who} signed in"},
    "sign-in.refused": {
        "th": "มีผู้พยายามเข้าสู่ระบบเป็น {subject} ไม่สำเร็จ",
        "en": "A sign-in as {subject} was refused",
    },
    "sign-in.slowed": {
        "th": "มีการลองเข้าสู่ระบบผิดหลายครั้งจาก {subject} ระบบจึงให้รอก่อนลองใหม่",
        "en": "Many sign-ins failed from {subject}, which now has to wait between tries",
    },
    "sign-in.ended": {"th": "{who} ออกจากระบบ", "en": "{who} signed out"},
    "person.created": {"th": "{who} เพิ่มผู้ใช้งาน {subject}", "en": "{who} added {subject}"},
    "person.renamed": {"th": "{who} แก้ชื่อของ {subject}", "en": "{who} renamed {subject}"},
    "person.email": {
        "th": "{who} แก้ที่อยู่อีเมลสำหรับการแจ้งเตือนของ {subject}",
        "en": "{who} changed where notices to {subject} go",
    },
    "person.disabled": {
        "th": "{who} ปิดบัญชีของ {subject}",
        "en": "{who} closed the account of {subject}",
    },
    "person.enabled": {
        "th": "{who} เปิดบัญชีของ {subject} อีกครั้ง",
        "en": "{who} opened the account of {subject} again",
    },
    "password.changed": {"th": "{who} เปลี่ยนรหัสผ่าน", "en": "{who} changed their password"},
    "password.reset": {
        "th": "{who} ตั้งรหัสผ่านใหม่ให้ {subject}",
        "en": "{who} gave {subject} a new start password",
    },
    "role.granted": {
        "th": "{who} ให้บทบาท {role} แก่ {subject}",
        "en": "{who} granted {subject} the role {role}",
    },
    "role.revoked": {
        "th": "{who} ถอนบทบาท {role} จาก {subject}",
        "en": "{who} took the role {role} from {subject}",
    },
    "device.renewed": {
        "th": "{who} ต่ออายุกุญแจของเครื่อง {subject}",
        "en": "{who} renewed the key of the device {subject}",
    },
    "device.enrolled": {
        "th": "{who} เพิ่มเครื่อง {subject}",
        "en": "{who} enrolled the device {subject}",
    },
    "device.revoked": {
        "th": "{who} หยุดเครื่อง {subject}",
        "en": "{who} stopped the device {subject}",
    },
    "signing-key.enrolled": {
        "th": "{who} ขึ้นทะเบียนกุญแจลงนาม {kid} ของเครื่อง {subject}",
        "en": "{who} enrolled the signing key {kid} of the device {subject}",
    },
    "signing-key.revoked": {
        "th": "{who} ยกเลิกกุญแจลงนาม {kid} ของเครื่อง {subject}",
        "en": "{who} ended the signing key {kid} of the device {subject}",
    },
    "offices.loaded": {
        "th": "{who} นำเข้าสำนักงาน {offices} แห่ง",
        "en": "{who} loaded {offices} offices",
    },
    "office.placed": {
        "th": "{who} บันทึกที่ตั้งของ {subject} ที่ {where}",
        "en": "{who} placed {subject} at {where}",
    },
    "office.unplaced": {
        "th": "{who} ลบที่ตั้งของ {subject}",
        "en": "{who} removed the position of {subject}",
    },
    "membership.joined": {
        "th": "{who} กำหนดให้ {subject} สังกัด {office}",
        "en": "{who} made {subject} a member of {office}",
    },
    "membership.left": {
        "th": "{who} นำ {subject} ออกจาก {office}",
        "en": "{who} took {subject} out of {office}",
    },
    "edition.loaded": {
        "th": "{who} นำเข้าเกณฑ์ฉบับ {edition}",
        "en": "{who} loaded the edition {edition}",
    },
    "edition.published": {
        "th": "{who} เผยแพร่เกณฑ์ฉบับ {edition} ให้รอบใหม่เลือกใช้",
        "en": "{who} published the edition {edition} for new rounds to choose",
    },
    "round.opened": {"th": "{who} เปิด {subject}", "en": "{who} opened {subject}"},
    "round.closed": {"th": "{who} ปิด {subject}", "en": "{who} closed {subject}"},
    "round.reopened": {
        "th": "{who} เปิด {subject} อีกครั้ง",
        "en": "{who} reopened {subject}",
    },
    "round.offices-added": {
        "th": "{who} เพิ่มสำนักงาน {offices} แห่งเข้า {subject}",
        "en": "{who} added {offices} offices to {subject}",
    },
    "visit.planned": {
        "th": "{who} วางแผนตรวจ {subject} วันที่ {on}",
        "en": "{who} planned a visit to {subject} on {on}",
    },
    "visit.moved": {
        "th": "{who} เลื่อนการตรวจ {subject} จาก {from} เป็น {to} {reason}",
        "en": "{who} moved the visit to {subject} from {from} to {to} {reason}",
    },
    "visit.assigned": {
        "th": "{who} เปลี่ยนคณะผู้ตรวจของ {subject}",
        "en": "{who} changed the team visiting {subject}",
    },
    "visit.cancelled": {
        "th": "{who} ยกเลิกการตรวจ {subject}: {reason}",
        "en": "{who} cancelled the visit to {subject}: {reason}",
    },
    "file.made": {
        "th": "ระบบทำแฟ้ม {subject} ให้สำนักงาน ตามคำสั่งของ {who}",
        "en": "The server made the file {subject} for an office, as {who} asked",
    },
    "survey.made": {
        "th": "{who} จัดทำแบบสำรวจ “{title}”",
        "en": "{who} made the survey “{title}”",
    },
    "survey.edited": {
        "th": "{who} แก้คำถามของแบบสำรวจ “{title}”",
        "en": "{who} edited the survey “{title}”",
    },
    "survey.opened": {
        "th": "{who} เปิดรับคำตอบของแบบสำรวจ “{title}”",
        "en": "{who} opened the survey “{title}”",
    },
    "survey.moved": {
        "th": "{who} กำหนดวันสุดท้ายของแบบสำรวจ “{title}” เป็น {on}",
        "en": "{who} moved the last day of the survey “{title}” to {on}",
    },
    "survey.answered": {
        "th": "มีผู้รับบริการตอบแบบสำรวจ “{title}” เป็นคนแรกของวัน",
        "en": "The first visitor of the day answered the survey “{title}”",
    },
    "survey.file-read": {
        "th": "{who} ส่งไฟล์ {file} ให้แบบสำรวจ “{title}” อ่านได้ {rows} คน ไม่รับ {refused} แถว",
        "en": "{who} sent the file {file} to the survey “{title}”: {rows} people, "
        "{refused} rows refused",
    },
    "survey.file-taken": {
        "th": "{who} นำเข้าคำตอบ {rows} คนจากไฟล์ {file} ในแบบสำรวจ “{title}”",
        "en": "{who} took {rows} people's answers from {file} into the survey “{title}”",
    },
    "survey.file-undone": {
        "th": "{who} ยกเลิกการนำเข้าไฟล์ {file} ของแบบสำรวจ “{title}”: {reason}",
        "en": "{who} took the file {file} back out of the survey “{title}”: {reason}",
    },
    "survey.closed": {
        "th": "{who} ปิดและสรุปผลแบบสำรวจ “{title}” ผู้ตอบ {respondents} คน",
        "en": "{who} closed the survey “{title}” with {respondents} respondents",
    },
    "survey.file-made": {
        "th": "{who} ทำแฟ้มหลักฐานของแบบสำรวจ “{title}”",
        "en": "{who} made the evidence file of the survey “{title}”",
    },
    "survey.reopened": {
        "th": "{who} เปิดแบบสำรวจ “{title}” ใหม่: {reason}",
        "en": "{who} reopened the survey “{title}”: {reason}",
    },
    "interest.declared": {
        "th": "{who} แจ้งส่วนได้เสียของ {subject} กับหน่วยงานแห่งหนึ่ง",
        "en": "{who} declared an interest of {subject} in an office",
    },
    "interest.ended": {
        "th": "{who} สิ้นสุดการแจ้งส่วนได้เสียของ {subject}",
        "en": "{who} ended a declared interest of {subject}",
    },
    "planning.applied": {
        "th": "{who} วางแผนจากไฟล์ {visits} แห่งใน {subject}",
        "en": "{who} planned {visits} visits of {subject} from a file",
    },
    "audit.opened": {"th": "{who} เริ่มงานตรวจ {subject}", "en": "{who} began {subject}"},
    "audit.prepared": {
        "th": "{who} เตรียมงานตรวจ {subject} ไว้ใช้ออฟไลน์",
        "en": "{who} prepared {subject} for offline use",
    },
    "audit.exported": {
        "th": "{who} ดาวน์โหลดชุดหลักฐานของงานตรวจ {subject}",
        "en": "{who} took out the export of {subject}",
    },
    "audit.closed": {"th": "{who} ปิดงานตรวจ {subject}", "en": "{who} closed {subject}"},
    "audit.reopened": {
        "th": "{who} เปิดงานตรวจ {subject} อีกครั้ง",
        "en": "{who} reopened {subject}",
    },
    "audit.submitted": {
        "th": "{who} ส่งผลการตรวจ {subject} ให้ทบทวน",
        "en": "{who} submitted {subject} for review",
    },
    "audit.recalled": {
        "th": "{who} เรียกคืนงานตรวจ {subject} มาแก้ไข",
        "en": "{who} recalled {subject}",
    },
    "audit.self-submitted": {
        "th": "{who} ส่งผลการประเมินตนเองของ {subject}",
        "en": "{who} submitted the self-assessment of {subject}",
    },
    "audit.self-recalled": {
        "th": "{who} เรียกคืนผลการประเมินตนเองของ {subject} มาแก้ไข",
        "en": "{who} recalled the self-assessment of {subject}",
    },
    "audit.taken": {
        "th": "{who} รับงานตรวจ {subject} ไปทบทวน",
        "en": "{who} took {subject} for review",
    },
    "audit.released": {
        "th": "{who} คืนงานตรวจ {subject} เข้าคิว: {reason}",
        "en": "{who} put {subject} back into the queue: {reason}",
    },
    "audit.returned": {
        "th": "{who} ส่งงานตรวจ {subject} กลับให้แก้ไขข้อ {criteria}: {reason}",
        "en": "{who} returned {criteria} of {subject} for correction: {reason}",
    },
    "audit.resubmitted": {
        "th": "{who} ส่งผลที่แก้แล้วของ {subject}",
        "en": "{who} resubmitted {subject}",
    },
    "audit.proposed": {
        "th": "{who} เสนอผลของ {subject}: {level}",
        "en": "{who} proposed a result for {subject}: {level}",
    },
    "audit.sent-back": {
        "th": "{who} ส่งข้อเสนอของ {subject} กลับผู้ทบทวน: {reason}",
        "en": "{who} sent the proposal for {subject} back: {reason}",
    },
    "audit.decided": {
        "th": "{who} ตัดสินผลของ {subject}: {level}",
        "en": "{who} decided {subject}: {level}",
    },
    "audit.appealed": {
        "th": "{who} อุทธรณ์ผลของ {subject}: {reason}",
        "en": "{who} appealed the decision on {subject}: {reason}",
    },
    "audit.heard": {
        "th": "{who} รับอุทธรณ์ของ {subject} ไปทบทวน",
        "en": "{who} took the appeal of {subject}",
    },
    "audit.opened-to-correct": {
        "th": "{who} เปิดผลของ {subject} เพื่อแก้ไข: {reason}",
        "en": "{who} opened {subject} again to correct it: {reason}",
    },
    "review.accepted": {
        "th": "{who} ยอมรับข้อ {criterion} ของ {subject}",
        "en": "{who} accepted {criterion} of {subject}",
    },
    "review.returned": {
        "th": "{who} เลือกส่งกลับข้อ {criterion} ของ {subject}: {reason}",
        "en": "{who} marked {criterion} of {subject} to be returned: {reason}",
    },
    "review.unmarked": {
        "th": "{who} ถอนความเห็นต่อข้อ {criterion} ของ {subject}",
        "en": "{who} took back the mark on {criterion} of {subject}",
    },
    "review.photo-chosen": {
        "th": "{who} เลือกภาพข้อ {criterion} ของ {subject} ลงรายงาน",
        "en": "{who} chose a photo of {criterion} of {subject} for the report",
    },
    "review.photo-left-out": {
        "th": "{who} นำภาพข้อ {criterion} ของ {subject} ออกจากรายงาน",
        "en": "{who} left a photo of {criterion} of {subject} out of the report",
    },
    "approval.given": {
        "th": "{who} ให้ความเห็นต่อข้อเสนอของ {subject}: {level}",
        "en": "{who} gave their opinion on the proposal for {subject}: {level}",
    },
    "approval.taken-back": {
        "th": "{who} ถอนความเห็นต่อข้อเสนอของ {subject}",
        "en": "{who} took back their opinion on the proposal for {subject}",
    },
    "appeal.photo-added": {
        "th": "{who} แนบภาพประกอบอุทธรณ์ของ {subject}",
        "en": "{who} added a photo to the appeal of {subject}",
    },
    "task.made": {
        "th": "{who} ทำข้อ {criterion} ของ {subject} เป็นงานปรับปรุง",
        "en": "{who} made {criterion} of {subject} an improvement task",
    },
    "task.changed": {
        "th": "{who} แก้ไขงานปรับปรุงข้อ {criterion} ของ {subject}",
        "en": "{who} changed the task on {criterion} of {subject}",
    },
    "task.proof-added": {
        "th": "{who} แนบหลักฐานของงานปรับปรุงข้อ {criterion} ของ {subject}",
        "en": "{who} brought proof for the task on {criterion} of {subject}",
    },
    "task.done": {
        "th": "{who} แจ้งว่าทำงานปรับปรุงข้อ {criterion} ของ {subject} เสร็จแล้ว",
        "en": "{who} said that the task on {criterion} of {subject} is done",
    },
    "task.confirmed": {
        "th": "{who} ตรวจรับงานปรับปรุงข้อ {criterion} ของ {subject}",
        "en": "{who} confirmed the task on {criterion} of {subject}",
    },
    "task.sent-back": {
        "th": "{who} ส่งงานปรับปรุงข้อ {criterion} ของ {subject} กลับให้ทำต่อ: {reason}",
        "en": "{who} sent the task on {criterion} of {subject} back: {reason}",
    },
    "task.dropped": {
        "th": "{who} ยกเลิกงานปรับปรุงข้อ {criterion} ของ {subject}: {reason}",
        "en": "{who} dropped the task on {criterion} of {subject}: {reason}",
    },
    "task.reopened": {
        "th": "{who} เปิดงานปรับปรุงข้อ {criterion} ของ {subject} อีกครั้ง: {reason}",
        "en": "{who} opened the task on {criterion} of {subject} again: {reason}",
    },
    "certificate.issued": {
        "th": "{who} ออกใบรับรอง {subject}",
        "en": "{who} issued the certificate {subject}",
    },
    "certificate.issued-later": {
        "th": "{who} สั่งออกใบรับรอง {subject} ที่รอกุญแจอยู่",
        "en": "{who} had the certificate {subject} issued that waited for a key",
    },
    "certificate.waits": {
        "th": "ใบรับรองของ {subject} ยังออกไม่ได้ เพราะยังไม่มีกุญแจ",
        "en": "The certificate of {subject} waits: there is no key to sign it",
    },
    "certificate.suspended": {
        "th": "{who} พักใช้ใบรับรอง {subject}: {reason}",
        "en": "{who} suspended the certificate {subject}: {reason}",
    },
    "certificate.withdrawal-asked": {
        "th": "{who} ขอเพิกถอนใบรับรอง {subject}: {reason}",
        "en": "{who} asked to withdraw the certificate {subject}: {reason}",
    },
    "certificate.withdrawn": {
        "th": "{who} เพิกถอนใบรับรอง {subject}: {reason}",
        "en": "{who} withdrew the certificate {subject}: {reason}",
    },
    "certificate.request-refused": {
        "th": "{who} ไม่เห็นชอบคำขอเกี่ยวกับใบรับรอง {subject}: {reason}",
        "en": "{who} refused what was asked of the certificate {subject}: {reason}",
    },
    "certificate.reinstatement-asked": {
        "th": "{who} ขอคืนสถานะใบรับรอง {subject}: {reason}",
        "en": "{who} asked to reinstate the certificate {subject}: {reason}",
    },
    "certificate.reinstated": {
        "th": "{who} คืนสถานะใบรับรอง {subject}: {reason}",
        "en": "{who} reinstated the certificate {subject}: {reason}",
    },
    "certificate.superseded": {
        "th": "{who} ให้ใบรับรอง {subject} สิ้นผลเพราะมีใบใหม่: {reason}",
        "en": "{who} had the certificate {subject} superseded: {reason}",
    },
    "issuing-key.made": {
        "th": "{who} สร้างกุญแจออกใบรับรอง {subject}",
        "en": "{who} made the key {subject} that signs certificates",
    },
    "issuing-key.retired": {
        "th": "{who} เลิกใช้กุญแจออกใบรับรอง {subject}",
        "en": "{who} retired the key {subject} that signed certificates",
    },
    "issuing-key.compromised": {
        "th": "{who} แจ้งว่ากุญแจออกใบรับรอง {subject} รั่วไหล: {reason}",
        "en": "{who} declared the key {subject} compromised: {reason}",
    },
    "issuing-key.reissued": {
        "th": "{who} ออกใบรับรอง {certificates} ใบใหม่แทนใบที่ลงนามด้วยกุญแจ {subject}",
        "en": "{who} issued {certificates} certificates anew that the key {subject} had signed",
    },
    "audit.changes-received": {
        "th": "{who} ส่งรายการของ {subject}: รับแล้ว {kept} พักไว้ {held}",
        "en": "{who} sent changes to {subject}: {kept} kept, {held} held",
    },
    "outbox.handed-in": {
        "th": "{who} นำเข้าไฟล์งาน: รับแล้ว {kept} มีอยู่แล้ว {known} พักไว้ {held} ภาพ {photos}",
        "en": "{who} handed in: {kept} kept, {known} known, {held} held, {photos} photos",
    },
    "photo.received": {
        "th": "{who} ส่งภาพหรือไฟล์ {subject}",
        "en": "{who} sent the photo or file {subject}",
    },
    "photo.sent-too": {
        "th": "{who} ส่งภาพ {subject} ซึ่งมีผู้อื่นส่งไว้แล้ว",
        "en": "{who} sent the photo {subject}, which somebody else had sent before",
    },
    "photo.original-seen": {
        "th": "{who} ดูภาพก่อนปิดบัง {subject}",
        "en": "{who} looked at the photo {subject} as it was before it was masked",
    },
    "photo.refused": {
        "th": "ภาพ {subject} ที่ {who} ส่งมาใช้ไม่ได้",
        "en": "The photo {subject} that {who} sent was refused",
    },
    "photos.swept": {
        "th": "{who} ลบไฟล์ที่ไม่มีใครใช้",
        "en": "{who} removed files that nothing uses",
    },
    "token.made": {
        "th": "{who} สร้างโทเค็นส่วนตัว {name} ให้โปรแกรมอ่านข้อมูล ({scopes})",
        "en": "{who} made the personal token {name}, with which a program reads ({scopes})",
    },
    "token.ended": {
        "th": "{who} ยกเลิกโทเค็นส่วนตัว {name} ของ {subject}",
        "en": "{who} ended the personal token {name} of {subject}",
    },
    "calendar.made": {
        "th": "{who} สร้างที่อยู่ปฏิทินของตนเอง",
        "en": "{who} made an address for their calendar",
    },
    "calendar.ended": {
        "th": "{who} ยกเลิกที่อยู่ปฏิทินของตนเอง",
        "en": "{who} ended the address of their calendar",
    },
    "reminders.written": {
        "th": "{who} เขียนจดหมายแจ้งเตือน {letters} ฉบับ",
        "en": "{who} wrote {letters} reminders",
    },
    "mail.sent": {
        "th": "{who} ส่งอีเมลแจ้งเตือนถึง {subject}",
        "en": "{who} sent mail to {subject}",
    },
    "mail.failed": {
        "th": "{who} ส่งอีเมลแจ้งเตือนถึง {subject} ไม่สำเร็จ ({code})",
        "en": "{who} could not send mail to {subject} ({code})",
    },
    "webhook.made": {
        "th": "{who} เพิ่มปลายทางเว็บฮุก “{name}” ({host})",
        "en": "{who} added the webhook “{name}” ({host})",
    },
    "webhook.changed": {
        "th": "{who} แก้ไขปลายทางเว็บฮุก “{name}” ({host})",
        "en": "{who} changed the webhook “{name}” ({host})",
    },
    "webhook.rotated": {
        "th": "{who} เปลี่ยนรหัสลับของเว็บฮุก “{name}”",
        "en": "{who} made a new secret for the webhook “{name}”",
    },
    "webhook.off": {
        "th": "{who} ปิดเว็บฮุก “{name}”",
        "en": "{who} switched the webhook “{name}” off",
    },
    "webhook.stopped": {
        "th": "{who} ปิดเว็บฮุก “{name}”: {why}",
        "en": "{who} switched the webhook “{name}” off: {why}",
    },
    "webhook.on": {
        "th": "{who} เปิดเว็บฮุก “{name}” อีกครั้ง",
        "en": "{who} switched the webhook “{name}” on again",
    },
    "webhook.removed": {
        "th": "{who} ลบปลายทางเว็บฮุก “{name}”",
        "en": "{who} removed the webhook “{name}”",
    },
    "webhook.tested": {
        "th": "{who} ส่งเหตุการณ์ทดสอบไปยังเว็บฮุก “{name}”",
        "en": "{who} sent a test to the webhook “{name}”",
    },
    "webhook.sent-again": {
        "th": "{who} สั่งส่งเหตุการณ์ {deliveries} รายการไปยังเว็บฮุก “{name}” อีกครั้ง",
        "en": "{who} had {deliveries} events sent to the webhook “{name}” again",
    },
    "backup.verified": {
        "th": "{who} สำรองข้อมูลและอ่านกลับแล้ว ภาพ {photos} ภาพ ใหม่ {new} ภาพ",
        "en": "{who} backed up and read back {photos} photos, {new} of them new",
    },
    "backup.failed": {
        "th": "{who} สำรองข้อมูลไม่สำเร็จ ({code})",
        "en": "{who} could not back up ({code})",
    },
    "backup.restored": {
        "th": "{who} กู้คืนข้อมูลจากชุดสำรองของ {of}: ภาพ {photos} ภาพ รายการ {changes} รายการ",
        "en": "{who} restored the backup of {of}: {photos} photos, {changes} changes",
    },
}
# Of changes received: where somebody else than their author brought them.
CARRIED: Final = {
    "th": "{who} นำรายการของ {subject} ที่ {author} ทำไว้มาส่ง: รับแล้ว {kept} พักไว้ {held}",
    "en": "{who} brought changes to {subject} that {author} made: {kept} kept, {held} held",
}
SYSTEM: Final = {"th": "ระบบ", "en": "The system"}


def sentence(
    action: str,
    lang: str,
    *,
    who: Mapping[str, str] | None,
    subject: str,
    detail: Mapping[str, Any],
) -> str:
    """One line of the trail in words. An action without a sentence is shown as its code."""
    known = SENTENCES.get(
        action, {"th": f"{action} {{subject}}", "en": f"{action} {{subject}}"}
    )
    if action == "audit.changes-received" and "carried_by" in detail:
        known = CARRIED
    words = known["en" if lang == "en" else "th"]
    gaps: defaultdict[str, Any] = defaultdict(str, detail)
    gaps["who"] = (who or SYSTEM)["en" if lang == "en" else "th"]
    gaps["subject"] = subject
    return words.format_map(gaps)
