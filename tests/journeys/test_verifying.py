"""Anybody checks a certificate on a phone: once with a network, then without."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session

from app.accounts.models import Person
from app.certification.actions.moving import move
from app.certification.rules.base32 import base32
from app.kit import clock
from app.kit.database import make_engine
from app.settings import Settings
from tests import make
from tests.certification.issued import Central
from tests.journeys import axe, walking
from tests.journeys.conftest import Server, sign_in

pytestmark = pytest.mark.journey
VALID = "ใบรับรองนี้ใช้ได้"
HELD = """async () => {
  const base = await new Promise((done) => {
    const request = indexedDB.open("verify", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => done(request.result);
  });
  const list = await new Promise((done) => {
    const request = base.transaction("kept").objectStore("kept").get("list");
    request.onsuccess = () => done(request.result);
  });
  base.close();
  return list ? list.size : 0;
}"""
SHELL = "async () => !!(await caches.match('/v/offline'))"
READY = "() => navigator.serviceWorker.ready.then((one) => one.active?.state === 'activated')"


@dataclass
class Issued:
    """Two certificates of one server, and an approver who may move them."""

    settings: Settings
    codes: list[str]
    numbers: list[str]
    approver: str

    def suspend(self, number: str) -> None:
        """Suspend a certificate, by the server's own action."""
        with at_the_server(self.settings) as session:
            by = make.caller(session, session.get_one(Person, self.approver))
            move(
                session, number, "suspend", by=by, at=clock.utc_now(), reason="ตรวจสอบข้อร้องเรียน"
            )


@contextmanager
def at_the_server(settings: Settings) -> Iterator[Session]:
    """The server's own database, while it runs; committed at the end."""
    engine = make_engine(settings.database)
    try:
        with Session(engine) as session:
            yield session
            session.commit()
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def issued(server: Server) -> Issued:
    """Certificates signed by a key that the server's own command made."""
    server.run("keys", "new")
    settings = Settings(_env_file=None, data_dir=server.data, database_url="")
    with at_the_server(settings) as session:
        central = Central(session)
        at = clock.utc_now()
        levels = {"PJO-14": "EXCELLENCE", "PJO-50": "ADVANCED"}
        of = make.round_(session, offices=levels, name_th="รอบที่ออกใบรับรองแล้ว")
        rows = [
            central.certify(settings, office, level, in_round=of, at=at)
            for office, level in levels.items()
        ]
        return Issued(
            settings,
            [base32(row.cose) for row in rows],
            [row.number for row in rows],
            central.third.id,
        )


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """While the server does not answer."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """While this browser has no network."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)


@contextmanager
def portal(port: int, status: int) -> Iterator[None]:
    """A hotel's network in the server's place: every address is its own sign-in page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if status == 302 and self.path != "/hotel":
                self.send_response(302)
                self.send_header("Location", "/hotel")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Hotel</title><h1>Free Wi-Fi</h1>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", port), Page)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    try:
        yield
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


def until(page: Page, script: str, least: int = 1) -> int:
    """Ask the page again and again until it answers with so large a number."""
    for _ in range(300):
        found = int(page.evaluate(script))
        if found >= least:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(script)


def visit(page: Page, server: Server, path: str = "/v") -> int:
    """Open a page and wait until the phone can do without a network; the list's log size."""
    page.goto(server.url + path)
    return ready(page)


def ready(page: Page) -> int:
    """Wait until the phone can do without a network; the log size of the list it holds."""
    until(page, READY)
    until(page, SHELL)
    return until(page, HELD)


def verdict(page: Page, words: str) -> None:
    """The large words of the page that checks on the device."""
    expect(page.locator("[data-slot=headline]")).to_have_text(words)


def test_a_visitors_phone_is_not_sent_the_walk_until_it_walks(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext]
) -> None:
    phone = visitor()
    page = phone.new_page()
    for path in ("/register", f"/v/{issued.numbers[0]}"):
        visit(page, server, path)
    kept = "async path => !!(await caches.match(path))"
    assert page.evaluate(kept, "/en/v/offline")
    assert not page.evaluate(kept, "/walk")
    # The same phone in an assessor's hand: the walk is kept as soon as it is opened.
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, "สำนักงานยุติธรรมจังหวัดเชียงใหม่")
    assert page.evaluate(kept, "/walk")
    with offline(page):
        page.goto(f"{server.url}/walk#/audit/{audit}/P/P01")
        expect(page.locator("criterion-card [data-slot=code]")).to_have_text("P01")
    visit(page, server)
    assert page.evaluate(kept, "/walk"), "who walks keeps the walk"


def test_after_one_visit_a_certificate_is_checked_without_a_network(
    server: Server,
    issued: Issued,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
) -> None:
    page = visitor().new_page()
    visit(page, server)
    code = issued.codes[0]
    with stopped(server):
        page.goto(f"{server.url}/V/{code}")
        verdict(page, VALID)
        assert page.url.endswith(f"/V/{code}"), "the address stays as it was scanned"
        expect(page.locator("[data-slot=since-words]")).to_contain_text("สถานะ ณ วันที่")
        expect(page.locator("[data-slot=number]")).to_have_text(issued.numbers[0])
        expect(page.locator("[data-slot=level-name]")).to_have_text("ระดับเป็นเลิศ")
        expect(page.locator("[data-slot=office]")).to_contain_text("สำนักงานยุติธรรม")
        axe.check(page)
        screen(page, "verify-valid-phone")

        page.goto(f"{server.url}/v/{code.lower()}")
        verdict(page, VALID)

        forged = code[:200] + ("A" if code[200] != "A" else "B") + code[201:]
        page.goto(f"{server.url}/V/{forged}")
        verdict(page, "ใบรับรองนี้ไม่ใช่ของจริง")
        expect(page.locator("[data-slot=facts]")).to_be_hidden()
        expect(page.locator(".verdict.is-unmet")).to_be_visible()
        axe.check(page)
        screen(page, "verify-forged-phone")

        page.goto(f"{server.url}/v/{issued.numbers[0]}")
        verdict(page, f"เลขที่ {issued.numbers[0]} ต้องตรวจผ่านเครือข่าย")
        page.get_by_label("รหัส หรือที่อยู่ในคิวอาร์").fill(f"HTTPS://X.EXAMPLE/V/{issued.codes[1]}")
        page.get_by_role("button", name="ตรวจสอบ", exact=True).click()
        verdict(page, VALID)
        expect(page.locator("[data-slot=number]")).to_have_text(issued.numbers[1])
        page.go_back()
        verdict(page, f"เลขที่ {issued.numbers[0]} ต้องตรวจผ่านเครือข่าย")


