"""summary.html of format 1: one page in Thai and English, without scripts. Frozen.

Whoever verifies draws it again from the changes and compares: what it shows follows from them.
A new look is a new format, and this one stays to verify what was exported with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any, Final

from app.audits.rules import State
from app.audits.rules.fold import Piece
from app.checklists.rules import Criterion, Edition, Part
from app.exports.rules.layout import Manifest, photo_name

STYLE: Final = """
body{font:16px/1.6 Sarabun,"Noto Sans Thai",Thonburi,Tahoma,sans-serif;max-width:60rem;
margin:0 auto;padding:1rem;color:#1c1c28;background:#fff}
h1,h2{line-height:1.3}h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem;
border-bottom:1px solid #c9c9d6}
.en,.small{color:#55556a;font-size:.9em}.level{font-size:1.5rem;font-weight:bold;margin:.5rem 0}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #dedee8;padding:.4rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}td.n,th.n{text-align:right}
img{max-width:100%;height:auto;max-height:12rem;border:1px solid #c9c9d6}
figure{margin:.5rem 0}code{font-size:.8em;overflow-wrap:anywhere}
.bad{border-left:4px solid #a4262c;padding-left:.6rem}
@media(max-width:40rem){table,tbody,tr,td{display:block}thead{display:none}td.n{text-align:left}
td[data-label]::before{content:attr(data-label) ": ";color:#55556a}}
"""
POLICY: Final = "default-src 'none'; img-src *; style-src 'unsafe-inline'"
SAID: Final = {
    "met": ("เป็นไปตามเกณฑ์", "met"),
    "not_met": ("ไม่เป็นไปตามเกณฑ์", "not met"),
}


def render(
    manifest: Manifest, edition: Edition, card: Mapping[str, Any], state: State
) -> bytes:
    """The page, from the names in the manifest and what the changes come to."""
    about = manifest.audit
    office = _words(about.office.get("name"))
    head = [
        "<!DOCTYPE html>",
        '<html lang="th"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<title>{escape(office[0])} · GECC</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{_both(office)}</h1>",
        f"<p>{_both(_kind(about.kind))} · {_both(_words(about.round.get('name')))}"
        + (f" · {_when(about.planned_on, day=True)}" if about.planned_on else "")
        + "</p>",
        f"<p>{_both(_words(edition.title.model_dump()))}</p>",
        *_verdict(edition, card, about.head),
    ]
    view = _View(manifest, state)
    sections = [
        piece
        for section in edition.sections
        for piece in (
            f"<h2>{escape(section.code)} {_both(_words(section.title.model_dump()))}</h2>",
            *_table(view.criterion(each) for each in section.criteria),
        )
    ]
    made = f"{_both(('ทำเมื่อ', 'made'))} {_when(manifest.made_at)}"
    counted = f"{_both(('รายการ', 'changes'))} {about.head}"
    foot = [
        *view.list_of_photos(),
        f"<h2>{_both(('ตรวจสอบไฟล์นี้', 'Check this file'))}</h2>",
        f"<p>{_both(('คำสั่งอยู่ใน README.txt', 'README.txt has the commands'))}</p>",
        f'<p class="small">{made} · {counted} · <code>{about.id}</code></p>',
        "</main></body></html>",
    ]
    return ("\n".join((*head, *sections, *foot)) + "\n").encode()


def _verdict(edition: Edition, card: Mapping[str, Any], head: int) -> Iterator[str]:
    level = next((each for each in edition.levels if each.code == card["level"]), None)
    none = ("ยังไม่ถึงระดับใด", "no level reached")
    reached = _words(level.name.model_dump()) if level else none
    yield f'<p class="level">{_both(reached)}</p>'
    yield (
        f"<p>{_points(card['earned'])} / {_points(card['possible'])} "
        f"({escape(str(card['percent']))} %) · {_both(('เกณฑ์บังคับ', 'gates'))} "
        f"{card['gates']['met']} / {card['gates']['total']} · {_both(('ตอบแล้ว', 'answered'))} "
        f"{card['counts']['answered']} / {card['counts']['criteria']} · "
        f"{_both(('คำตอบไม่ตรงกัน', 'conflicts'))} {len(card['conflicts'])} · "
        f"{_both(('จากรายการที่ 1 ถึง', 'from changes 1 to'))} {head}</p>"
    )
    yield (
        f"<table><thead><tr><th>{_both(('หมวด', 'section'))}</th>"
        f'<th class="n">{_both(("คะแนน", "points"))}</th>'
        f'<th class="n">{_both(("ตอบแล้ว", "answered"))}</th></tr></thead><tbody>'
    )
    for section, scored in zip(edition.sections, card["sections"], strict=True):
        earned = f"{_points(scored['earned'])} / {_points(scored['possible'])}"
        yield (
            f"<tr><td>{escape(section.code)} {_both(_words(section.title.model_dump()))}</td>"
            f'<td class="n" data-label="คะแนน">{earned if scored["possible"] else "–"}</td>'
            f'<td class="n" data-label="ตอบแล้ว">{scored["answered"]} / {scored["total"]}</td>'
            "</tr>"
        )
    yield "</tbody></table>"


def _table(rows: Iterable[str]) -> Iterator[str]:
    yield (
        f"<table><thead><tr><th>{_both(('ข้อ', 'criterion'))}</th>"
        f"<th>{_both(('สิ่งที่บันทึก', 'what was recorded'))}</th></tr></thead><tbody>"
    )
    yield from rows
    yield "</tbody></table>"


class _View:
    """What the changes say, criterion by criterion."""

    def __init__(self, manifest: Manifest, state: State) -> None:
        self.people = manifest.people
        self.here = {photo.sha256 for photo in manifest.photos.here}
        self.withheld = set(manifest.photos.withheld)
        self.registers = state["registers"]
        self.photos = state["photos"]
        self.attachments = state["attachments"]
        self.links = state["links"]

    def criterion(self, criterion: Criterion) -> str:
        code = criterion.code
        said = [
            line for part in criterion.parts or (None,) for line in self._part(criterion, part)
        ]
        for measurement in criterion.measurements:
            label = _words(measurement.label.model_dump())
            register = f"measurement {code}:{measurement.key}"
            said += [
                f"<p>{_both(label)}: {_plain(one['value'])} "
                f"{escape(measurement.unit)} {self._who(one)}</p>"
                for one in self.registers.get(register, [])
            ]
        said += [
            f"<p>“{escape(one['value'])}” {self._who(one)}</p>"
            for register, standing in self.registers.items()
            if register.startswith(f"note {code} ")
            for one in standing
            if one["value"]
        ]
        said += [self._photo(photo) for photo in self.photos.get(code, [])]
        said += [self._file(one) for one in self.attachments.get(code, [])]
        said += [self._link(one) for one in self.links.get(code, [])]
        blank = f'<p class="small">{_both(("ยังไม่ตอบ", "blank"))}</p>'
        return (
            f"<tr><td>{escape(code)} {_both(_words(criterion.title.model_dump()))}</td>"
            f"<td>{''.join(said) or blank}</td></tr>"
        )

    def _part(self, criterion: Criterion, part: Part | None) -> Iterator[str]:
        target = criterion.target_of(part.code) if part else criterion.code
        standing = self.registers.get(f"answer {target}", [])
        name = f"{_both(_words(part.title.model_dump()))}: " if part and part.title else ""
        mark = ' class="bad"' if len(standing) > 1 else ""
        for one in standing:
            answer = f"<strong>{_answer(one['value'])}</strong>"
            yield f"<p{mark}>{name}{answer} {self._who(one)}</p>"

    def _who(self, one: Mapping[str, Any]) -> str:
        voices = ", ".join(self._voice(mark) for mark in one["changes"])
        return f'<span class="small">({voices})</span>'

    def _voice(self, mark: Mapping[str, Any]) -> str:
        name = _words(self.people.get(mark["author"]))[0] or mark["author"]
        return f"{escape(name)}, {_when(mark['made_at'])}"

    def _photo(self, photo: Mapping[str, Any]) -> str:
        sha256 = photo["value"]["sha256"]
        removed = photo["removed"]
        told = f'<span class="small">({self._voice(photo)})</span> {self._state(sha256)}'
        told += "".join(
            f" “{escape(one['value'])}”" for one in photo["caption"] if one["value"]
        )
        if removed:
            told += f" · {_both(('นำออก', 'removed'))}: {escape(removed['reason'])}"
        shown = sha256 in self.here and not removed
        picture = f'<img src="{photo_name(sha256)}" alt="" loading="lazy">' if shown else ""
        return (
            f"<figure>{picture}<figcaption><code>{sha256}</code> {told}</figcaption></figure>"
        )

    def _file(self, piece: Piece) -> str:
        value = piece["value"]
        name = escape(value["name"])
        if value["sha256"] in self.here and not piece["removed"]:
            name = f'<a href="{photo_name(value["sha256"])}" download="{name}">{name}</a>'
        told = f"{self._state(value['sha256'])} <code>{value['sha256']}</code>"
        return f"<p>{_both(('ไฟล์', 'file'))}: {name} {self._brought(piece)} {told}</p>"

    def _link(self, piece: Piece) -> str:
        url, title = (escape(piece["value"][key]) for key in ("url", "title"))
        told = f"{title} <code>{url}</code> {self._brought(piece)}"
        return f"<p>{_both(('ลิงก์', 'link'))}: {told}</p>"

    def _brought(self, piece: Piece) -> str:
        removed = piece["removed"]
        told = f'<span class="small">({self._voice(piece)})</span>'
        if removed:
            told += f" · {_both(('นำออก', 'removed'))}: {escape(removed['reason'])}"
        return told

    def _state(self, sha256: str) -> str:
        if sha256 in self.here:
            return ""
        if sha256 in self.withheld:
            return _both(("ต้นฉบับที่ปกปิดแล้ว ไม่อยู่ในไฟล์นี้", "masked original, kept back"))
        return _both(("ภาพยังไม่ถึงเซิร์ฟเวอร์", "not received yet"))

    def list_of_photos(self) -> Iterator[str]:
        yield f"<h2>{_both(('ภาพทั้งหมด', 'All photos'))}</h2><ol>"
        for code, taken in self.photos.items():
            for photo in taken:
                sha256 = photo["value"]["sha256"]
                yield f"<li>{escape(code)} <code>{sha256}</code> {self._state(sha256)}</li>"
        yield "</ol>"


def _kind(kind: str) -> tuple[str, str]:
    if kind == "visit":
        return "การตรวจประเมิน ณ พื้นที่", "visit"
    return "แบบประเมินตนเองของหน่วยงาน", "self-assessment"


def _answer(value: Any) -> str:
    if value is None:
        return _both(("ลบคำตอบ", "cleared"))
    if isinstance(value, dict):
        return f"{_both(('ไม่เกี่ยวข้อง', 'not applicable'))}: {escape(str(value['na']))}"
    if isinstance(value, str):
        return _both(SAID.get(value, (value, value)))
    return f"{_plain(value)} {_both(('คะแนน', 'points'))}"


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _both(("ใช่", "yes") if value else ("ไม่ใช่", "no"))
    return escape(
        f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    )


def _points(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _when(wire: str, *, day: bool = False) -> str:
    """A moment on Bangkok's clock, in the Buddhist Era; what is none is shown as it is."""
    try:
        moment = datetime.fromisoformat(wire) + timedelta(hours=0 if day else 7)
    except (ValueError, OverflowError):
        return escape(wire)
    if day:
        return f"{moment.day}/{moment.month}/{moment.year + 543}"
    return f"{moment.day}/{moment.month}/{moment.year + 543} {moment:%H.%M} น."


def _words(words: Any) -> tuple[str, str]:
    if not isinstance(words, Mapping):
        return "", ""
    return str(words.get("th", "")), str(words.get("en", ""))


def _both(words: tuple[str, str]) -> str:
    thai, english = (escape(each) for each in words)
    if not english or english == thai:
        return thai
    return f'{thai} <span class="en" lang="en">{english}</span>'
