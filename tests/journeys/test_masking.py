"""Faces are covered on the phone, offline; everybody else only ever sees the covered photo."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlmodel import col, select

from app.audits.models import KeptChange
from app.kit.database import make_engine, open_session
from tests.journeys import axe, pictures, walking
from tests.journeys.conftest import DESK, Server, sign_in

pytestmark = pytest.mark.journey
OFFICE = "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
MASKS = "ปิดใบหน้า/เอกสาร"
KEEPS = "ใช้ภาพที่ปิดแล้ว"
COVERED = "ปิดบังแล้ว ทุกคนเห็นเฉพาะภาพที่ปิดบัง"
DARK = (16, 20, 40)


def sent(page: Page) -> None:
    expect(page.get_by_text(walking.SENT).first).to_be_visible(timeout=60_000)


def changes(server: Server, audit: str) -> list[dict[str, Any]]:
    """The lines of the audit that the server keeps, in their order."""
    engine = make_engine(f"sqlite:///{server.data / 'gecc.sqlite3'}")
    with open_session(engine, reads=True) as session:
        kept = select(KeptChange.line).where(KeptChange.audit_id == audit)
        lines = list(session.exec(kept.order_by(col(KeptChange.seq))))
    engine.dispose()
    return [json.loads(line) for line in lines]


def drag(
    page: Page, stage: Locator, corner: tuple[float, float], to: tuple[float, float]
) -> None:
    """Draw with one finger across the picture's box, in parts of its width and height."""
    box = stage.bounding_box()
    assert box
    page.mouse.move(box["x"] + corner[0] * box["width"], box["y"] + corner[1] * box["height"])
    page.mouse.down()
    for step in (0.5, 1.0):
        part = [a + (b - a) * step for a, b in zip(corner, to, strict=True)]
        page.mouse.move(box["x"] + part[0] * box["width"], box["y"] + part[1] * box["height"])
    page.mouse.up()


