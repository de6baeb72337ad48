"""Refusals: one idea for "no".

A rule answers `Refusal | None`; the same value greys a button, guards a door and is asserted in
a test. A door that meets one raises `Refused`; only `kit.web` knows HTTP numbers.
"""

from dataclasses import dataclass
from typing import Final, NoReturn


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no, with a stable code for machines and a sentence in Thai and English for people."""

    code: str
    th: str
    en: str

    def sentence(self, lang: str) -> str:
        """The sentence in the asked language, Thai unless English was asked."""
        return self.en if lang == "en" else self.th

    def as_json(self) -> dict[str, str]:
        """The refusal as it travels inside a verdict."""
        return {"code": self.code, "th": self.th, "en": self.en}


class Missing(Refusal):
    """The thing asked for is not there, or not for this person to know of."""


class Unsigned(Refusal):
    """Nobody is signed in."""


class Forbidden(Refusal):
    """Not for the person who asks."""


class Conflict(Refusal):
    """The state of things does not allow it now."""


class Invalid(Refusal):
    """What was sent cannot be understood or is out of bounds."""


class TooLarge(Refusal):
    """More bytes or pixels than we take."""


class TooMany(Refusal):
    """Too often; try later."""


class Full(Refusal):
    """The server has no room to keep it."""


class Busy(Refusal):
    """Too much is being done at this moment; the same again, a little later, will do."""


BUSY: Final = Busy(
    "server.busy",
    "ระบบกำลังทำงานหนัก ข้อมูลที่เก็บในเครื่องยังอยู่ครบ กรุณาลองใหม่ในอีกสักครู่",
    "The server is busy. What your device holds is safe. Please try again shortly.",
)


class Refused(Exception):
    """Carries a refusal out of a door; rolls the transaction back."""

    def __init__(self, refusal: Refusal, headers: dict[str, str] | None = None) -> None:
        super().__init__(refusal.en)
        self.refusal = refusal
        self.headers = headers or {}


def refuse(refusal: Refusal | None) -> None:
    """Raise `Refused` if there is a refusal, else nothing."""
    if refusal is not None:
        raise Refused(refusal)


def missing(what: str = "page") -> NoReturn:
    """Raise the plain "not here" that also hides what a person may not know of."""
    raise Refused(
        Missing(
            f"{what}.missing", "ไม่พบสิ่งที่ค้นหา หรือคุณไม่มีสิทธิ์ดู", "Not found, or not yours to see."
        )
    )
