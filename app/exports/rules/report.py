"""What verifying found: one line for each check, in both languages, and a number for all."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

Verdict = Literal["ok", "remark", "incomplete", "tampered"]
SIGN: Final[dict[str, str]] = {"ok": "✓", "remark": "i", "incomplete": "…", "tampered": "✗"}
MOST_NAMED: Final = 5


class Check(NamedTuple):
    """One thing that was looked at."""

    code: str
    verdict: Verdict
    th: str
    en: str

    def line(self) -> str:
        """The check as it is printed."""
        return f"{SIGN[self.verdict]} {self.th} · {self.en}"


@dataclass(frozen=True)
class Report:
    """Everything that was looked at, and what the export is of."""

    checks: tuple[Check, ...]
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 whole, 1 tampered with, 2 incomplete; tampered says more than incomplete."""
        verdicts = {check.verdict for check in self.checks}
        if "tampered" in verdicts or not self.checks:
            return 1
        return 2 if "incomplete" in verdicts else 0

    @property
    def sentence(self) -> tuple[str, str]:
        """The whole in one sentence, in Thai and in English."""
        return {
            0: ("ครบถ้วน ไม่ถูกแก้ไข", "Whole and unaltered."),
            1: ("ถูกแก้ไข อย่าใช้เป็นหลักฐาน", "TAMPERED WITH. Do not use it as evidence."),
            2: ("ไม่ถูกแก้ไข แต่ยังไม่ครบ", "Unaltered, but incomplete."),
        }[self.exit_code]

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        th, en = self.sentence
        return {
            "exit": self.exit_code,
            "th": th,
            "en": en,
            "about": self.about,
            "checks": [check._asdict() for check in self.checks],
        }


def ok(code: str, th: str, en: str) -> Check:
    """A check that found nothing wrong."""
    return Check(code, "ok", th, en)


def remark(code: str, th: str, en: str) -> Check:
    """Something to know that changes no verdict."""
    return Check(code, "remark", th, en)


def incomplete(code: str, th: str, en: str) -> Check:
    """Something that should be here and is not."""
    return Check(code, "incomplete", th, en)


def tampered(code: str, th: str, en: str) -> Check:
    """Something that is not as it was written."""
    return Check(code, "tampered", th, en)


def some(names: list[str]) -> str:
    """The first few of many names, for a sentence."""
    more = f" … (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