def test_a_face_is_covered_before_anything_leaves_the_phone(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    phone.set_offline(True)
    walking.go(page, audit, "P04")
    [path] = pictures.write(tmp_path, range(3, 4))
    page.locator("photo-strip [data-slot=camera]").set_input_files(path)
    expect(page.locator("#snack")).to_contain_text("เก็บภาพไว้ในเครื่องแล้ว")
    page.locator("#snack").get_by_role("button", name=MASKS).click()

    editor = page.get_by_role("dialog")
    stage = editor.locator("[data-slot=stage]")
    expect(editor.get_by_text("ปิดแล้ว 0 จุด")).to_be_visible()
    editor.get_by_role("button", name=KEEPS).click()
    expect(editor.get_by_text("ยังไม่ได้ปิดส่วนใด")).to_be_visible()
    drag(page, stage, (0.3, 0.35), (0.6, 0.6))
    expect(editor.get_by_text("ปิดแล้ว 1 จุด")).to_be_visible()
    axe.check(page)
    screen(page, "mask-phone")
    # With keys: another rectangle, moved and sized, taken back, and put again.
    editor.get_by_role("button", name="เพิ่มกรอบ").click()
    handle = editor.get_by_role("button", name="กรอบที่ 2")
    expect(handle).to_be_focused()
    before = handle.bounding_box()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    after = handle.bounding_box()
    assert before
    assert after
    assert after["x"] > before["x"]
    assert after["height"] > before["height"]
    page.keyboard.press("Delete")
    expect(editor.get_by_text("ปิดแล้ว 1 จุด")).to_be_visible()
    editor.get_by_role("button", name="ย้อน").click()
    expect(editor.get_by_text("ปิดแล้ว 2 จุด")).to_be_visible()
    editor.get_by_role("button", name=KEEPS).click()
    expect(page.locator("#snack")).to_contain_text(COVERED)
    strip = page.locator("photo-strip .thumb-item")
    expect(strip).to_have_count(1)
    expect(strip).to_contain_text("ปิดบังแล้ว")

    phone.set_offline(False)
    sent(page)
    lines = changes(server, audit)
    bare, masked = (line for line in lines if line["kind"] == "photo")
    assert (bare["value"]["source"], bare["value"]["of"]) == ("camera", None)
    assert masked["value"]["of"] == {
        "how": "masked",
        "change": bare["id"],
        "sha256": bare["value"]["sha256"],
    }
    [removed] = [line for line in lines if line["kind"] == "photo-removed"]
    assert removed["target"] == bare["id"]

    # A colleague: the masked one, never what lies beneath.
    colleague = visitor(viewport=DESK)
    desk = colleague.new_page()
    sign_in(desk, server, "assessor1", f"/audits/{audit}")
    figure = desk.locator("figure", has_text="ปิดบังแล้ว").first
    expect(figure).to_be_visible()
    axe.check(desk)
    figure.scroll_into_view_if_needed()
    original, covered = (one["value"]["sha256"] for one in (bare, masked))
    assert desk.request.get(f"{server.url}/photos/{original}/800.jpg").status == 404
    for size in (200, 800, 2048):
        answer = desk.request.get(f"{server.url}/photos/{covered}/{size}.jpg")
        assert answer.status == 200
        image = Image.open(io.BytesIO(answer.body())).convert("RGB")
        assert solid(image), size
    assert original not in desk.content()

    # A reviewer may look, and the look is written down.
    reviewer = visitor(viewport=DESK).new_page()
    sign_in(reviewer, server, "reviewer1", f"/audits/{audit}")
    reviewer.get_by_text("ภาพที่นำออกแล้ว 1 ภาพ").click()
    beneath = reviewer.get_by_role("link", name="ดูภาพก่อนปิดบัง")
    expect(beneath).to_be_visible()
    address = beneath.get_attribute("href")
    assert address
    assert reviewer.request.get(server.url + address).status == 200
    admin = visitor(viewport=DESK).new_page()
    sign_in(admin, server, "admin", "/trail")
    expect(admin.get_by_text("ดูภาพก่อนปิดบัง").first).to_be_visible()


def solid(image: Image.Image) -> bool:
    """Whether the middle, where the second rectangle lies, is of one dark colour."""
    width, height = image.size
    inner = image.crop(
        (int(width * 0.45), int(height * 0.45), int(width * 0.55), int(height * 0.55))
    )
    return all(
        abs(shade - wanted) <= 6
        for band, wanted in zip("RGB", DARK, strict=True)
        for shade, found in enumerate(inner.getchannel(band).histogram())
        if found
    )


def test_arrows_and_words_are_drawn_on_a_copy_beside_its_source(
    server: Server,
    visitor: Callable[..., BrowserContext],
    screen: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    phone = visitor()
    page = phone.new_page()
    sign_in(page, server, "lead1")
    audit = walking.prepare(page, OFFICE)
    walking.go(page, audit, "P05")
    walking.photograph(page, pictures.write(tmp_path, range(5, 7)))
    page.locator("photo-strip .thumb-open").first.click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_text("เลือกจากคลังภาพ")).to_be_visible()
    screen(page, "viewer-phone")
    viewer.get_by_role("button", name="วาดลูกศร/ข้อความ").click()
    editor = page.locator("dialog.marker")
    stage = editor.locator("[data-slot=stage]")
    drag(page, stage, (0.25, 0.65), (0.5, 0.5))
    editor.get_by_role("button", name="ข้อความ", exact=True).click()
    editor.get_by_label("ข้อความบนภาพ").fill("ป้ายชำรุด ควรเปลี่ยน")
    box = stage.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    expect(editor.get_by_text("วาดแล้ว 2 อย่าง")).to_be_visible()
    axe.check(page)
    screen(page, "draw-phone")
    editor.get_by_role("button", name="เก็บเป็นภาพใหม่").click()
    expect(viewer.get_by_text("วาดบนสำเนา")).to_be_visible()
    expect(viewer.get_by_text("ภาพที่ 2 จาก 3 ของข้อ P05")).to_be_visible()
    # What is cancelled changes nothing.
    viewer.get_by_role("button", name=MASKS).click()
    editor = page.locator("dialog.marker")
    drag(page, editor.locator("[data-slot=stage]"), (0.3, 0.3), (0.6, 0.6))
    editor.get_by_role("button", name="ยกเลิก").click()
    expect(viewer.get_by_text("ภาพที่ 2 จาก 3 ของข้อ P05")).to_be_visible()
    viewer.get_by_role("button", name="ปิด", exact=True).click()
    sent(page)
    desk = visitor(viewport=DESK).new_page()
    sign_in(desk, server, "reviewer1", f"/audits/{audit}")
    figures = desk.locator("#P05 figure")
    expect(figures).to_have_count(3)
    expect(figures.nth(1)).to_contain_text("วาดบนสำเนาของภาพก่อนหน้า")
    expect(figures.nth(0)).to_contain_text("เลือกจากคลังภาพ")
    figures.nth(1).scroll_into_view_if_needed()
    axe.check(desk)
