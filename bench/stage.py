"""Where the benches play: a served world and a browser, made when first asked for."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

import psutil
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.world import Phone, make_phones
from tests.journeys.conftest import CHROMIUM, FLAGS, PHONE, Server, make_server


class Stage:
    """One folder, one server process, one browser; all gone when the stage closes."""

    def __init__(self, ends: ExitStack) -> None:
        self._ends = ends

    @cached_property
    def folder(self) -> Path:
        return Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="gecc-bench-")))

    @cached_property
    def server(self) -> Server:
        """The product with the invented world, served."""
        server = make_server(self.folder / "data")
        server.fill()
        server.start()
        self._ends.callback(self.end)
        return server

    @property
    def database(self) -> str:
        """The server's database, for making rows that no bench measures."""
        return f"sqlite:///{self.server.data / 'gecc.sqlite3'}"

    def phones(self, count: int, username: str = "lead1") -> list[Phone]:
        return make_phones(self.database, count, username)

    def process(self) -> psutil.Process:
        """The server's process."""
        running = self.server.process
        assert running is not None
        return psutil.Process(running.pid)

    def restart(self) -> None:
        """A fresh server process on the same data."""
        self.end()
        self.server.start()

    def end(self) -> None:
        """Stop the server; one that does not listen is killed, so that none is left behind."""
        try:
            self.server.stop()
        except subprocess.TimeoutExpired:
            self.server.stop(signal.SIGKILL)

    @cached_property
    def browser(self) -> Browser:
        player = self._ends.enter_context(sync_playwright())
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        self._ends.callback(browser.close)
        return browser

    def visitor(self) -> BrowserContext:
        """A fresh phone in Thai."""
        context = self.browser.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            has_touch=True,
        )
        context.set_default_timeout(20_000)
        return context


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage that leaves neither files nor processes."""
    with ExitStack() as ends:
        yield Stage(ends)


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time a process and its living children have used, user and system."""
    everyone = [process, *process.children(recursive=True)]
    spent = [one.cpu_times() for one in everyone]
    return float(sum(times.user + times.system for times in spent))
