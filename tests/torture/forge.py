"""Orders to the smith: start a `gecc` command, kill it at any instant, hear how it ended."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Forge:
    """A smith at work, with an environment for all that he starts."""

    def __init__(
        self, folder: Path, environment: dict[str, str], disk: tuple[Path, int] | None = None
    ) -> None:
        self.log = folder / "commands.log"
        self.environment = environment
        self.disk = disk

    def __enter__(self) -> Self:
        """Hire the smith.

        With `disk` he gets a small disk at this path, of so many bytes, which nobody else
        sees; where the system gives him none, the test is skipped.
        """
        alone = []
        if self.disk:
            alone = ["unshare", "-m" if os.geteuid() == 0 else "-rm"]
        where = [str(self.disk[0]), str(self.disk[1])] if self.disk else []
        self.smith = subprocess.Popen(
            [*alone, sys.executable, "-m", "tests.torture.smith", *where],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self._answer()
        except ValueError:
            self.__exit__()
            pytest.skip("this system lets nobody mount a small disk (unshare, mount)")
        return self

    def seen(self, path: Path) -> Path:
        """A path on the smith's disk as others reach it."""
        return Path(f"/proc/{self.smith.pid}/root{path}")

    def __exit__(self, *_: object) -> None:
        assert self.smith.stdin
        assert self.smith.stdout
        self.smith.stdin.close()
        self.smith.wait(10)
        self.smith.stdout.close()

    def start(self, *words: str, plant: str | None = None) -> "Command":
        """Start a command; `plant` breaks one step of it first (tests.torture.planted)."""
        order = {
            "words": words,
            "environment": self.environment,
            "log": str(self.log),
            "plant": plant,
        }
        return Command(self, self._tell(order))

    def run(self, *words: str) -> int:
        """Run a command to its end; its exit code."""
        return self.start(*words).wait()

    def _tell(self, order: dict[str, Any]) -> int:
        assert self.smith.stdin
        self.smith.stdin.write(json.dumps(order) + "\n")
        self.smith.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self.smith.stdout
        return int(self.smith.stdout.readline())


@dataclass
class Command:
    """A command that was started."""

    forge: Forge
    pid: int

    def kill(self) -> None:
        """`kill -9`: it gets no word in."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self.forge._tell({"wait": self.pid})

    def ended(self) -> bool:
        """Whether it has ended, though nobody heard how yet."""
        status = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        return status == "Z"

    def answers(self, port: int) -> None:
        """Return when this server answers; fails loudly if it does not come up."""
        for _ in range(2000):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            except OSError:
                assert not self.ended(), self.forge.log.read_text()[-3000:]
                time.sleep(0.01)
            else:
                return
        raise AssertionError("the server did not start")


def gently(seconds: float) -> None:
    """Let the world go on for a moment of this length."""
    time.sleep(seconds)


def environment(data_dir: Path, url: str) -> dict[str, str]:
    """What a command needs to know of its data."""
    return {"GECC_DATA_DIR": str(data_dir), "GECC_DATABASE_URL": url, "GECC_ORIGIN": ""}


def words(port: int) -> Sequence[str]:
    """The command that serves."""
    return ("serve", "--port", str(port))
