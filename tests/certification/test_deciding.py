"""Approving, differing, sending back, deciding, correcting: through the front door."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session, select
from typer.testing import CliRunner

from app.audits.queries.checking import check_log
from app.certification import queries
from app.certification.actions import keys
from app.certification.models import Approval, Certificate, Decision
from app.certification.queries.checking import COMPARERS
from app.certification.rules import deciding as rules
from app.certification.rules.deciding import Opinion
from app.cli import app as gecc
from app.kit.database import open_session
from app.kit.errors import Refused
from app.log import queries as log
from app.offices.models import Membership
from app.rounds.actions import cancel_visit
from app.rounds.models import Visit
from app.settings import Settings
from app.settings import settings as of_process
from app.trail import queries as trail
from tests.audits.world import NOW
from tests.certification.world import Case, Cases
from tests.visit import look


@pytest.fixture
def cases(app: FastAPI, engine: Engine, settings: Settings) -> Cases:
    return Cases(engine, settings)


def say(client: TestClient, case: Case, door: str = "approval", **form: str) -> Response:
    """A form of the page of one proposal."""
    data = {"proposal": case.newest.id, **form}
    address = f"/decisions/{case.audit}/{door}"
    answer: Response = client.post(address, data=data, follow_redirects=False)
    return answer


def decisions(case: Case) -> list[Decision]:
    with open_session(case.all.engine, reads=True) as session:
        return queries.decisions(session, case.audit)


def actions_told(case: Case) -> list[str]:
    """What the trail says of the audit, the first first."""
    with open_session(case.all.engine, reads=True) as session:
        return [line.action for line in reversed(trail.of(session, "audit", case.audit))]


def test_two_approvers_who_say_the_same_decide(client: TestClient, cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    cases.enter(client, "approver1")
    assert "สำนักงานยุติธรรมจังหวัดเชียงใหม่" in look(client, "/decisions")
    text_ = look(client, f"/decisions/{case.audit}")
    assert "ตรงกับที่เก็บและกับผลตอนนี้" in text_
    assert text_.count(f'href="/review/{case.audit}/') >= 50
    assert say(client, case, outcome="calculated").status_code == 303
    assert case.stage == "proposed"
    assert "รอผู้อนุมัติอีกคนหนึ่ง" in look(client, f"/decisions/{case.audit}")
    cases.enter(client, "approver2")
    assert say(client, case, outcome="calculated").status_code == 303
    assert case.stage == "decided"
    (made,) = decisions(case)
    assert (made.outcome, made.level, made.reason) == ("calculated", "ADVANCED", "")
    assert {made.first, made.second} == {cases.people["approver1"], cases.people["approver2"]}
    assert "ผลการตัดสิน" in look(client, f"/decisions/{case.audit}")
    assert "ตัดสินล่าสุด" in look(client, "/decisions")
    assert actions_told(case)[-3:] == ["approval.given", "approval.given", "audit.decided"] or (
        actions_told(case)[-1] == "certificate.waits"
    )


def test_the_same_person_does_not_approve_twice(client: TestClient, cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    cases.enter(client, "approver1")
    say(client, case, outcome="calculated")
    answer = say(client, case, outcome="calculated")
    assert answer.status_code == 403
    assert "คุณอนุมัติข้อเสนอนี้ไปแล้ว" in answer.text
    assert decisions(case) == []


def test_those_who_differ_decide_nothing_and_see_both_opinions(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    cases.enter(client, "approver2")
    form = {"outcome": "lower", "level": "BASIC", "reason": "ภาพข้อ P08 ไม่ชัด"}
    assert say(client, case, **form).status_code == 303
    assert case.stage == "proposed"
    page = look(client, f"/decisions/{case.audit}")
    assert "ผู้อนุมัติเห็นต่างกัน" in page
    assert "คน approver1" in page
    assert "ภาพข้อ P08 ไม่ชัด" in page
    assert "เห็นต่างกัน" in look(client, "/decisions")
    # One takes theirs back and says the other: that decides.
    assert say(client, case, "approval/withdrawal").status_code == 303
    assert "ถอนแล้ว" in look(client, f"/decisions/{case.audit}")
    assert say(client, case, outcome="calculated").status_code == 303
    assert decisions(case)[0].level == "ADVANCED"
    assert "approval.taken-back" in actions_told(case)


def test_a_third_who_agrees_with_one_of_two_decides(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    case.approve("approver2", Opinion("none", None, "หลักฐานไม่พอ"))
    made = case.approve("approver3", Opinion("none", None, "เห็นด้วย"))
    assert made is not None
    assert (made.outcome, made.level) == ("none", None)
    assert made.reason == "หลักฐานไม่พอ\nเห็นด้วย"
    assert made.first == cases.people["approver2"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "โปรดเลือกความเห็น"),
        ({"outcome": "higher"}, "โปรดเลือกความเห็น"),
        ({"outcome": "lower", "reason": "ไม่ชัด"}, "ระดับที่ต่ำกว่า"),
        ({"outcome": "lower", "level": "EXCELLENCE", "reason": "ดีมาก"}, "ระดับที่ต่ำกว่า"),
        ({"outcome": "lower", "level": "ADVANCED", "reason": "เท่ากัน"}, "ระดับที่ต่ำกว่า"),
        ({"outcome": "lower", "level": "BASIC", "reason": " "}, "โปรดบอกเหตุผล"),
        ({"outcome": "none", "reason": "x" * 901}, "โปรดบอกเหตุผล"),
    ],
)
def test_an_opinion_that_cannot_be_comes_back_with_why(
    client: TestClient, cases: Cases, form: dict[str, str], words: str
) -> None:
    case = cases.proposed("ADVANCED")
    cases.enter(client, "approver1")
    answer = say(client, case, **form)
    assert answer.status_code == 422
    assert words in answer.text
    with open_session(cases.engine) as session:
        assert session.exec(select(Approval)).all() == []


def test_a_proposal_goes_back_to_its_reviewer_with_a_reason(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    old = case.newest.id
    case.approve("approver2")
    cases.enter(client, "approver1")
    assert say(client, case, "return", back_reason=" ").status_code == 422
    assert say(client, case, "return", back_reason="ขอภาพเพิ่มข้อ Q1.1").status_code == 303
    assert case.stage == "in_review"
    assert "ขอภาพเพิ่มข้อ Q1.1" in look(client, f"/decisions/{case.audit}")
    case.propose()
    # What was said of the old proposal is not said of the new one.
    assert say(client, case, proposal=old, outcome="calculated").status_code == 409
    assert say(client, case, outcome="calculated").status_code == 303
    assert case.stage == "proposed"


def test_where_a_committee_decides_one_approver_records_its_resolution(
    client: TestClient, cases: Cases, app: FastAPI, settings: Settings
) -> None:
    app.state.settings = settings.model_copy(update={"decided_by": "committee"})
    case = cases.proposed("ADVANCED")
    cases.enter(client, "approver1")
    assert "เลขที่มติคณะกรรมการ" in look(client, f"/decisions/{case.audit}")
    assert say(client, case, outcome="calculated").status_code == 422
    form = {"outcome": "calculated", "resolution_no": "3/2570"}
    assert say(client, case, **form, resolution_on="2999-01-01").status_code == 422
    assert say(client, case, **form, resolution_on="ไม่ใช่วัน").status_code == 422
    assert say(client, case, **form, resolution_on="2026-11-20").status_code == 303
    (made,) = decisions(case)
    assert (made.second, made.resolution_no) == (None, "3/2570")
    assert "20 พฤศจิกายน 2569" in look(client, f"/decisions/{case.audit}")


def test_what_reached_no_level_is_decided_as_calculated(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed()
    cases.enter(client, "approver1")
    assert "ระดับที่ต่ำกว่า" not in look(client, f"/decisions/{case.audit}")
    assert say(client, case, outcome="none", reason="ไม่ถึง").status_code == 422
    assert say(client, case, outcome="calculated").status_code == 303
    assert case.approve("approver2") is not None
    assert decisions(case)[0].level is None


def forge(engine: Engine, *statements: str) -> None:
    """What somebody with the database's password does."""
    url = engine.url
    other = create_engine(url)
    with Session(other) as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            named = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.execute(named).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.exec_driver_sql(statement)
        session.commit()
    other.dispose()


