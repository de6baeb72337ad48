"""The vault in a real Chromium: reload, kill -9, two tabs, a torn tail, a wiped IndexedDB."""

import io
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests.journeys.conftest import CHROMIUM, FLAGS

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
PERSON = "0190f0f0-0000-7000-8000-0000000000a1"
AUDIT = "0190f0f0-0000-7000-8000-00000000aaaa"
PAGE = f"""<!doctype html><html lang="th"><meta charset="utf-8"><title>vault</title>
<script type="module">
import {{ Vault }} from "/static/js/vault/vault.js";
const vault = await Vault.open("{PERSON}");
if (!vault.device) await vault.setRecord("device", JSON.stringify({{ device: "{PERSON}" }}));
const pack = "{"a" * 64}";
const draft = (value) => ({{ kind: "answer", target: "Q1.1", value, supersedes: [], pack }});
window.acked = [];
window.vault = vault;
window.say = async (value) => {{
  const {{ change, saved }} = await vault.append("{AUDIT}", draft(value));
  window.acked.push(change.id);
  return [change.n, saved];
}};
window.held = () => vault.entries("{AUDIT}").map(({{ change }}) => [change.n, change.id]);
await vault.ready;
window.open_ = true;
</script></html>"""


class Quiet(SimpleHTTPRequestHandler):
    """The work tree's static files and one page, without a word to the terminal."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Phone:
    """A browser profile that outlives its browser."""

    def __init__(self, playwright: Playwright, site: str, profile: Path) -> None:
        self.playwright, self.site, self.profile = playwright, site, profile
        self.context: BrowserContext | None = None

    def on(self) -> Page:
        """Start the browser and open the page."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
        )
        return self.tab()

    def tab(self) -> Page:
        """Open one more tab."""
        assert self.context
        page = self.context.new_page()
        page.goto(self.site)
        page.wait_for_function("window.open_")
        return page

    def off(self) -> None:
        """Close the browser as people do."""
        if self.context:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """End every process of this profile at once, as a phone short of memory does."""
        mark = f"--user-data-dir={self.profile}".encode()
        parents = {pid for pid in _pids() if mark in _read(f"/proc/{pid}/cmdline")}
        for pid in parents | {pid for pid in _pids() if _parent(pid) in parents}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            self.off()
        except Error:
            self.context = None
        (self.profile / "SingletonLock").unlink(missing_ok=True)


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _parent(pid: int) -> int:
    status = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return int(status[1]) if len(status) > 1 else 0


@pytest.fixture
def phone(playwright: Playwright, site: str, tmp_path: Path) -> Iterator[Phone]:
    phone = Phone(playwright, site, tmp_path / "profile")
    yield phone
    phone.off()


def test_what_is_saved_is_there_after_a_reload(phone: Phone) -> None:
    page = phone.on()
    assert page.evaluate("say(2)") == [1, "both"]
    assert page.evaluate("say('met')") == [2, "both"]
    page.reload()
    page.wait_for_function("window.open_")
    assert [n for n, _ in page.evaluate("held()")] == [1, 2]
    assert page.evaluate("vault.selfTest()") == {"journal": True, "mirror": True}


def test_killing_the_browser_loses_nothing_that_was_acknowledged(phone: Phone) -> None:
    acknowledged: set[str] = set()
    for round_ in range(4):
        page = phone.on()
        held = page.evaluate("held()")
        assert acknowledged <= {change for _, change in held}
        assert [n for n, _ in held] == list(range(1, len(held) + 1))
        page.evaluate("void (async () => { for (let i = 0; ; i += 1) await say(i % 3); })()")
        time.sleep(0.4 + 0.15 * round_)
        acknowledged |= set(page.evaluate("acked"))
        phone.kill()
    assert acknowledged <= {change for _, change in phone.on().evaluate("held()")}
    assert len(acknowledged) > 20


def test_two_tabs_at_once_number_without_gap_or_double(phone: Phone) -> None:
    tabs = [phone.on(), phone.tab()]
    burst = "void (window.done = Promise.all(Array.from({ length: 60 }, (_, i) => say(i))))"
    for tab in tabs:
        tab.evaluate(burst)
    numbers = [n for tab in tabs for n, _ in tab.evaluate("done")]
    assert sorted(numbers) == list(range(1, 121))
    for tab in tabs:
        tab.wait_for_function("held().length === 120")
        assert [n for n, _ in tab.evaluate("held()")] == list(range(1, 121))


JOURNAL = f"""async (change) => {{
  const root = await navigator.storage.getDirectory();
  const home = await (await root.getDirectoryHandle("vault")).getDirectoryHandle("{PERSON}");
  const file = await home.getFileHandle("journal");
  const size = (await file.getFile()).size;
  const writer = await file.createWritable({{ keepExistingData: true }});
  const torn = {{ type: "write", position: size, data: 'C {{"v":1,' }};
  if (change === "tear") await writer.write(torn);
  else await writer.truncate(0);
  await writer.close();
}}"""


