"""From the last answer to a certificate on the wall, and to the day it is suspended."""

import io
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, col, select

from app.audits import queries
from app.audits.demo.phone import Phone
from app.certification.models import Certificate
from app.evidence.demo import SCENES
from app.kit.database import make_engine
from app.offices.models import Office
from app.rounds.models import Visit
from app.settings import Settings
from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, sign_in
from tests.journeys.test_review import at, judge
from tests.journeys.test_verifying import HELD, until, visit

pytestmark = pytest.mark.journey
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]
CODE = "PJO-50"
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
LAST = "P01"
RETURNED = {"P02": "ภาพไม่เห็นสายรถประจำทาง", "Q1.1": "ขอภาพราวจับด้านซ้าย"}


class Behind:
    """The server's own database, for what no person would type, and to look things up."""

    def __init__(self, server: Server) -> None:
        self.settings = Settings(data_dir=server.data, database_url="")
        self.engine = make_engine(self.settings.database)

    def walk_but(self, code: str) -> str:
        """The lead's other phone answers everything but one criterion; the audit."""
        with Session(self.engine, expire_on_commit=False) as session:
            wanted = (
                select(Visit.id)
                .join(Office, col(Office.id) == Visit.office_id)
                .where(Office.code == CODE)
            )
            found = queries.find(session, session.exec(wanted).one())
            assert found
            lead = queries.team(session, found)[0]["id"]
            start = datetime.now(UTC) - timedelta(hours=5)
            phone = Phone(session, self.settings, lead, found, start)
            for number, each in enumerate(phone.edition.criteria):
                if each.code == code:
                    continue
                if each.kind == "advisory":
                    phone.say("answer", each.code, "met")
                phone.answer_one(each, 1.0, unmet=False)
                for measurement in each.measurements:
                    good: float = {"<=": 0, "=": True}.get(measurement.op or "", 100)
                    if isinstance(measurement.value, tuple | list):
                        good = sum(measurement.value) / 2
                    phone.say("measurement", f"{each.code}:{measurement.key}", good)
                for more in range(each.min_photos):
                    scene = SCENES[(number + more) % len(SCENES)]
                    phone.photo(each.code, scene, "", upright=False, long_side=320)
            phone.send()
            session.commit()
            return found.id

    def certificate(self, audit: str) -> Certificate:
        """The one certificate of the world."""
        with Session(self.engine, expire_on_commit=False) as session:
            return session.exec(select(Certificate)).one()

    def codes(self, audit: str) -> list[str]:
        """The criteria in the order in which they are reviewed."""
        with Session(self.engine) as session:
            found = queries.find(session, audit)
            assert found
            edition = queries.edition_of(session, found.edition_sha256)
            return [each.code for each in edition.criteria]


