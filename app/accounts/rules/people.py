"""People: their roles, what a user name and a password must be, and who changes whom."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from app.accounts.rules.access import may
from app.kit.errors import Conflict, Forbidden, Invalid, Refusal

ROLES: Final[dict[str, dict[str, str]]] = {
    "assessor": {"th": "ผู้ตรวจประเมิน", "en": "Assessor"},
    "lead_assessor": {"th": "หัวหน้าคณะผู้ตรวจประเมิน", "en": "Lead assessor"},
    "office_editor": {"th": "เจ้าหน้าที่หน่วยงาน", "en": "Office editor"},
    "office_head": {"th": "หัวหน้าหน่วยงาน", "en": "Office head"},
    "central_reviewer": {"th": "ผู้ทบทวนส่วนกลาง", "en": "Central reviewer"},
    "approver": {"th": "ผู้อนุมัติ", "en": "Approver"},
    "administrator": {"th": "ผู้ดูแลระบบ", "en": "Administrator"},
    "auditor": {"th": "ผู้ตรวจสอบ (อ่านอย่างเดียว)", "en": "Auditor (read only)"},
}
PASSWORD_LEAST: Final = 12
PASSWORD_MOST: Final = 128
MOST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3: a path has at most 256 octets with its brackets
EMAIL: Final = re.compile(r"[^\s@,;:<>()\"\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request, as every door sees them."""

    id: str
    username: str
    name: dict[str, str]
    roles: frozenset[str]
    disabled: bool = False

    def may(self, action: str) -> bool:
        """Whether this person may do a line of `ACCESS` everywhere, such as `rounds.plan`."""
        return may(self.roles, action)


def effective(roles: Iterable[str]) -> frozenset[str]:
    """The roles in force: whoever leads assessors is one."""
    given = frozenset(roles)
    return given | {"assessor"} if "lead_assessor" in given else given


def tidy_username(typed: str) -> str:
    """A user name as it is kept: no spaces around it, lower case."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def refusal_of_username(username: str) -> Refusal | None:
    """Why this cannot be a user name."""
    if USERNAME.fullmatch(username):
        return None
    return Invalid(
        "person.username",
        "ชื่อผู้ใช้ต้องเป็นตัวอักษร a-z ตัวเลข จุด ขีดกลาง หรือขีดล่าง ยาว 2 ถึง 40 ตัว",
        "A user name is 2 to 40 of the letters a-z, digits, dots, hyphens and underscores.",
    )


def refusal_of_name(name: str) -> Refusal | None:
    """Why this cannot be a person's Thai name."""
    if 0 < len(name.strip()) <= 120 and "\0" not in name:
        return None
    return Invalid(
        "person.name", "กรุณากรอกชื่อและนามสกุล ไม่เกิน 120 ตัวอักษร", "Give a name of up to 120 signs."
    )


def refusal_of_password(password: str, username: str) -> Refusal | None:
    """Why this password is too easy to guess. Length counts (ASVS 6.2)."""
    if len(password) < PASSWORD_LEAST:
        return Invalid(
            "password.short",
            f"รหัสผ่านต้องยาวอย่างน้อย {PASSWORD_LEAST} ตัวอักษร ประโยคที่จำง่ายใช้ได้ดี",
            f"A password has at least {PASSWORD_LEAST} signs. A sentence you remember is good.",
        )
    if len(password) > PASSWORD_MOST:
        return Invalid(
            "password.long",
            f"รหัสผ่านยาวเกิน {PASSWORD_MOST} ตัวอักษร",
            f"A password has at most {PASSWORD_MOST} signs.",
        )
    if len(set(password.lower())) < 5 or username in password.lower():
        return Invalid(
            "password.easy",
            "รหัสผ่านนี้เดาง่ายเกินไป อย่าใช้ชื่อผู้ใช้หรือตัวอักษรซ้ำ ๆ",
            "This password is too easy to guess. Leave out the user name and repeated signs.",
        )
    return None


def refusal_to_grant(*, person: str, role: str, by: str | None) -> Refusal | None:
    """Why `by` may not give `person` this role. Nobody gives one to themselves."""
    if role not in ROLES:
        return Invalid("role.unknown", "ไม่มีบทบาทนี้", "There is no such role.")
    if by == person:
        return Forbidden(
            "role.own",
            "ให้บทบาทแก่ตนเองไม่ได้ ต้องให้ผู้ดูแลระบบคนอื่นทำ",
            "Nobody gives themselves a role. Ask another administrator.",
        )
    return None


def refusal_to_revoke(
    *, person: str, role: str, administrators: Collection[str]
) -> Refusal | None:
    """Why this role cannot be taken away, given everybody who is administrator now."""
    if role == "administrator" and set(administrators) <= {person}:
        return _LAST
    return None


def refusal_to_reset(*, person: str, by: str | None) -> Refusal | None:
    """Why `by` may not give this person a new start password."""
    if person == by:
        return Forbidden(
            "password.own",
            "ตั้งรหัสผ่านเริ่มต้นให้ตนเองไม่ได้ ให้เปลี่ยนรหัสผ่านที่หน้า “เปลี่ยนรหัสผ่าน”",
            "Nobody resets their own password. Change it on the page for passwords.",
        )
    return None


def refusal_to_disable(
    *, person: str, by: str | None, administrators: Collection[str]
) -> Refusal | None:
    """Why this account cannot be closed."""
    if person == by:
        return Forbidden(
            "person.own-account", "ปิดบัญชีของตนเองไม่ได้", "Nobody closes their own account."
        )
    if set(administrators) == {person}:
        return _LAST
    return None


_LAST: Final = Conflict(
    "role.last-administrator",
    "ต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคนเสมอ",
    "At least one administrator must always remain.",
)


def refusal_of_email(typed: str) -> Refusal | None:
    """Why this is no address that mail can go to. Empty is none, and welcome."""
    if not typed or (len(typed) <= MOST_EMAIL and typed.isascii() and EMAIL.fullmatch(typed)):
        return None
    return Invalid(
        "person.email",
        "ที่อยู่อีเมลไม่ถูกต้อง ตัวอย่างที่ถูก: somchai@moj.go.th",
        "This is no e-mail address. One looks like somchai@moj.go.th.",
    )
