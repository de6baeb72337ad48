"""Certificates are issued after a decision: numbered, signed, entered into the log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.accounts.rules import Caller
from app.certification.actions import issuing, moving
from app.certification.actions import keys as issuing_keys
from app.certification.models import Certificate, Decision
from app.certification.queries import issued
from app.certification.rules import cose, numbering, payload
from app.kit.database import open_session
from app.kit.errors import Refused
from app.log import queries as log
from app.offices.models import Office
from app.settings import Settings
from tests import make
from tests.certification.issued import Central, key


def test_a_certificate_says_what_was_decided_and_its_log_says_the_same(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    signs = key(session, settings)
    made = central.certify(settings, level="ADVANCED")
    says = payload.unpack(
        cose.verify(
            made.cose,
            {bytes.fromhex(signs.kid): issued.public_of(signs)},
            context=payload.CONTEXT,
        ).payload
    )
    assert says.number == made.number == "GECC-2570-00001"
    assert (says.level, made.level_th, made.level_en) == ("ADVANCED", made.level_th, "Advanced")
    assert says.office_th == "สำนักงานยุติธรรมจังหวัดเชียงใหม่"
    assert says.issuer_th == settings.issuer_th
    assert says.edition == "gecc/2568"
    assert says.issued_at == make.NOW
    assert (made.valid_from, made.valid_until) == (date(2026, 11, 21), date(2029, 11, 20))
    assert says.valid_until == made.valid_until
    assert datetime.fromtimestamp(says.expires, UTC) == datetime(2029, 11, 20, 17, tzinfo=UTC)
    known = issued.certificate(session, made.number)
    assert known
    assert issued.is_logged(session, known)
    (entry,) = log.entries_starting(session, f"gecc/1 certificate\n{made.number}\n")
    assert entry[1] == issued.entry_of_issue(made, central.second.id)


def test_numbers_have_no_gap_and_begin_anew_with_the_fiscal_year(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    round_ = make.round_(session, offices=["PJO-50", "PJO-14", "PJO-11", "JFO"])
    last = datetime(2027, 9, 30, 16, 59, tzinfo=UTC)  # in Bangkok one minute to October
    made = [
        central.certify(settings, office, in_round=round_, at=at)
        for office, at in (
            ("PJO-50", make.NOW),
            ("PJO-14", last),
            ("PJO-11", last + timedelta(minutes=1)),
            ("JFO", last + timedelta(minutes=2)),
        )
    ]
    assert [one.number for one in made] == [
        "GECC-2570-00001", "GECC-2570-00002", "GECC-2571-00001", "GECC-2571-00002",
    ]  # fmt: skip
    assert [one.status_index for one in made] == [0, 1, 2, 3]


def test_a_number_of_a_transaction_that_came_to_nothing_is_given_again(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    visit = central.visit()
    session.commit()
    issuing.issue(session, settings, central.decide(visit), at=make.NOW)
    session.rollback()
    made = issuing.issue(session, settings, central.decide(visit), at=make.NOW)
    assert made
    assert made.number == "GECC-2570-00001"


def test_many_at_once_get_one_number_each(
    engine: Engine, session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    make.office(session)
    places = sorted(one.code for one in session.exec(select(Office)))[:64]
    round_ = make.round_(session, offices=places)
    waiting = [central.decide(central.visit(code, round_)).id for code in places]
    session.commit()

    def one(decision: str) -> str:
        with open_session(engine) as own:
            made = issuing.issue(own, settings, own.get_one(Decision, decision), at=make.NOW)
            own.commit()
        assert made
        return made.number

    with ThreadPoolExecutor(16) as everyone:
        numbers = list(everyone.map(one, waiting))
    assert sorted(numbers) == [numbering.number_of(2570, n) for n in range(1, 65)]
    with open_session(engine) as own:
        rows = own.exec(select(Certificate)).all()
        assert {row.status_index for row in rows} == set(range(64))
        assert all(
            issued.is_logged(own, known)
            for row in rows
            if (known := issued.certificate(own, row.number))
        )


def test_issuing_twice_is_issuing_once(session: Session, settings: Settings) -> None:
    central = Central(session)
    key(session, settings)
    decision = central.decide(central.visit())
    first = issuing.issue(session, settings, decision, at=make.NOW)
    again = issuing.issue(session, settings, decision, at=make.NOW + timedelta(days=1))
    assert first is again is not None


def test_a_new_certificate_of_an_office_supersedes_the_one_that_stood(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    old = central.certify(settings, level="BASIC")
    later = make.NOW + timedelta(days=400)
    other = make.round_(session, name_th="รอบถัดไป")
    new = central.certify(settings, level="EXCELLENCE", in_round=other, at=later)
    known = issued.certificate(session, old.number)
    assert known
    assert new.replaces == old.number
    assert known.standing == "superseded"
    assert known.steps[-1].reason == f"ออกใบรับรอง {new.number} แทน"
    assert issued.is_logged(session, known)
    assert issued.replaced_by(session, old.number) == new.number
    stands = issued.standing_of_office(session, new.office_id)
    assert stands
    assert stands.row.number == new.number


def test_a_suspended_certificate_is_superseded_and_a_withdrawn_one_stays_withdrawn(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    first, second = central.caller(central.first), central.caller(central.second)
    visit = central.visit()
    old = issuing.issue(session, settings, central.decide(visit), at=make.NOW)
    assert old

    def move(number: str, action: str, by: Caller) -> None:
        moving.move(session, number, action, by=by, at=make.NOW, reason="ผลตรวจติดตามไม่ผ่าน")

    move(old.number, "suspend", first)
    move(old.number, "ask_withdrawal", first)
    middle = issuing.issue(session, settings, central.decide(visit), at=make.NOW)
    assert middle
    assert middle.replaces == old.number
    move(middle.number, "suspend", first)
    move(middle.number, "ask_withdrawal", first)
    move(middle.number, "withdraw", second)
    last = issuing.issue(session, settings, central.decide(visit), at=make.NOW)
    assert last
    assert last.replaces is None
    ended = issued.certificate(session, middle.number)
    assert ended
    assert ended.standing == "withdrawn"


def test_a_later_decision_without_a_level_suspends_what_the_earlier_certified(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    visit = central.visit()
    made = issuing.issue(session, settings, central.decide(visit), at=make.NOW)
    assert made
    assert issuing.issue(session, settings, central.decide(visit, None), at=make.NOW) is None
    known = issued.certificate(session, made.number)
    assert known
    assert known.standing == "suspended"
    assert known.steps[-1].by == central.second.id
    third = central.caller(central.third)
    with pytest.raises(Refused) as no:
        moving.move(
            session, made.number, "ask_reinstatement", by=third, at=make.NOW, reason="ขอคืน"
        )
    assert no.value.refusal.code == "certificate.overruled"
    asked = moving.move(
        session, made.number, "ask_withdrawal", by=third, at=make.NOW, reason="ไม่รับรองแล้ว"
    )
    assert asked.after == "withdrawal_asked"


def test_without_a_key_the_decision_stands_and_its_certificate_waits(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    decision = central.decide(central.visit())
    by = central.first.id
    assert issuing.issue(session, settings, decision, at=make.NOW) is None
    assert [one.id for one in issued.waiting(session)] == [decision.id]
    with pytest.raises(Refused, match="no key"):
        issuing.issue_later(session, settings, decision.id, by=by, at=make.NOW)
    key(session, settings)
    made = issuing.issue_later(session, settings, decision.id, by=by, at=make.NOW)
    assert made.number == "GECC-2570-00001"
    assert issued.waiting(session) == []
    again = issuing.issue_later(session, settings, decision.id, by=by, at=make.NOW)
    assert again.number == made.number


def test_a_decision_that_a_later_one_superseded_gets_no_certificate(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    visit = central.visit()
    old = central.decide(visit)
    none = central.decide(visit, None)
    key(session, settings)
    for decision, code in ((old, "superseded"), (none, "no-level")):
        with pytest.raises(Refused) as no:
            issuing.issue_later(
                session, settings, decision.id, by=central.first.id, at=make.NOW
            )
        assert no.value.refusal.code.endswith(code)


def test_a_decision_that_another_audit_of_the_office_overtook_gets_no_certificate(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    first = central.decide(central.visit())
    later = make.NOW + timedelta(days=400)
    second = central.decide(
        central.visit(in_round=make.round_(session, name_th="รอบหลัง")), at=later
    )
    key(session, settings)
    made = issuing.issue_later(session, settings, second.id, by=central.first.id, at=later)
    assert issued.waiting(session) == []
    with pytest.raises(Refused) as no:
        issuing.issue_later(session, settings, first.id, by=central.first.id, at=later)
    assert no.value.refusal.code.endswith("superseded")
    known = issued.certificate(session, made.number)
    assert known is not None
    assert known.standing == "valid"


def test_another_level_that_waits_for_a_key_suspends_what_the_earlier_decision_certified(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    visit = central.visit()
    made = key(session, settings)
    old = central.decide(visit, "EXCELLENCE")
    high = issuing.issue(session, settings, old, at=make.NOW)
    assert high is not None
    issuing_keys.retire(session, made.kid, by=None, at=make.NOW)
    new = central.decide(visit, "BASIC", at=make.NOW + timedelta(days=1))
    assert issuing.issue(session, settings, new, at=make.NOW + timedelta(days=1)) is None
    known = issued.certificate(session, high.number)
    assert known is not None
    assert known.standing == "suspended"
    key(session, settings)
    late = make.NOW + timedelta(days=2)
    low = issuing.issue_later(session, settings, new.id, by=central.first.id, at=late)
    assert low.replaces == high.number


def test_the_office_keeps_the_name_of_the_day_of_issue(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    made = central.certify(settings)
    session.get_one(Office, made.office_id).name_th = "สำนักงานชื่อใหม่"
    session.flush()
    assert made.office_th == "สำนักงานยุติธรรมจังหวัดเชียงใหม่"


@pytest.mark.parametrize("column", ["level", "valid_until", "cose", "office_th"])
def test_the_database_refuses_to_alter_a_certificate(
    session: Session, settings: Settings, column: str
) -> None:
    central = Central(session)
    key(session, settings)
    made = central.certify(settings)
    value = {"valid_until": date(2099, 1, 1), "cose": b"x"}.get(column, "x")
    setattr(made, column, value)
    with pytest.raises(IntegrityError, match="never altered"):
        session.flush()


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 11, 21), 3, date(2029, 11, 20)),
        (date(2028, 2, 29), 3, date(2031, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2027, 3, 1), 1, date(2028, 2, 29)),
        (date(2027, 1, 1), 1, date(2027, 12, 31)),
    ],
)
def test_a_certificate_holds_whole_years(first: date, years: int, last: date) -> None:
    assert numbering.last_day(first, years) == last


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("GECC-2570-00001", "GECC-2570-00001"),
        ("gecc 2570 1", "GECC-2570-00001"),
        (" ๒๕๗๐-๐๐๐๑๒ ", "GECC-2570-00012"),
        ("GECC-2570-1234567890", None),
        ("2570", None),
        ("", None),
    ],
)
def test_a_number_is_known_as_people_type_it(typed: str, number: str | None) -> None:
    assert numbering.number_in(typed) == number
