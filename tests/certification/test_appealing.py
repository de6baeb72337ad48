"""An office appeals: once, in time, with photos, before somebody new; it reads the answer."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.audits import queries as audits
from app.certification import queries
from app.certification.models import Appeal, AppealEvidence
from app.certification.rules import deciding as rules
from app.evidence import jobs
from app.evidence.models import Blob
from app.kit.database import open_session
from app.settings import Settings
from tests.certification.world import Case, Cases
from tests.conftest import Clock
from tests.evidence import files
from tests.visit import look

REASONS = "ข้อ P08 มีป้ายครบตามภาพที่แนบ"


@pytest.fixture
def cases(app: FastAPI, engine: Engine, settings: Settings, clock: Clock) -> Cases:
    made = Cases(engine, settings)
    made.at = clock()
    return made


@pytest.fixture
def case(cases: Cases) -> Case:
    """Decided a moment ago."""
    made = cases.proposed("ADVANCED")
    made.decide()
    return made


def lodge(client: TestClient, case: Case, reasons: str = REASONS) -> Response:
    answer: Response = client.post(
        f"/audits/{case.audit}/appeal", data={"reasons": reasons}, follow_redirects=False
    )
    return answer


def attach(client: TestClient, case: Case, data: bytes, name: str = "a.jpg") -> Response:
    answer: Response = client.post(
        f"/appeals/photos?audit={case.audit}",
        files={"photo": (name, data, "image/jpeg")},
        follow_redirects=False,
    )
    return answer


def test_an_office_appeals_and_follows_its_appeal_to_the_answer(
    client: TestClient, cases: Cases, case: Case
) -> None:
    page_of = f"/audits/{case.audit}/appeal"
    cases.enter(client, "head")
    page = look(client, page_of)
    assert "อุทธรณ์ได้ถึง" in page
    assert "21 ธันวาคม 2569" in page  # thirty days of Bangkok after 21 November
    assert lodge(client, case).status_code == 303
    assert case.stage == "appealed"
    page = look(client, page_of)
    assert REASONS in page
    assert "รอผู้ทบทวนคนใหม่" in page
    cases.enter(client, "reviewer2")
    answer = client.post(f"{page_of}/hearing", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/review/{case.audit}"
    assert case.stage == "in_review"
    case.propose("reviewer2")
    second = case.decide()
    with open_session(cases.engine, reads=True) as session:
        lodged = queries.appeal_of(session, case.audit)
    assert lodged is not None
    assert lodged.answered_by == second.id
    cases.enter(client, "head")
    page = look(client, page_of)
    assert "ผลการตัดสินใหม่" in page
    assert "มีการตัดสินใหม่แทนแล้ว" in page
    assert lodge(client, case).status_code == 409  # once for the audit, not for each decision
    cases.enter(client, "approver1")
    assert "หน่วยงานยื่นอุทธรณ์เมื่อ" in look(client, f"/decisions/{case.audit}")


def test_reasons_are_asked_for(client: TestClient, cases: Cases, case: Case) -> None:
    cases.enter(client, "head")
    for reasons in ("", "สั้น", "x" * 4001):
        answer = lodge(client, case, reasons)
        assert answer.status_code == 422
        assert "โปรดบอกเหตุผล" in answer.text


def test_long_reasons_are_kept_whole(client: TestClient, cases: Cases, case: Case) -> None:
    cases.enter(client, "head")
    reasons = "\r\n".join(["ย่อหน้าที่ยาวพอสมควร " * 20] * 6).strip()
    assert lodge(client, case, reasons).status_code == 303
    with open_session(cases.engine, reads=True) as session:
        assert session.exec(select(Appeal.reasons)).one() == reasons


def test_after_the_last_day_no_appeal_is_taken(
    client: TestClient, cases: Cases, case: Case, clock: Clock
) -> None:
    clock.forward(days=30)
    cases.enter(client, "head")
    assert "ยื่นอุทธรณ์ไม่ได้" not in look(client, f"/audits/{case.audit}/appeal")
    clock.forward(days=1)
    cases.enter(client, "head")
    assert "พ้นกำหนดยื่นอุทธรณ์ 30 วันแล้ว" in look(client, f"/audits/{case.audit}/appeal")
    assert lodge(client, case).status_code == 409
    assert case.stage == "decided"


def test_the_last_day_ends_at_midnight_in_bangkok(clock: Clock) -> None:
    decided = clock()
    last = rules.last_day_to_appeal(decided, 30)
    midnight = decided.replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=30)
    for at, late in ((midnight - timedelta(seconds=1), False), (midnight, True)):
        said = rules.refusal_of_appeal(
            REASONS, earlier=False, decided_at=decided, days=30, at=at
        )
        assert (said is not None) == late, (last, at)


@pytest.mark.parametrize("who", ["editor", "auditor", "approver1", "lead"])
def test_only_the_head_of_the_office_appeals(
    client: TestClient, cases: Cases, case: Case, who: str
) -> None:
    cases.enter(client, who)
    assert lodge(client, case).status_code == 403
    assert case.stage == "decided"


def test_the_head_of_another_office_finds_nothing(
    client: TestClient, cases: Cases, case: Case
) -> None:
    with open_session(cases.engine) as session:
        cases.people["other"] = cases.person(session, "other", "office_head")
        session.commit()
    cases.enter(client, "other")
    assert client.get(f"/audits/{case.audit}/appeal").status_code == 404
    assert lodge(client, case).status_code == 404


@pytest.mark.parametrize("who", ["reviewer1", "both"])
def test_neither_reviewer_nor_approver_hears_it(
    client: TestClient, cases: Cases, case: Case, who: str
) -> None:
    if who == "both":
        case.step("correct", "approver1", reason="ผิดข้อ")
        with open_session(cases.engine) as session:
            cases.people["both"] = cases.person(session, "both", "central_reviewer", "approver")
            session.commit()
        case.take("reviewer1")
        case.propose()
        case.approve("both")
        case.approve("approver2")
    cases.enter(client, "head")
    lodge(client, case)
    cases.enter(client, who)
    page = look(client, f"/audits/{case.audit}/appeal")
    assert "disabled" in page
    answer = client.post(f"/audits/{case.audit}/appeal/hearing", follow_redirects=False)
    assert answer.status_code == 403
    assert case.stage == "appealed"


def test_photos_go_with_an_appeal_and_are_drawn_by_us(
    client: TestClient, cases: Cases, case: Case, settings: Settings
) -> None:
    cases.enter(client, "head")
    assert attach(client, case, files.jpeg()).status_code == 404  # no appeal yet
    lodge(client, case)
    large = files.heavy()
    for data in (files.jpeg(), large, files.jpeg()):  # the same photo twice is once
        assert attach(client, case, data).status_code == 303
    with open_session(cases.engine, reads=True) as session:
        kept = session.exec(select(AppealEvidence)).all()
        assert {one.sha256 for one in kept} == set(session.exec(select(Blob.sha256)))
    assert len(kept) == 2
    look(client, f"/audits/{case.audit}/appeal")
    for who, status in (("head", 200), ("reviewer2", 200), ("lead", 200), ("stranger", 404)):
        cases.enter(client, who)
        address = f"/audits/{case.audit}/appeal/photos/{kept[0].sha256}"
        answer = client.get(f"{address}/800.jpg")
        assert answer.status_code == status, who
        if status == 200:
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert b"SecretMaker" not in answer.content
        assert client.get(f"{address}/801.jpg").status_code == 404
        assert client.get(f"/audits/{case.audit}/appeal/photos/{'0' * 64}/800.jpg").status_code
    swept = jobs.sweep(cases.engine, settings.data_dir, at=cases.at + timedelta(days=400))
    assert swept["blobs"] == 0


@pytest.mark.parametrize(
    "data", [b"<html><script>alert(1)</script>", b"GIF89a", b"\xff\xd8\xff\xe0 cut", b""]
)
def test_what_is_no_whole_image_is_not_taken(
    client: TestClient, cases: Cases, case: Case, data: bytes
) -> None:
    cases.enter(client, "head")
    lodge(client, case)
    assert attach(client, case, data, "x.jpg").status_code == 422
    with open_session(cases.engine, reads=True) as session:
        assert session.exec(select(AppealEvidence)).all() == []


def test_a_photo_beyond_the_limit_is_refused(
    client: TestClient, cases: Cases, case: Case, app: FastAPI, settings: Settings
) -> None:
    app.state.settings = settings.model_copy(update={"photo_max_bytes": 2000})
    cases.enter(client, "head")
    lodge(client, case)
    assert attach(client, case, files.heavy()).status_code == 413


def test_photos_are_added_by_whoever_appealed_until_somebody_hears_it(
    client: TestClient, session: Session, cases: Cases, case: Case
) -> None:
    cases.enter(client, "head")
    lodge(client, case)
    for number in range(rules.PHOTOS_MOST):
        photo = files.jpeg(files.scene(64 + number, 48))
        assert attach(client, case, photo).status_code == 303
    assert attach(client, case, files.jpeg()).status_code == 409
    cases.enter(client, "editor")
    assert attach(client, case, files.jpeg()).status_code == 403
    cases.enter(client, "reviewer2")
    client.post(f"/audits/{case.audit}/appeal/hearing")
    cases.enter(client, "head")
    assert "แนบภาพประกอบ</label>" not in look(client, f"/audits/{case.audit}/appeal")
    assert attach(client, case, files.jpeg()).status_code == 409


def test_before_a_decision_there_is_nothing_to_appeal(client: TestClient, cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    cases.enter(client, "head")
    assert client.get(f"/audits/{case.audit}/appeal").status_code == 404
    assert lodge(client, case).status_code == 409
    with open_session(cases.engine, reads=True) as session:
        found = audits.find(session, case.audit)
        assert found is not None
        assert found.stage == "proposed"
