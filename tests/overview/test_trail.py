"""The trail speaks in sentences."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from fastapi.testclient import TestClient
from sqlmodel import Session

from app import demo
from app.accounts.rules import DEMO_PASSWORD
from app.overview.rules import SENTENCES, sentence
from app.trail import actions
from tests import make
from tests.visit import look

APP = Path(__file__).resolve().parents[2] / "app"


def _codes() -> Iterator[tuple[str, str | None]]:
    """Every code handed to `record` anywhere, or none where it is not written out.

    A room may write them out in a dictionary named TRAIL and hand over `TRAIL[action]`.
    """
    for path in APP.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        written = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.AnnAssign)
            and node.value
            and getattr(node.target, "id", "") == "TRAIL"
        ]
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            named = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if named == "record" and len(node.args) >= 4:
                code = node.args[1]
                if isinstance(code, ast.Subscript) and getattr(code.value, "id", "") == "TRAIL":
                    yield from ((str(path), one) for one in written[0].values())
                    continue
                yield str(path), code.value if isinstance(code, ast.Constant) else None  # type: ignore[misc]


def test_every_code_in_the_product_has_a_sentence_in_both_languages() -> None:
    codes = {code: path for path, code in _codes()}
    assert None not in codes, codes.get(None)
    assert {code: path for code, path in codes.items() if code not in SENTENCES} == {}
    assert set(SENTENCES) <= set(codes), "a sentence for something nobody does"
    for words in SENTENCES.values():
        assert set(words) == {"th", "en"}
        gaps = [
            {gap for _, gap, _, _ in string.Formatter().parse(each) if gap}
            for each in words.values()
        ]
        assert gaps[0] == gaps[1], words


def test_a_line_without_its_details_is_still_a_sentence() -> None:
    words = sentence("visit.moved", "th", who=None, subject="เชียงใหม่", detail={})
    assert words == "ระบบ เลื่อนการตรวจ เชียงใหม่ จาก  เป็น  "
    assert sentence("new.thing", "en", who=None, subject="x", detail={}) == "new.thing x"


def test_words_of_people_cannot_break_a_sentence() -> None:
    words = sentence(
        "visit.cancelled", "en", who=None, subject="{0.__class__}", detail={"reason": "{x}"}
    )
    assert words == "The system cancelled the visit to {0.__class__}: {x}"


def test_an_auditor_reads_who_did_what(client: TestClient, session: Session) -> None:
    world = demo.seed(session, now=make.NOW)
    session.commit()
    make.sign_in(client, world.people["auditor"], DEMO_PASSWORD)
    text = look(client, "/trail")
    assert "ธนากร พงษ์ไพบูลย์ วางแผนตรวจ สำนักงานยุติธรรมจังหวัดเชียงใหม่ วันที่ 23 พฤศจิกายน 2569" in text
    assert "ธนากร พงษ์ไพบูลย์ เปิด รอบการประเมิน ปีงบประมาณ 2570" in text
    assert "21 พฤศจิกายน 2569 09.00 น." in text
    client.post("/language", data={"lang": "en", "next": "/"})
    assert "The system granted Prasoet Manirat the role Auditor (read only)" in look(
        client, "/trail"
    )


def test_older_lines_are_one_step_away(client: TestClient, session: Session) -> None:
    auditor = make.person(session, "auditor")
    for number in range(250):
        actions.record(session, "photos.swept", "photos", str(number), by=None, at=make.NOW)
    session.commit()
    make.sign_in(client, auditor)
    path, pages = "/trail", 0
    while path:
        text = look(client, path)
        pages += 1
        _, _, rest = text.partition('href="/trail?before=')
        path = f"/trail?before={rest.split(chr(34))[0]}" if rest else ""
    assert pages == 3
