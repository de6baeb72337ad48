"""A real server on loopback with the invented world, and a real Chromium to visit it with."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from app.accounts.rules import DEMO_PASSWORD as PASSWORD

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
HESITANT = os.environ.get("GECC_HESITANT", "")
"""A number: the seed of phones on which everything takes longer than usual."""
PATIENCE = 45_000 if HESITANT else 15_000  # where CI runs may be slow
expect.set_options(timeout=PATIENCE)
LONG = ("test_thin_road.py", "test_whole_story.py")
"""Told first: whichever of two browsers tells them last would tell them alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long journeys before the others, each file together."""
    items.sort(key=lambda item: item.path.name not in LONG)


@dataclass
class Server:
    """The product, served by its own command in a process of its own."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    tree: Path = ROOT

    @property
    def url(self) -> str:
        """The address; localhost, so that the browser grants a secure context."""
        return f"http://localhost:{self.port}"

    def run(self, *words: str) -> None:
        """Run a `gecc` command against this server's data."""
        command = [sys.executable, "-m", "app.cli", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def fill(self) -> None:
        """Put the invented world into the empty folder."""
        for words in (["migrate"], ["load"], ["seed", "--if-empty", "--walk-only"]):
            self.run(*words)

    def start(self) -> None:
        """Serve, and return when it answers."""
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port)]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.tree, env=self.environment, stdout=log, stderr=log
            )
        for _ in range(900):
            try:
                urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}/healthz", timeout=2
                ).read()
            except OSError:
                assert self.process.poll() is None, (self.data / "server.log").read_text()
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not start")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the server, by default politely."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process = None


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_server(data: Path) -> Server:
    """A server of the product's own defaults in an empty folder, not yet started."""
    server = Server(data, free_port())
    server.environment = {
        **os.environ, "GECC_DATA_DIR": str(data), "GECC_DATABASE_URL": "", "GECC_DEMO": "1",
    }  # fmt: skip
    return server


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the invented world, made once by the product's own commands."""
    folder = tmp_path_factory.mktemp("world")
    make_server(folder).fill()
    return folder


@pytest.fixture(scope="module")
def server(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server per story file, in a world of its own."""
    made = make_server(tmp_path_factory.mktemp("server"))
    shutil.copytree(world, made.data, dirs_exist_ok=True)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens fresh browsers: `visitor()` a phone in Thai, `visitor(viewport=DESK)` a desk."""
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        wanted = {"viewport": PHONE, "locale": "th-TH", "timezone_id": "Asia/Bangkok"} | options
        context = browser.new_context(**wanted)  # type: ignore[arg-type]  # a mapping of keywords
        context.set_default_timeout(PATIENCE)
        if HESITANT:
            script = (Path(__file__).parent / "hesitant.js").read_text()
            context.add_init_script(script.replace("SEED", str(int(HESITANT))))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


def sign_in(page: Page, server: Server, username: str, next_page: str = "/walk") -> None:
    """Sign in through the form, as a person does."""
    page.goto(f"{server.url}/sign-in?next={next_page}")
    fill_in(page, username)


def fill_in(page: Page, username: str) -> None:
    """Fill in the sign-in form that stands on screen, send it, and wait to be inside."""
    page.get_by_label("ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")


@pytest.fixture
def screen() -> Callable[..., None]:
    """Takes a picture for docs/screens when GECC_SCREENS is set; else looks and forgets.

    Of the top of the page, or from `top` on, a selector.
    """

    def take(page: Page, name: str, top: str = "body") -> None:
        page.locator(top).first.evaluate("each => each.scrollIntoView()")
        picture = page.screenshot()
        assert len(picture) > 5_000, "an empty page"
        if os.environ.get("GECC_SCREENS"):
            folder = ROOT / "docs" / "screens"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.png").write_bytes(picture)

    return take