def test_a_torn_tail_is_counted_and_a_lost_journal_is_written_anew(phone: Phone) -> None:
    page = phone.on()
    page.evaluate("say(1)")
    page.evaluate(JOURNAL, "tear")
    page.reload()
    page.wait_for_function("window.open_")
    assert page.evaluate("vault.health.torn") == 1
    assert page.evaluate("say(2)") == [2, "both"]
    page.evaluate(JOURNAL, "lose")
    page.reload()
    page.wait_for_function("window.open_")
    assert page.evaluate("vault.health.refilled") == "journal"
    assert [n for n, _ in page.evaluate("held()")] == [1, 2]
    assert page.evaluate("say(0)") == [3, "both"]


def test_a_wiped_indexeddb_is_filled_again_from_the_journal(phone: Phone) -> None:
    page = phone.on()
    for value in range(3):
        page.evaluate("(value) => say(value)", value)
    page.evaluate(
        "(name) => new Promise((done) => {"
        " indexedDB.deleteDatabase(name).onsuccess = () => done(); })",
        f"vault-{PERSON}",
    )
    page.reload()
    page.wait_for_function("window.open_")
    assert page.evaluate("vault.health.refilled") == "mirror"
    assert len(page.evaluate("held()")) == 3
    page.reload()
    page.wait_for_function("window.open_")
    assert page.evaluate("vault.health.refilled") is None


# Photos, in the worker that decodes them

MAKE = """async ([bytes, keepOriginal]) => {
  const { Hand } = await import("/static/js/vault/hand.js");
  const worker = new Worker("/static/js/worker/photo-worker.js", { type: "module" });
  const hand = new Hand(worker);
  const buffer = new Uint8Array(bytes).buffer;
  try {
    const made = await hand.ask("make", { bytes: buffer, longSide: 2048, keepOriginal });
    return { told: made.told, bytes: [...new Uint8Array(made.bytes)],
      thumb: [...new Uint8Array(made.thumb)] };
  } catch (error) {
    return { code: error.code };
  } finally {
    hand.close();
  }
}"""


def make(page: Page, data: bytes, *, keep: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = page.evaluate(MAKE, [list(data), keep])
    return made


def jpeg(size: tuple[int, int], orientation: int | None = None) -> bytes:
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        exif.get_ifd(0x8769)[0x9003] = "2026:11:24 10:00:00"
        exif.get_ifd(0x8769)[0x9011] = "+07:00"
    data = io.BytesIO()
    picture.save(data, "JPEG", exif=exif, quality=80)
    return data.getvalue()


def test_a_photo_is_turned_shrunk_and_keeps_what_the_camera_said(phone: Phone) -> None:
    made = make(phone.on(), jpeg((4000, 3000), orientation=6))
    told = made["told"]
    assert (told["width"], told["height"]) == (1536, 2048)
    assert told["taken_at"] == "2026-11-24T10:00:00+07:00"
    assert told["original"]["type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(bytes(made["bytes"])))
    assert picture.size == (1536, 2048)
    assert picture.getexif()[0x0112] == 1
    assert picture.getexif().get_ifd(0x8769)[0x9003] == "2026:11:24 10:00:00"
    # The blue quarter was top left before the turn, so it is top right after it.
    assert picture.convert("RGB").crop((1400, 20, 1401, 21)).tobytes()[2] > 200
    assert max(Image.open(io.BytesIO(bytes(made["thumb"]))).size) == 320


def test_a_small_photo_and_a_kept_original_go_as_they_are(phone: Phone) -> None:
    page = phone.on()
    small = jpeg((800, 600))
    assert bytes(make(page, small)["bytes"]) == small
    large = jpeg((3000, 2000), orientation=3)
    kept = make(page, large, keep=True)
    assert bytes(kept["bytes"]) == large
    assert (kept["told"]["original"], kept["told"]["width"]) == (None, 3000)


def test_forty_megapixels_are_survived(phone: Phone) -> None:
    told = make(phone.on(), jpeg((7300, 5500)))["told"]
    assert (told["width"], told["height"]) == (2048, 1543)


def test_other_pictures_become_jpeg_and_heic_goes_as_it_is(phone: Phone) -> None:
    page = phone.on()
    data = io.BytesIO()
    Image.new("RGBA", (50, 40), (0, 0, 0, 0)).save(data, "PNG")
    made = make(page, data.getvalue())
    assert made["told"]["type"] == "image/jpeg"
    assert Image.open(io.BytesIO(bytes(made["bytes"]))).getpixel((5, 5)) == (255, 255, 255)
    heic = b"\0\0\0\x18ftypheic" + bytes(200)
    made = make(page, heic)
    assert (made["told"]["type"], made["told"]["width"]) == ("image/heic", None)
    assert bytes(made["bytes"]) == heic


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and more", "not-an-image"),
        (b"\xff\xd8\xff\xe0 no picture", "unreadable"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(phone: Phone, data: bytes, code: str) -> None:
    assert json.dumps(make(phone.on(), data)) == json.dumps({"code": code})