def sign(page: Page, whose: str, name: str, *, typed: bool) -> None:
    """Sign on the page of submission, by hand or by typing the name."""
    card = page.locator("article.signature").filter(has_text=whose)
    card.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("ชื่อ นามสกุล").fill(name)
    if typed:
        dialog.get_by_role("button", name=re.compile("พิมพ์ชื่อ")).click()
    else:
        box = dialog.locator("canvas, svg").first.bounding_box()
        assert box
        page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
        page.mouse.down()
        for step in range(12):
            lift = 20 if step % 2 else -20
            page.mouse.move(box["x"] + 40 + step * 18, box["y"] + box["height"] / 2 + lift)
        page.mouse.up()
    dialog.get_by_role("button", name="ลงชื่อ", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(card.get_by_text("ลงชื่อแล้ว", exact=True)).to_be_visible()


def approve(page: Page, server: Server, username: str, audit: str) -> None:
    """Say that the level as calculated is right."""
    sign_in(page, server, username, "/decisions")
    page.goto(f"{server.url}/decisions/{audit}")
    page.get_by_role("radio", name=re.compile("ตามที่คำนวณ|ตามที่เสนอ")).first.check()
    page.get_by_role("button", name="บันทึกความเห็น").click()


def code_on(pdf: bytes, folder: Path) -> str:
    """What a camera reads from the printed page, at 150 dots an inch."""
    (folder / "certificate.pdf").write_bytes(pdf)
    words = ["pdftoppm", "-r", "150", "-png", "-singlefile", "certificate.pdf", "page"]
    subprocess.run(words, cwd=folder, check=True)
    with Image.open(io.BytesIO((folder / "page.png").read_bytes())) as image:
        (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def test_a_visit_becomes_a_certificate_that_anybody_checks_and_is_suspended(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    server.run("keys", "new")
    behind = Behind(server)
    audit = behind.walk_but(LAST)
    codes = behind.codes(audit)

    # The lead finishes and submits without a network.
    phone = visitor()
    lead = phone.new_page()
    sign_in(lead, server, "lead1")
    assert walking.prepare(lead, OFFICE) == audit
    phone.set_offline(True)
    walking.go(lead, audit, LAST)
    walking.answer(lead)
    walking.photograph(lead, pictures.write(tmp_path, range(4)))
    lead.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/submit")
    sign(lead, "ผู้แทนสำนักงาน", "บุญส่ง ณ เชียงแสน", typed=False)
    sign(lead, "หัวหน้าคณะผู้ตรวจประเมิน", "สมเกียรติ วงศ์วัฒนา", typed=False)
    lead.locator("submit-page [data-slot=send]").click()
    expect(lead.get_by_text("เครื่องจะส่งเองเมื่อมีสัญญาณ").first).to_be_visible()
    axe.check(lead)
    screen(lead, "submit-waiting-phone")
    phone.set_offline(False)
    expect(lead.get_by_text("คำตอบปิดไม่ให้แก้").first).to_be_visible(timeout=60_000)

    # A reviewer returns two criteria.
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", "/review")
    desk.goto(f"{server.url}/review/{audit}")
    desk.get_by_role("button", name="รับไปทบทวน").click()
    desk.get_by_role("link", name="ดูข้อ P01 ต่อ").click()
    judge(desk, codes, RETURNED)
    desk.get_by_role("button", name="ส่งกลับ 2 ข้อ").click()
    expect(desk.get_by_text("รอคณะผู้ตรวจแก้ข้อที่ส่งกลับ")).to_be_visible()

    # Only those two can be changed on the phone, and that without a network.
    lead.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}")
    expect(lead.get_by_text(RETURNED["P02"]).first).to_be_visible(timeout=60_000)
    phone.set_offline(True)
    walking.go(lead, audit, "P03")
    expect(lead.locator("criterion-card [role=radio]").first).to_be_disabled()
    for number, code in enumerate(RETURNED):
        walking.go(lead, audit, code)
        expect(lead.get_by_text(RETURNED[code]).first).to_be_visible()
        walking.photograph(lead, pictures.write(tmp_path, range(4 + number, 5 + number)))
    axe.check(lead)
    screen(lead, "returned-criterion-phone")
    lead.evaluate("hash => { location.hash = hash }", f"#/audit/{audit}/submit")
    expect(lead.get_by_role("heading", name="สิ่งที่แก้จากที่ส่งไว้")).to_be_visible()
    sign(lead, "หัวหน้าคณะผู้ตรวจประเมิน", "สมเกียรติ วงศ์วัฒนา", typed=False)
    lead.locator("submit-page [data-slot=send]").click()
    screen(lead, "resubmit-phone")
    phone.set_offline(False)
    expect(lead.get_by_text("กำลังทบทวน").first).to_be_visible(timeout=60_000)

    # The reviewer sees what differs, and proposes.
    desk.goto(f"{server.url}/review/{audit}/P02")
    at(desk, "P02")
    expect(desk.get_by_role("heading", name="สิ่งที่แก้มา")).to_be_visible()
    desk.keyboard.press("a")
    at(desk, "Q1.1")
    desk.keyboard.press("a")
    desk.get_by_role("button", name="เสนอผล").click()
    expect(desk.get_by_role("heading", name="ข้อเสนอที่ 1")).to_be_visible()

    # Two approvers decide, and the certificate is there.
    first, second = (visitor(viewport=DESK).new_page() for _ in range(2))
    approve(first, server, "approver1", audit)
    approve(second, server, "approver2", audit)
    certificate = behind.certificate(audit)
    expect(second.get_by_text(certificate.number).first).to_be_visible()
    answer = second.request.get(f"{server.url}/certificates/{certificate.number}.pdf")
    text = code_on(answer.body(), tmp_path)
    assert text.startswith(server.url.upper() + "/V/")

    # Anybody's phone checks it, in the end without a network.
    citizen = visitor()
    wall = citizen.new_page()
    known = visit(wall, server)
    scanned = server.url + text.removeprefix(server.url.upper())
    wall.goto(scanned)
    expect(wall.get_by_text("ใบรับรองนี้ใช้ได้").first).to_be_visible()
    axe.check(wall)
    citizen.set_offline(True)
    wall.goto(scanned)
    expect(wall.locator("[data-slot=headline]")).to_have_text("ใบรับรองนี้ใช้ได้")
    expect(wall.locator("[data-slot=office]")).to_contain_text(OFFICE)
    citizen.set_offline(False)

    # It is suspended, and whoever looks sees that.
    first.goto(f"{server.url}/certificates/{certificate.number}")
    first.get_by_label("เหตุผล").first.fill("มีเรื่องร้องเรียนที่ต้องตรวจสอบก่อน")
    first.get_by_role("button", name="พักใช้").click()
    expect(first.get_by_role("button", name="พักใช้")).to_have_count(0)
    visit(wall, server, scanned.removeprefix(server.url))
    until(wall, HELD, known + 1)
    expect(wall.get_by_text("พักใช้").first).to_be_visible()
    screen(wall, "certificate-suspended-phone")
    citizen.set_offline(True)
    wall.goto(scanned)
    expect(wall.locator("[data-slot=headline]")).to_contain_text("พักใช้")
