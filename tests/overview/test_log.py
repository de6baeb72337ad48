"""The page of the log says in words how it stands."""

from datetime import UTC, datetime

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.log import actions
from tests import make
from tests.visit import look

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_the_page_of_the_log_tells_an_empty_one_its_growth_and_its_restores(
    client: TestClient, session: Session
) -> None:
    auditor = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, auditor)
    empty = look(client, "/log")
    assert "ทะเบียนยังว่าง" in empty
    assert "ยังไม่เคยกู้คืนจากข้อมูลสำรอง" in empty
    actions.append(session, ["one\n", "two\n"])
    actions.start_epoch(session, reason="ดิสก์ <เสีย>", at=NOW)
    session.commit()
    told = look(client, "/log")
    assert client.get("/log/checkpoint").text in told
    assert client.get("/log/key").text in told
    assert "ดิสก์ &lt;เสีย&gt;" in told
    assert "21 พฤศจิกายน 2569 09.00 น." in told
