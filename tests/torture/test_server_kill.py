"""`kill -9` at random instants: what was acknowledged is there, whole, once.

A kill loses nothing that was written, only what was not: what a power cut does is tried in
test_power_cut.py.
"""

import json
import random
import urllib.request
from pathlib import Path

import pytest

from app.kit.database import make_engine
from tests.audits.world import World
from tests.journeys.conftest import free_port
from tests.torture import figures
from tests.torture.forge import Command, Forge, environment, gently, words
from tests.torture.phones import Ledger, Sender
from tests.torture.promises import faults
from tests.torture.scale import SCALE

PHONES = 4
PLANTS = {
    "bytes_later": "is not whole on the disk",
    "commit_later": "is not kept as it was sent",
    "forgets_what_it_knows": "POST 409",
}


class Battle:
    """Phones, a server that is killed again and again, and what it acknowledged."""

    def __init__(self, folder: Path, url: str, seed: int, plant: str | None = None) -> None:
        self.data_dir = folder / "var"
        self.url = url
        self.plant = plant
        self.port = free_port()
        self.chance = random.Random(seed)
        self.ledger = Ledger()
        engine = make_engine(url)
        self.world = World(engine)
        people = ("lead", "second", "lead", "editor")
        audits = (self.world.visit, self.world.visit, self.world.visit, self.world.own)
        self.senders = [
            Sender(self.world.phone(person), audit, self.port, self.ledger, seed + number)
            for number, (person, audit) in enumerate(zip(people, audits, strict=True))
        ]
        engine.dispose()

    def fight(self, forge: Forge, kills: int) -> list[str]:
        """Kill so many times; what is wrong, looked for now and then and at the end."""
        for sender in self.senders:
            sender.start()
        try:
            for number in range(1, kills + 1):
                server = self._start(forge)
                self._let_live()
                server.kill()
                if (self.plant or number % 25 == 0) and (found := self.faults()):
                    return found
            return self._finish(self._start(forge))
        finally:
            for sender in self.senders:
                sender.enough.set()
                sender.give_up.set()
            for sender in self.senders:
                sender.join()

    def faults(self) -> list[str]:
        """What the server acknowledged and does not have as it should, read off its disk."""
        lines, photos = dict(self.ledger.lines), set(self.ledger.photos)
        return [*self.ledger.wrong, *faults(self.url, self.data_dir, lines, photos)]

    def _let_live(self) -> None:
        """Until a few more things were acknowledged, and then any instant longer.

        Counted rather than timed: a busy machine must not make this an easy test.
        """
        few = self._acknowledged() + self.chance.randint(0, 12)
        for _ in range(500):
            if self._acknowledged() >= few:
                break
            gently(0.01)
        gently(self.chance.uniform(0, 0.06))

    def _acknowledged(self) -> int:
        return len(self.ledger.lines) + len(self.ledger.photos)

    def _start(self, forge: Forge) -> Command:
        server = forge.start(*words(self.port), plant=self.plant)
        server.answers(self.port)
        return server

    def _finish(self, server: Command) -> list[str]:
        """Every phone gets rid of what it has begun, and what it sent can be seen."""
        for sender in self.senders:
            sender.enough.set()
        for sender in self.senders:
            sender.join(60)
        late = [f"phone {each.seed} is not done" for each in self.senders if each.is_alive()]
        some = sorted(self.ledger.photos.items())[:: max(1, len(self.ledger.photos) // 40)]
        unseen = [name for name, phone in some if not self._shows(name, phone.key)]
        server.kill()
        return [*late, *(f"photo {name} cannot be seen" for name in unseen), *self.faults()]

    def _shows(self, name: str, key: dict[str, str]) -> bool:
        """Whether whoever sent a photo hears that it is here, and is shown its picture."""
        at = f"http://127.0.0.1:{self.port}"
        body = json.dumps({"sha256s": [name]}).encode()
        ask = urllib.request.Request(f"{at}/api/photos/status", body, key)
        look = urllib.request.Request(f"{at}/photos/{name}/200.jpg", headers=key)
        with urllib.request.urlopen(ask, timeout=30) as answer:
            here = json.load(answer)["photos"][name] == "all"
        with urllib.request.urlopen(look, timeout=30) as picture:
            return here and bool(picture.read(3) == b"\xff\xd8\xff")


def test_no_kill_loses_what_was_acknowledged(tmp_path: Path, database_url: str) -> None:
    kills = (50 if database_url.startswith("sqlite") else 10) * SCALE
    battle = Battle(tmp_path, database_url, seed=1)
    with Forge(tmp_path, environment(battle.data_dir, database_url)) as forge:
        assert battle.fight(forge, kills) == []
        assert forge.run("log", "check") == 0, forge.log.read_text()[-2000:]
    changes, photos = len(battle.ledger.lines), len(battle.ledger.photos)
    figures.tell("kill -9 of the server", kills=kills, changes=changes, photos=photos)
    assert changes > kills
    assert photos > kills / 5


@pytest.mark.parametrize(("plant", "fault"), PLANTS.items())
def test_a_build_that_is_careless_is_found_out(
    tmp_path: Path, database_url: str, plant: str, fault: str
) -> None:
    battle = Battle(tmp_path, database_url, seed=2, plant=plant)
    with Forge(tmp_path, environment(battle.data_dir, database_url)) as forge:
        found = battle.fight(forge, 12)
    assert any(fault in each for each in found), found