@pytest.mark.parametrize("theme", ["light", "dark", "field"])
def test_the_verdict_can_be_read_in_english_and_in_every_theme(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext], theme: str
) -> None:
    page = visitor().new_page()
    visit(page, server, "/en/v/offline")
    page.evaluate("(theme) => localStorage.setItem('theme', theme)", theme)
    with offline(page):
        page.goto(f"{server.url}/V/{issued.codes[0]}")
        verdict(page, "This certificate is valid")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("[data-slot=since-words]")).to_contain_text("Status as of")
        axe.check(page)
        page.get_by_text("Menu").click()
        page.get_by_role("link", name="ภาษาไทย").click()
        verdict(page, VALID)


def test_a_suspension_is_known_after_the_next_contact_and_not_before(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor().new_page()
    before = visit(page, server)
    issued.suspend(issued.numbers[1])
    with offline(page):
        page.goto(f"{server.url}/V/{issued.codes[1]}")
        verdict(page, VALID)
    page.goto(f"{server.url}/v/offline")
    until(page, HELD, before + 1)
    with offline(page):
        page.goto(f"{server.url}/V/{issued.codes[1]}")
        verdict(page, "ใบรับรองนี้ถูกพักใช้")
        page.goto(f"{server.url}/V/{issued.codes[0]}")
        verdict(page, VALID)


def test_an_old_status_says_so_and_a_clock_behind_is_noticed(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor().new_page()
    visit(page, server)
    since = page.locator("[data-slot=since-words]")
    with offline(page):
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=25))
        page.goto(f"{server.url}/V/{issued.codes[0]}")
        verdict(page, VALID)
        expect(since).to_contain_text("อาจเปลี่ยนแปลงแล้ว")
        axe.check(page)
        page.clock.set_fixed_time(datetime.now(UTC) - timedelta(days=2))
        page.reload()
        expect(since).to_contain_text("นาฬิกาของเครื่องนี้ช้ากว่า")
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=366 * 11))
        page.reload()
        verdict(page, "ใบรับรองนี้หมดอายุแล้ว")


@pytest.mark.parametrize("status", [200, 302])
def test_the_page_of_a_hotels_network_is_no_verdict(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext], status: int
) -> None:
    page = visitor().new_page()
    held = visit(page, server)
    with stopped(server), portal(server.port, status):
        page.goto(f"{server.url}/V/{issued.codes[0]}")
        verdict(page, VALID)
        expect(page.get_by_text("Free Wi-Fi")).to_have_count(0)
        assert page.evaluate(HELD) == held


def test_whoever_never_had_a_network_is_told_that_it_takes_one(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext]
) -> None:
    context = visitor()
    page = context.new_page()
    visit(page, server)
    page.evaluate("() => indexedDB.deleteDatabase('verify')")
    with offline(page):
        page.goto(f"{server.url}/V/{issued.codes[0]}")
        verdict(page, "เครื่องนี้ยังบอกไม่ได้ ต้องตรวจผ่านเครือข่าย")
        expect(page.locator("[data-slot=known]")).to_contain_text("ยังไม่มีบัญชีสถานะ")


def test_the_walk_brings_keys_and_status_along(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor().new_page()
    sign_in(page, server, "lead1")
    ready(page)
    with offline(page):
        page.goto(f"{server.url}/V/{issued.codes[0]}")
        verdict(page, VALID)


def test_a_qr_is_read_from_a_picture_where_the_browser_can(
    server: Server, issued: Issued, visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Without a BarcodeDetector nothing is offered; with one, zxing reads in its place."""
    segno = pytest.importorskip("segno")
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    picture = tmp_path / "qr.png"
    address = f"HTTPS://GECC.EXAMPLE.GO.TH/V/{issued.codes[0]}"
    segno.make(address, error="q", micro=False).save(str(picture), scale=4)

    context = visitor()
    page = context.new_page()
    visit(page, server, "/v/offline")
    if page.evaluate("() => !('BarcodeDetector' in window)"):
        expect(page.locator("[data-slot=scanning]")).to_be_hidden()

    def read() -> str:
        found = zxingcpp.read_barcodes(image.open(picture))
        return str(found[0].text) if found else ""

    context.expose_function("readByZxing", read)
    context.add_init_script(
        "window.BarcodeDetector = class {"
        " static async getSupportedFormats() { return ['qr_code'] }"
        " async detect() { const rawValue = await window.readByZxing();"
        " return rawValue ? [{ rawValue }] : [] } }"
    )
    page.reload()
    expect(page.get_by_text("เลือกรูปที่มีคิวอาร์")).to_be_visible()
    page.locator("[data-slot=picture-file]").set_input_files(picture)
    verdict(page, VALID)
    axe.check(page)
