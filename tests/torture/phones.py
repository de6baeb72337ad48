"""Phones that push changes and photos over HTTP, whatever happens to the server meanwhile."""

import hashlib
import io
import json
import random
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from PIL import Image

from app.evidence.rules import CHUNK
from tests.audits.world import Phone

TARGETS = [f"P{number:02}" for number in range(1, 13)]


@dataclass
class Ledger:
    """What the server acknowledged, to all phones together; and what it said that is wrong."""

    lines: dict[str, str] = field(default_factory=dict)
    photos: dict[str, Phone] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Sender(threading.Thread):
    """One phone at one visit; goes on until told to stop and done with what it has begun."""

    def __init__(self, phone: Phone, audit: str, port: int, ledger: Ledger, seed: int) -> None:
        super().__init__(daemon=True)
        self.phone, self.audit, self.port, self.ledger = phone, audit, port, ledger
        self.chance = random.Random(seed)
        self.seed = seed
        self.enough = threading.Event()
        self.give_up = threading.Event()

    def run(self) -> None:
        """Send, and send again what was not acknowledged, as a phone does."""
        while not self.enough.is_set():
            if self.chance.random() < 0.4:
                self._photo()
            else:
                count = self.chance.randint(1, 6)
                self._push([self._answer() for _ in range(count)])

    def _answer(self) -> str:
        value = self.chance.choice(["met", "not_met"])
        target = self.chance.choice(TARGETS)
        return self.phone.line(self.audit, "answer", target, value)

    def _photo(self) -> None:
        data = picture(self.chance)
        name = hashlib.sha256(data).hexdigest()
        self._push([self.phone.photo(self.audit, data)])
        pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
        order = list(range(len(pieces)))
        self.chance.shuffle(order)
        have: Any = []
        while have != "all" and not self.give_up.is_set():
            for index in order:
                checksum = hashlib.sha256(pieces[index]).hexdigest()
                said = self._ask(
                    "PUT",
                    f"/api/photos/{name}/{index}?total={len(pieces)}&sum={checksum}",
                    pieces[index],
                )
                have = said["have"] if said else []
                if have == "all":
                    self.ledger.photos[name] = self.phone
                    break

    def _push(self, lines: list[str]) -> None:
        body = {
            "device": self.phone.device,
            "audit": self.audit,
            "from": self.phone.n,
            "upto": self.phone.n,
            "changes": lines,
            "now": None,
        }
        # Now and then the receipt is lost, and all of it goes once more.
        for _ in range(2 if self.chance.random() < 0.2 else 1):
            said = self._ask("POST", "/api/sync/push", json.dumps(body).encode())
            if said is None:
                return
            for line, (name, verdict, *_rest) in zip(lines, said["results"], strict=True):
                if verdict in {"kept", "known"}:
                    self.ledger.lines[name] = line
                else:
                    self.ledger.wrong.append(f"{verdict}: {_rest}")

    def _ask(self, method: str, path: str, body: bytes) -> Any:
        """The answer's JSON, after as many tries as it takes; None once given up."""
        tries = 0
        while not self.give_up.is_set():
            connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request(method, path, body, self.phone.key)
                answer = connection.getresponse()
                said = answer.read()
            except (OSError, HTTPException):
                time.sleep(0.005)  # it was killed, or has not come back yet
                continue
            finally:
                connection.close()
            if answer.status == 200:
                return json.loads(said)
            tries += 1
            if answer.status < 500 or tries > 100:
                self.ledger.wrong.append(f"{method} {answer.status} {said[:300]!r}")
                return None
        return None


def picture(chance: random.Random) -> bytes:
    """A photo of its own, of one chunk or of several."""
    out = io.BytesIO()
    image = Image.new("RGB", (40, 40), tuple(chance.randbytes(3)))
    image.save(out, "JPEG", comment=chance.randbytes(8))
    data = out.getvalue()
    if chance.random() < 0.3:  # what stands between its segments belongs to the file as well
        padding = b"\xff\xfe\xff\xff" + chance.randbytes(65533).replace(b"\xff", b"\0")
        data = data[:2] + padding * chance.randint(5, 9) + data[2:]
    return data
