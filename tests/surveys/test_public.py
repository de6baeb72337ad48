"""What visitors see: no name, no cookie, one answer of two taps, kind words at the end."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.settings import Settings
from app.surveys import actions
from app.surveys.models import Survey, SurveyAnswer
from app.trail.models import TrailLine
from tests import make
from tests.conftest import Clock
from tests.surveys import world
from tests.visit import inspect, look


@pytest.fixture
def made(session: Session) -> Survey:
    survey = world.survey(session, world.editor(session))
    session.commit()
    return survey


def kept(session: Session) -> list[SurveyAnswer]:
    found = list(session.exec(select(SurveyAnswer)))
    session.commit()
    return found


def test_a_visitor_answers_without_a_name_or_a_cookie(
    client: TestClient, session: Session, made: Survey
) -> None:
    for root, thanks in (("", "ได้รับคำตอบแล้ว"), ("/en", "Your answer was received")):
        page = look(client, f"{root}/s/{made.code}")
        answer_id = re.findall(r'name="answer" value="([0-9a-f-]{36})"', page)[0]
        done = client.post(
            f"{root}/s/{made.code}", data=world.filled(4, answer_id, remark=" ขอบคุณ  มาก\n")
        )
        assert thanks in done.text
        inspect(done.text, "thanks")
        assert "set-cookie" not in done.headers
    answers = kept(session)
    assert [(each.marks, each.remark) for each in answers] == [("4" * 12, "ขอบคุณ มาก")] * 2
    assert set(SurveyAnswer.model_fields) == {"survey_id", "id", "marks", "remark", "day"}
    lines = list(session.exec(select(TrailLine).where(TrailLine.action == "survey.answered")))
    assert [line.by for line in lines] == [None]


def test_the_same_answer_sent_twice_is_one_answer(
    client: TestClient, session: Session, made: Survey
) -> None:
    fields = world.filled(5)
    for _ in range(3):
        answer = client.post(f"/s/{made.code}", data=fields, follow_redirects=False)
        assert answer.headers["location"] == f"/s/{made.code}/thanks"
    client.post(f"/s/{made.code}", data=world.filled(5, "no id of ours"))
    assert len(kept(session)) == 2


def test_a_question_without_an_answer_is_pointed_at_and_nothing_is_lost(
    client: TestClient, session: Session, made: Survey
) -> None:
    fields = world.filled(3, remark="คงอยู่")
    for wrong in ("", "9", "55"):
        answer = client.post(f"/s/{made.code}", data=fields | {"q7": wrong})
        assert answer.status_code == 422
        inspect(answer.text, "form")
        assert "ยังไม่ได้เลือก" in answer.text
        assert 'href="#q7"' in answer.text
        assert "คงอยู่" in answer.text
        assert fields["answer"] in answer.text
    long = client.post(f"/s/{made.code}", data=fields | {"remark": "ก" * 501})
    assert long.status_code == 422
    assert kept(session) == []


def test_a_survey_that_is_not_open_says_so_kindly(
    client: TestClient, session: Session, clock: Clock, made: Survey
) -> None:
    assert "ไม่พบแบบสำรวจนี้" in look(client, "/s/nothing", 404)
    assert client.post("/s/nothing", data=world.filled()).status_code == 404
    draft = world.survey(
        session, world.editor(session), opened=False, round_=make.round_(session, name_th="สอง")
    )
    session.commit()
    assert "ไม่พบแบบสำรวจนี้" in look(client, f"/s/{draft.code}", 404)
    assert client.get(f"/s/{made.code.upper()}").status_code == 200
    clock.forward(days=60)
    assert "ปิดรับคำตอบแล้ว" in look(client, f"/s/{made.code}", 410)
    assert "no longer takes answers" in look(client, f"/en/s/{made.code}", 410)
    assert client.post(f"/s/{made.code}", data=world.filled()).status_code == 410
    assert kept(session) == []


def test_who_answers_too_often_is_told_to_wait(
    client: TestClient, session: Session, settings: Settings, made: Survey
) -> None:
    for _ in range(settings.public_per_minute):
        client.get("/s/nothing")
    refused = client.post(f"/s/{made.code}", data=world.filled())
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert kept(session) == []


def test_another_site_cannot_answer_for_its_visitors(
    client: TestClient, session: Session, made: Survey
) -> None:
    answer = client.post(
        f"/s/{made.code}", data=world.filled(), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert kept(session) == []


def test_what_is_odd_in_a_form_never_makes_the_server_stumble(
    client: TestClient, session: Session, made: Survey
) -> None:
    for content, kind in (
        (b"q1=1&" * 60, "application/x-www-form-urlencoded"),
        (b"%00=%ff%fe", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"x", "multipart/form-data; boundary=y"),
        (b"", ""),
    ):
        answer = client.post(f"/s/{made.code}", content=content, headers={"content-type": kind})
        assert answer.status_code in {400, 422}, (content, answer.status_code)
    assert kept(session) == []


def test_an_answer_is_never_altered(session: Session, made: Survey) -> None:
    actions.answer(session, made.id, answer_id="x", marks="5" * 12, remark="", at=make.NOW)
    session.commit()
    row = session.exec(select(SurveyAnswer)).one()
    row.marks = "1" * 12
    with pytest.raises(Exception, match="never altered"):
        session.commit()
    session.rollback()
