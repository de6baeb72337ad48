"""Exports out of a hat: any number of different ones, honest, made without a database."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.exports.rules import layout
from app.exports.rules.layout import (
    About,
    Epoch,
    Held,
    Manifest,
    PhotoHere,
    Photos,
    Row,
)
from app.exports.rules.reading import held_changes, masked_photos, named_photos
from app.kit.clock import wire
from app.log.rules import (
    change_entry,
    epoch_entry,
)
from tests.exports.made import Log, Made, Phone, edition
from tests.signing import Pen, sha256, written

ORIGIN = "gecc.example/log/1"
BEGIN = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PENS = [Pen() for _ in range(12)]


class Maker:
    """Makes one export out of one number."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.audit = self.uid()
        self.now = BEGIN
        self.story: list[Any] = []
        self.rows: list[Row] = []
        self.held: list[Held] = []
        self.photos: dict[str, bytes] = {}
        self.said: list[dict[str, Any]] = []
        self.lam = 0
        self.epochs = [
            Epoch(number=1, started_at=wire(BEGIN), reason="", size=0, root=Log([]).root())
        ]
        self.lost: set[tuple[int, str]] = set()
        pens = self.rng.sample(PENS, 3)
        self.phones = [
            Phone(self.uid(), self.uid(), pen, signs=False)
            for pen in pens[: self.rng.randint(1, 3)]
        ]

    def uid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def make(self) -> Made:
        made = self._begun()
        for _ in range(self.rng.choice([0, 1, 3, 6, 10, 14])):
            self._one(made)
        self._noise()
        changes = [json.loads(row.line) for row in self.rows]
        made.manifest = self._manifest(made, changes)
        return made

    def _begun(self) -> Made:
        return Made(
            audit=self.audit,
            key=Ed25519PrivateKey.from_private_bytes(self.rng.randbytes(32)),
            manifest=None,  # type: ignore[arg-type]  # made last
            phones=self.phones,
            rows=self.rows,
            held=self.held,
            photos=self.photos,
            story=self.story,
            origin=ORIGIN,
            epochs=self.epochs,
            lost=self.lost,
        )

    def _one(self, made: Made) -> None:
        self.now += timedelta(seconds=self.rng.randint(100, 4000))
        if self.rng.random() < 0.4:
            self._noise()
        phone = self.rng.choice(self.phones)
        if not phone.signs and self.rng.random() < 0.7:
            phone.signs = True
            phone.marks.append(("enrolled", wire(self.now)))
            self.story.append((phone.device, 0))
            self.now += timedelta(seconds=200)
        if len(self.epochs) == 1 and self.rng.random() < 0.04 and self.story:
            self._restore(made)
        change = self._change(phone, made)
        line = written(change)
        phone.lines.append(line)
        signature = phone.pen.sign(line) if phone.signs else None
        if self.rng.random() < 0.1:
            self._hold(phone, line, signature)
            return
        self.said.append(change)
        seq = len(self.rows) + 1
        kid = phone.pen.kid if phone.signs else None
        self.rows.append(Row(seq, wire(self.now), kid, signature, line))
        self.story.append(("row", seq))

    def _noise(self) -> None:
        """What other audits put into the log."""
        for _ in range(self.rng.randint(1, 4)):
            digest = self.rng.randbytes(32).hex()
            self.story.append(change_entry(self.uid(), 1, wire(self.now), digest))

    def _restore(self, made: Made) -> None:
        """The server comes back from a backup; phones may have seen entries that are gone."""
        log = Log(made.entries())
        if self.rng.random() < 0.5:
            self.lost.add((log.size + 3, self.rng.randbytes(32).hex()))
        reason = "restored"
        self.epochs.append(
            Epoch(
                number=2,
                started_at=wire(self.now),
                reason=reason,
                size=log.size,
                root=log.root(),
            )
        )
        self.story.append(epoch_entry(2, wire(self.now), reason))
        made.origin = "gecc.example/log/2"

    def _change(self, phone: Phone, made: Made) -> dict[str, Any]:
        self.lam += 1
        kind, target, value = self._saying()
        change = {
            "v": 1, "id": self.uid(), "audit": self.audit, "author": phone.person,
            "device": phone.device, "n": len(phone.lines) + 1, "lam": self.lam,
            "made_at": wire(self.now - timedelta(minutes=3)), "skew": None, "app": "test",
            "pack": "0" * 64, "kind": kind, "target": target, "value": value, "supersedes": [],
        }  # fmt: skip
        if phone.signs:
            seen = None
            if self.lost and self.rng.random() < 0.3:
                seen = "{} {}".format(*next(iter(self.lost)))
            elif self.rng.random() < 0.5:
                log = Log(made.entries())
                seen = f"{log.size} {log.root()}"
            before = sha256(phone.lines[-1]) if phone.lines else None
            change |= {"v": 2, "prev": before, "seen": seen}
        if kind in {"answer", "note"}:
            change["supersedes"] = [
                each["id"]
                for each in self.said
                if (each["kind"], each["target"]) == (kind, target) and self.rng.random() < 0.6
            ]
        return change

    def _saying(self) -> tuple[str, str, Any]:
        criterion = self.rng.choice(list(edition().criteria))
        photos = [each for each in self.said if each["kind"] == "photo"]
        roll = self.rng.random()
        if roll < 0.25:
            return "photo", criterion.code, self._photo(photos)
        if roll < 0.35:
            return "note", criterion.code, self.rng.choice(["ดีมาก", "ชำรุด <b>&", ""])
        if roll < 0.42 and photos:
            return "caption", self.rng.choice(photos)["id"], "ป้ายหน้าอาคาร"
        if roll < 0.48 and photos:
            return "photo-removed", self.rng.choice(photos)["id"], {"reason": "ซ้ำ"}
        if roll < 0.56:
            return self._other(criterion.code)
        if criterion.kind == "scored":
            part = self.rng.choice(criterion.parts)
            points = self.rng.choice(part.steps).points
            number = points // 100 if points % 100 == 0 else points / 100
            return "answer", criterion.target_of(part.code), number
        return "answer", criterion.code, self.rng.choice(["met", "not_met"])

    def _other(self, criterion: str) -> tuple[str, str, Any]:
        """A document, a link, one of them taken out, or what no release knows."""
        what = self.rng.choice(["attachment", "link", "removed", "unheard-of"])
        brought = [each for each in self.said if each["kind"] in {"attachment", "link"}]
        if what == "removed" and brought:
            one = self.rng.choice(brought)
            return f"{one['kind']}-removed", one["id"], {"reason": "ฉบับเก่า <b>"}
        if what == "attachment":
            data = b"%PDF-1.7 " + self.rng.randbytes(self.rng.randint(20, 400))
            digest = layout.sha256_hex(data)
            if self.rng.random() < 0.85:
                self.photos[digest] = data
            value = {"sha256": digest, "bytes": len(data), "type": "application/pdf"}
            return what, criterion, value | {"name": "คำสั่ง & อื่น.pdf"}
        if what == "link":
            return what, criterion, {"url": "https://example.go.th/?a=1&b", "title": "<i>"}
        return "unheard-of", "x", {"a": [1, 2.5]}

    def _photo(self, photos: list[dict[str, Any]]) -> dict[str, Any]:
        data = b"\xff\xd8" + self.rng.randbytes(self.rng.randint(20, 400))
        digest = layout.sha256_hex(data)
        if self.rng.random() < 0.85:
            self.photos[digest] = data
        value = {
            "sha256": digest, "bytes": len(data), "type": "image/jpeg", "width": 4, "height": 3,
            "taken_at": None, "original": None, "position": None,
        }  # fmt: skip
        if photos and self.rng.random() < 0.3:
            before = self.rng.choice(photos)
            how = self.rng.choice(["masked", "annotated"])
            of = {"how": how, "change": before["id"], "sha256": before["value"]["sha256"]}
            value |= {"source": "camera", "of": of}
        return value

    def _hold(self, phone: Phone, line: str, signature: str | None) -> None:
        data = line.encode() if phone.signs or self.rng.random() < 0.7 else b"\xff{nonsense"
        if data == b"\xff{nonsense":
            phone.lines.pop()
        self.held.append(
            Held(
                line=base64.b64encode(data).decode(),
                code="audit.closed",
                th="ปิดแล้ว",
                en="Closed.",
                person=phone.person,
                device=phone.device,
                kid=phone.pen.kid if signature else None,
                signature=signature,
                received_at=wire(self.now),
                kept_at=None,
            )
        )

    def _manifest(self, made: Made, changes: list[dict[str, Any]]) -> Manifest:
        held = held_changes([layout.unbase(each.line) for each in self.held])
        parsed = held_changes(row.line.encode() for row in self.rows)
        named = named_photos([*parsed, *held])
        withheld = masked_photos(parsed) & named if self.rng.random() < 0.7 else set()
        here = sorted((named & set(self.photos)) - withheld)
        about = About(
            id=self.audit,
            kind=self.rng.choice(["visit", "self"]),
            office={"code": "PJO-50", "name": {"th": "สำนักงาน <เชียงใหม่>", "en": "Chiang Mai"}},
            round={"name": {"th": "รอบ", "en": "Round"}, "fiscal_year": 2570},
            planned_on=self.rng.choice([None, "2026-11-24"]),
            stage=self.rng.choice(["open", "closed"]),
            head=len(self.rows),
        )
        return Manifest(
            format=1,
            app="test",
            made_at=wire(self.now),
            audit=about,
            edition=edition().sha256,
            photos=Photos(
                here=tuple(
                    PhotoHere(sha256=sha, bytes=len(self.photos[sha]), type="image/jpeg")
                    for sha in here
                ),
                missing=tuple(sorted(named - set(here) - withheld)),
                withheld=tuple(sorted(withheld)),
            ),
            people={
                phone.person: {"th": f"คน {number}", "en": f"Person {number}"}
                for number, phone in enumerate(self.phones)
            },
            devices={phone.device: "Chrome · Android" for phone in self.phones},
        )


def make(seed: int) -> Made:
    """The export of this number: always the same, but for its signatures."""
    return Maker(seed).make()
