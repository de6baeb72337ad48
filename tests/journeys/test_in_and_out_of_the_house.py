"""Work comes into the house as a file and leaves it as evidence that anybody can check."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, ROOT, Server, sign_in
from tests.journeys.test_way_out import outbox, save_to_file, work_offline

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
Visitor = Callable[..., BrowserContext]
Screen = Callable[[Page, str], None]


def verified(path: Path) -> tuple[int, dict[str, str]]:
    """What `gecc verify` says: its exit, and the verdict of each check."""
    command = [sys.executable, "-m", "app.cli", "verify", str(path), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    checks = json.loads(done.stdout)["checks"]
    return done.returncode, {check["code"]: check["verdict"] for check in reversed(checks)}


def test_a_desk_hands_in_what_a_phone_could_not_send_and_an_auditor_takes_the_evidence_along(
    server: Server, visitor: Visitor, screen: Screen, tmp_path: Path
) -> None:
    phone = visitor(accept_downloads=True)
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    work_offline(page, audit, "P01", pictures.write(tmp_path, range(960, 962)))
    outbox(page)
    file = save_to_file(page, tmp_path)
    cut = tmp_path / "gecc-unsent-cut.zip"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size * 3 // 4])

    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", "/handing-in")
    axe.check(desk)
    screen(desk, "handing-in-desk")
    desk.get_by_label("ไฟล์งานที่ยังไม่ส่ง").set_input_files(str(cut))
    desk.get_by_role("button", name="นำเข้า", exact=True).click()
    expect(desk.get_by_text("รับส่วนที่ดีไว้แล้ว แต่ยังไม่ครบ")).to_be_visible(timeout=30_000)
    expect(desk.get_by_text("ภาพนี้เสียหายในไฟล์")).to_be_visible()
    axe.check(desk)
    screen(desk, "handed-in-damaged-desk")

    desk.get_by_role("link", name="นำเข้าไฟล์อื่น").click()
    desk.get_by_label("ไฟล์งานที่ยังไม่ส่ง").set_input_files(str(file))
    desk.get_by_role("button", name="นำเข้า", exact=True).click()
    expect(desk.get_by_text("ทุกอย่างในไฟล์อยู่ที่เซิร์ฟเวอร์แล้ว")).to_be_visible(timeout=30_000)
    axe.check(desk)
    screen(desk, "handed-in-desk")

    auditor = visitor(viewport=DESK, accept_downloads=True).new_page()
    sign_in(auditor, server, "auditor", f"/audits/{audit}")
    with auditor.expect_download() as download:
        auditor.get_by_role("button", name="ดาวน์โหลดชุดหลักฐาน").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    code, checks = verified(path)
    assert (code, checks["signatures"], checks["chain"], checks["log"]) == (0, "ok", "ok", "ok")
    bent = bytearray(path.read_bytes())
    bent[len(bent) // 3] ^= 4
    path.write_bytes(bent)
    assert verified(path)[0] == 1

    # The phone learns by itself that its work has arrived.
    phone.set_offline(False)
    page.reload()
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)
