"""Answers, values and reasons in the Thai words of a paper. Pure.

Each answer is `{"words", "tone"}`; a tone is a colour and nothing else, the words say it all.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.checklists.rules import Criterion, Measurement

_DIGITS: Final = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_VERDICTS: Final = {
    "within": {"words": "อยู่ในเกณฑ์", "tone": "met"},
    "outside": {"words": "ไม่อยู่ในเกณฑ์", "tone": "unmet"},
}
BLANK: Final = {"words": "ยังไม่ตอบ", "tone": "quiet"}
Said = dict[str, str]


def thai_digits(text: str) -> str:
    """The same words with Thai digits, as formal papers have them."""
    return text.translate(_DIGITS)


def points(hundredths: int) -> str:
    """Hundredths of a point as people read them: 8500 -> `85`, 8550 -> `85.5`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def answer_of(said: Mapping[str, Any], *, brief: bool = False) -> Said:
    """One standing answer, as the result page takes it apart."""
    kind = said["kind"]
    if kind == "met":
        return {"words": "เป็นไปตามเกณฑ์", "tone": "met"}
    if kind == "not_met":
        return {"words": "ไม่เป็นไปตามเกณฑ์", "tone": "unmet"}
    if kind == "na":
        return {"words": f"ไม่เกี่ยวข้อง: {said['reason']}", "tone": "told"}
    if kind == "cleared":
        return BLANK
    of, got = said["of"], said["points"]
    tone = "met" if got == of else "partly" if got else "unmet"
    step = f" {said['step'].th}" if said["step"] and not (brief and got == of) else ""
    return {"words": f"{points(got)} จาก {points(of)} คะแนน{step}", "tone": tone}


def answers_of(item: Mapping[str, Any], *, brief: bool = False) -> list[Said]:
    """Every answer that stands about a criterion, each with the part it is of.

    `brief`: of full points without the words of their step.
    """
    told = []
    for part in item["parts"]:
        label = part["part"].title.th if part["part"] and part["part"].title else ""
        standing = [answer_of(one, brief=brief) for one in part["standing"]] or [BLANK]
        if part["conflict"]:
            told.append({"label": label, "words": "คำตอบไม่ตรงกัน ยังไม่ได้ข้อยุติ", "tone": "waiting"})
        told += [{"label": label, **one} for one in standing]
    return told


def limit_of(measurement: Measurement) -> str:
    """What a value is held against."""
    unit = measurement.unit
    value = measurement.value
    if measurement.table:
        return "ขึ้นกับจำนวนทั้งหมด"
    if measurement.op == ">=":
        return f"ไม่น้อยกว่า {value} {unit}"
    if measurement.op == "<=":
        return f"ไม่เกิน {value} {unit}"
    if measurement.op == "between" and isinstance(value, tuple):
        return f"{value[0]} ถึง {value[1]} {unit}"
    if measurement.op == "count" and value is not None:
        return f"อย่างน้อย {value} {unit}"
    if measurement.op == "=":
        return "ต้องมี" if value else "ต้องไม่มี"
    return "บันทึกไว้ ไม่มีเกณฑ์"


def measured(item: Mapping[str, Any]) -> list[Said]:
    """Every value that was measured for a criterion, with its limit and what follows."""
    told = []
    for one in item["measurements"]:
        measurement: Measurement = one["measurement"]
        for standing in one["standing"]:
            value = standing["value"]
            if value is None:
                continue
            words = "ใช่" if value is True else "ไม่ใช่" if value is False else f"{value}"
            unit = "" if isinstance(value, bool) else f" {measurement.unit}"
            verdict = _VERDICTS.get(standing["verdict"] or "", {"words": "", "tone": "quiet"})
            if one["conflict"]:
                verdict = {"words": "ค่าที่วัดไม่ตรงกัน", "tone": "waiting"}
            told.append(
                {
                    "label": measurement.label.th,
                    "value": f"{words}{unit}",
                    "limit": limit_of(measurement),
                    **verdict,
                }
            )
    return told


def reasons_of(
    reasons: Iterable[Mapping[str, Any]], criteria: Mapping[str, Criterion]
) -> list[str]:
    """Why the level is not the next one up, a sentence each."""
    return [_reason(one, criteria) for one in reasons]


def _reason(one: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> str:
    kind = one["kind"]
    code = one.get("criterion") or ""
    named = f"{code} {criteria[code].title.th}" if code in criteria else code
    if kind == "gate-not-met":
        return f"เกณฑ์บังคับไม่เป็นไปตามเกณฑ์: {named}"
    if kind == "gate-blank":
        return f"เกณฑ์บังคับยังไม่ตอบ: {named}"
    if kind == "criterion-not-met":
        return f"ระดับถัดไปต้องได้ข้อนี้: {named}"
    if kind == "section-below":
        return f"หมวด {one['section']} ยังขาด {points(one['points'])} คะแนน"
    if kind == "points-missing":
        return f"คะแนนรวมยังขาด {points(one['points'])} คะแนน"
    return "ไม่มีข้อใดให้คะแนน"