def test_a_proposal_whose_bytes_were_altered_is_not_approved(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    forge(
        cases.engine, "UPDATE proposal SET frozen = replace(frozen, 'ADVANCED', 'EXCELLENCE')"
    )
    cases.enter(client, "approver1")
    assert "ไม่ตรงกับรหัสของมัน" in look(client, f"/decisions/{case.audit}")
    assert say(client, case, outcome="calculated").status_code == 409
    assert say(client, case, "return", back_reason="ข้อเสนอเสีย").status_code == 303


def test_a_proposal_that_says_something_else_than_the_audit_is_not_approved(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    other = case.newest.frozen.replace('"earned":', '"earned":1')
    sha256 = hashlib.sha256(other.encode()).hexdigest()
    forge(
        cases.engine,
        "UPDATE proposal SET frozen = replace(frozen, '\"earned\":', '\"earned\":1'), "
        f"sha256 = '{sha256}'",
    )
    cases.enter(client, "approver1")
    assert "ไม่ตรงกับผลตอนนี้" in look(client, f"/decisions/{case.audit}")
    assert say(client, case, outcome="calculated").status_code == 409


def test_an_approval_stops_counting_when_its_author_joins_the_office(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    with open_session(cases.engine) as session:
        session.connection().execute(
            text("INSERT INTO membership (person_id, office_id, since) VALUES (:p, :o, :a)"),
            {
                "p": cases.people["approver1"],
                "o": case.office,
                "a": NOW.isoformat(sep=" "),
            },
        )
        session.commit()
    assert case.approve("approver2") is None
    cases.enter(client, "approver2")
    assert "ไม่นับ เพราะบัดนี้เกี่ยวข้อง" in look(client, f"/decisions/{case.audit}")
    made = case.approve("approver3")
    assert made is not None
    assert cases.people["approver1"] not in {made.first, made.second}


@pytest.mark.parametrize(
    "gone",
    [
        "DELETE FROM role_grant WHERE person_id = :p",
        "UPDATE person SET disabled_at = :a WHERE id = :p",
    ],
)
def test_an_approval_stops_counting_when_its_author_is_no_approver_any_more(
    cases: Cases, gone: str
) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    with open_session(cases.engine) as session:
        who = {"p": cases.people["approver1"]}
        moment = {"a": NOW.isoformat(sep=" ")} if ":a" in gone else {}
        session.connection().execute(text(gone), who | moment)
        session.commit()
    assert case.approve("approver2") is None
    made = case.approve("approver3")
    assert made is not None
    assert cases.people["approver1"] not in {made.first, made.second}


def test_who_works_in_the_office_does_not_read_what_is_thought_of_it(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    with open_session(cases.engine) as session:
        cases.people["own"] = own = cases.person(session, "own", "approver")
        session.flush()
        session.add(Membership(person_id=own, office_id=case.office, since=NOW))
        session.commit()
    cases.enter(client, "own")
    answer = client.get(f"/decisions/{case.audit}")
    assert answer.status_code == 403
    assert "สังกัดหน่วยงานนี้" in answer.text


def test_nothing_is_decided_of_a_visit_that_was_called_off(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    case.approve("approver1")
    with open_session(cases.engine) as session:
        visit = session.get_one(Visit, case.audit)
        cancel_visit(session, visit=visit, reason="ไปผิดที่", by=cases.people["central"], at=NOW)
        session.commit()
    with pytest.raises(Refused, match="cancelled"):
        case.approve("approver2")
    with pytest.raises(Refused, match="cancelled"):
        case.step("send_back", "approver2", reason="ขอดูใหม่")
    assert case.stage == "proposed"


def test_a_correction_is_a_new_decision_that_names_the_old_one(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    first = case.decide()
    cases.enter(client, "approver1")
    assert say(client, case, "correction", back_reason="").status_code == 422
    assert say(client, case, "correction", back_reason="คะแนนข้อ Q2.1 ผิด").status_code == 303
    assert case.stage == "submitted"
    assert "มีการตัดสินใหม่แทนแล้ว" not in look(client, f"/decisions/{case.audit}")
    case.take("reviewer2")
    case.propose("reviewer2")
    case.approve("approver1", Opinion("lower", "BASIC", "ข้อ Q2.1 ไม่ผ่าน"))
    second = case.approve("approver3", Opinion("lower", "BASIC", "ข้อ Q2.1 ไม่ผ่าน"))
    assert second is not None
    assert second.supersedes == first.id
    assert second.reason == "ข้อ Q2.1 ไม่ผ่าน"
    page = look(client, f"/decisions/{case.audit}")
    assert page.count("มีการตัดสินใหม่แทนแล้ว") == 1
    assert f'id="decision-{first.id}"' in page


def test_a_decision_with_a_level_issues_its_certificate(
    session: Session, cases: Cases, settings: Settings, client: TestClient
) -> None:
    keys.new_key(session, settings, by=None, at=NOW)
    session.commit()
    case = cases.proposed("ADVANCED")
    made = case.decide()
    with open_session(cases.engine, reads=True) as reading:
        (issued,) = reading.exec(select(Certificate)).all()
    assert (issued.decision_id, issued.level) == (made.id, "ADVANCED")
    cases.enter(client, "approver1")
    assert f'href="/certificates/{issued.number}"' in look(client, f"/decisions/{case.audit}")


def test_without_a_key_the_decision_stands_and_its_certificate_waits(
    client: TestClient, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")
    case.decide()
    cases.enter(client, "approver1")
    assert "ใบรับรองยังไม่ออก" in look(client, f"/decisions/{case.audit}")


@pytest.fixture
def run(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CliRunner]:
    monkeypatch.setenv("GECC_DATABASE_URL", database_url)
    monkeypatch.setenv("GECC_DATA_DIR", str(tmp_path / "var"))
    of_process.cache_clear()
    yield CliRunner()
    of_process.cache_clear()


ATTACKS = {
    "a level altered": ("UPDATE decision SET level = 'EXCELLENCE'", "tells of a decision"),
    "a second approver altered": (
        "UPDATE decision SET second = (SELECT id FROM person WHERE username = 'approver3')",
        "does not tell of a decision",
    ),
    "what was proposed altered": (
        "UPDATE proposal SET frozen = replace(frozen, '85', '95'), sha256 = sha256",
        "tells of a decision",
    ),
    "a decision deleted": (
        "DELETE FROM certificate_entry; DELETE FROM certificate; DELETE FROM decision",
        "tells of a decision",
    ),
    "a certificate altered": (
        "UPDATE certificate SET cose = x'00'",
        "tells of a certificate",
    ),
    "a certificate deleted": (
        "DELETE FROM certificate_entry; DELETE FROM certificate",
        "tells of a certificate",
    ),
    "a key forgotten": ("UPDATE issuing_key SET made_at = '2020-01-01'", "an issuing key"),
    "a key revived": (
        "UPDATE issuing_key SET retired_at = '2026-12-01'",
        "does not tell of an issuing key",
    ),
}


def test_the_log_tells_of_decisions_certificates_and_keys(
    session: Session, cases: Cases, settings: Settings, run: CliRunner
) -> None:
    keys.new_key(session, settings, by=None, at=NOW)
    session.commit()
    cases.proposed("ADVANCED").decide()
    said = run.invoke(gecc, ["log", "check"])
    assert (said.exit_code, said.stderr) == (0, ""), said.output
    with open_session(cases.engine, reads=True) as reading:
        kinds = [entry.split("\n")[0] for _, entry in log.entries_starting(reading, "gecc/1 ")]
        assert kinds[-2:] == ["gecc/1 decision", "gecc/1 certificate"]
        assert "gecc/1 issuing-key" in kinds
        # A check that does not know of later rooms calls their entries strange.
        assert len(check_log(reading).flaws) == 3


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_done_to_a_decision_or_certificate_is_found(
    session: Session, cases: Cases, settings: Settings, name: str
) -> None:
    keys.new_key(session, settings, by=None, at=NOW)
    session.commit()
    cases.proposed("ADVANCED").decide()
    statements, words = ATTACKS[name]
    if cases.engine.dialect.name == "postgresql":
        statements = statements.replace("x'00'", r"'\x00'::bytea")
    forge(cases.engine, *statements.split("; "))
    with open_session(cases.engine, reads=True) as reading:
        flaws = check_log(reading, also=COMPARERS).flaws
    assert any(words in flaw.en for flaw in flaws), flaws


def test_a_trigger_s_refusal_reaches_people_as_a_page_that_names_the_rule(
    client: TestClient, app: FastAPI, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")

    @app.post("/past-the-rules")
    def past_the_rules() -> None:
        with open_session(cases.engine) as session:
            session.add(
                Approval(
                    id="x",
                    proposal_id=case.newest.id,
                    by=cases.people["reviewer1"],
                    at=NOW,
                    outcome="calculated",
                    level="ADVANCED",
                )
            )
            session.commit()

    answer = client.post("/past-the-rules", headers={"Cookie": "lang=en"})
    assert answer.status_code == 409
    assert "nobody approves what they reviewed" in answer.text
    assert "Nothing was changed" in answer.text


def test_a_broken_constraint_is_said_as_before(
    client: TestClient, app: FastAPI, cases: Cases
) -> None:
    case = cases.proposed("ADVANCED")

    @app.post("/past-the-rules")
    def past_the_rules() -> None:
        with open_session(cases.engine) as session:
            session.connection().execute(
                text("INSERT INTO review_mark VALUES (:r, 'P01', 'perhaps', '', :at, 0)"),
                {"r": case.newest.review_id, "at": NOW.isoformat(sep=" ")},
            )

    answer = client.post("/past-the-rules", headers={"Cookie": "lang=en"})
    assert answer.status_code == 409
    assert "at the same time" in answer.text


def test_days_are_counted_in_bangkok() -> None:
    late = NOW.replace(hour=18)  # after midnight there
    assert rules.day_of(late) == rules.day_of(NOW) + timedelta(days=1)
