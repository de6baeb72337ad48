"""A few distinct walks, each written many times over, as phones write them."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from app.checklists.rules import Edition
from app.kit.clock import wire
from bench.world import Said, criteria

DISTINCT: Final = 16
PHOTOS: Final = 50
PHOTO_BYTES: Final = 2_000
NOTES: Final = (
    "จุดน้ำดื่มสะอาด มีแก้วพร้อมใช้ และมีป้ายบอกทางชัดเจน",
    "ทางลาดสำหรับรถเข็นชำรุดบริเวณประตูหน้า หัวหน้าสำนักงานรับจะซ่อมภายในเดือนหน้า",
    "เจ้าหน้าที่อธิบายขั้นตอนได้ครบ ผู้รับบริการพอใจ ไม่ต้องกลับมาอีกครั้ง",
    "ป้ายเวลาเปิดให้บริการช่วงพักเที่ยงยังไม่ตรงกับที่ประกาศในเว็บไซต์",
    "ห้องน้ำผู้พิการสะอาด แต่ราวจับหลวม ควรตรวจทุกสัปดาห์",
)


class Sentence(NamedTuple):
    """What is said on a walk. No value: a photo. `again`: the place of what it supersedes."""

    kind: str
    target: str
    value: str | None
    again: int | None


@dataclass(slots=True)
class Walk:
    """Everything one walk says, and what it comes to: the same in every audit walked so."""

    sentences: list[Sentence]
    notes: list[tuple[str, str]] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)
    frozen: str = ""
    """A proposal's bytes, of the audit that was folded."""

    @property
    def head(self) -> int:
        """The number of its changes."""
        return len(self.sentences)


class Written(NamedTuple):
    """One audit's changes and photos as rows."""

    changes: list[dict[str, Any]]
    photos: list[dict[str, Any]]


def walks(of: Edition) -> list[Walk]:
    """Walks from poor to excellent, the same every time."""
    return [_walk(of, random.Random(n), 0.55 + 0.45 * n / DISTINCT) for n in range(DISTINCT)]


def _walk(of: Edition, chance: random.Random, good: float) -> Walk:
    codes = [each.code for each in criteria(of)]
    made = Walk([])
    for criterion in criteria(of):
        if criterion.kind != "scored":
            met = chance.random() < (good + 4) / 5
            made.sentences.append(
                _said(Said("answer", criterion.code, "met" if met else "not_met"))
            )
        for part in criterion.parts:
            target = f"{criterion.code}/{part.code}" if part.code else criterion.code
            points = sorted(step.points for step in part.steps)
            got = points[-1] if chance.random() < good else chance.choice(points)
            worth = got // 100 if got % 100 == 0 else got / 100
            made.sentences.append(_said(Said("answer", target, worth)))
    for place in chance.sample(range(len(made.sentences)), 6):  # second thoughts
        before = made.sentences[place]
        made.sentences.append(before._replace(again=place))
    for text in chance.sample(NOTES, 3):
        code = chance.choice([one for one in codes if one not in dict(made.notes)])
        made.notes.append((code, text))
        made.sentences.append(_said(Said("note", code, text)))
    for number in range(PHOTOS):
        made.sentences.append(Sentence("photo", codes[number % len(codes)], None, None))
    return made


def _said(one: Said) -> Sentence:
    return Sentence(one.kind, one.target, json.dumps(one.value, ensure_ascii=False), None)


def photo_bytes(number: int) -> bytes:
    """The bytes of the n-th photo of the country; its name is their SHA-256."""
    return f"photo {number} ".encode().ljust(PHOTO_BYTES, b".")


def photo_name(number: int) -> str:
    return hashlib.sha256(photo_bytes(number)).hexdigest()


def written(
    walk: Walk,
    audit: str,
    who: tuple[str, str],
    at: datetime,
    pack: str,
    numbers: Iterator[int],
) -> Written:
    """A walk as the lines that `who` (person, device) wrote, each naming the one before it.

    `numbers`: a place in the country for each change: ids and photos are named by it.
    """
    author, device = who
    said_at, came_at = wire(at), at + timedelta(hours=4)
    ids: list[str] = []
    found = Written([], [])
    last = "null"
    for n, (one, number) in enumerate(zip(walk.sentences, numbers, strict=False), 1):
        changed = f"{0x019A_0000_0000 + number:012x}"
        ids.append(f"{changed[:8]}-{changed[8:]}-7000-8000-{number:012x}")
        value = one.value
        if value is None:
            name = photo_name(number)
            value = (
                f'{{"sha256":"{name}","bytes":{PHOTO_BYTES},"type":"image/jpeg","width":2048,'
                f'"height":1536,"taken_at":"{said_at}","original":null,"position":null}}'
            )
            found.photos.append(
                {
                    "change_id": ids[-1],
                    "sha256": name,
                    "audit_id": audit,
                    "criterion": one.target,
                }
            )
        again = "" if one.again is None else f'"{ids[one.again]}"'
        line = (
            f'{{"v":2,"id":"{ids[-1]}","audit":"{audit}","author":"{author}",'
            f'"device":"{device}","n":{n},"prev":{last},"lam":{n},"made_at":"{said_at}",'
            f'"skew":12,"seen":null,"app":"0123456789ab","pack":"{pack}",'
            f'"kind":"{one.kind}","target":"{one.target}","value":{value},'
            f'"supersedes":[{again}]}}'
        )
        last = f'"{hashlib.sha256(line.encode()).hexdigest()}"'
        found.changes.append(
            {
                "id": ids[-1],
                "audit_id": audit,
                "seq": n,
                "line": line,
                "author": author,
                "device": device,
                "n": n,
                "lam": n,
                "kind": one.kind,
                "target": one.target,
                "made_at": at,
                "received_at": came_at,
                "kid": None,
                "signature": None,
            }
        )
    return found
