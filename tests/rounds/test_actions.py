"""Planning by its actions, and what the database promises by itself."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.kit.errors import Refused
from app.rounds import actions, queries
from app.rounds.models import Assignment, Participation, Visit
from app.trail import queries as trail
from tests import make


def _refusal(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        action()
    return told.value.refusal.code


def test_a_visit_has_one_lead_and_its_assessors(session: Session) -> None:
    lead, other = make.person(session, "lead_assessor"), make.person(session, "assessor")
    visit = make.visit(session, lead=lead, assessors=[other])
    team = queries.team(session, [visit.id])[visit.id]
    assert [(each.id, each.lead) for each in team] == [(lead.id, True), (other.id, False)]
    [line] = trail.of(session, "visit", visit.id)
    assert line.action == "visit.planned"
    assert line.detail == {"office": "PJO-50", "on": "2026-11-24"}


def test_an_assessor_is_not_sent_to_their_own_office(session: Session) -> None:
    own = make.person(session, "lead_assessor", office="PJO-50")
    assert _refusal(lambda: make.visit(session, lead=own)) == "visit.own-office"
    assert _refusal(lambda: make.visit(session, office="PJO-50", assessors=[own])) in {
        "visit.own-office",
        "round.name-taken",  # the round of the first try is there already
    }
    elsewhere = make.office(session, "PJO-41")
    in_round = queries.rounds(session)[0]
    assert make.visit(session, in_round=in_round, office=elsewhere, lead=own)


def test_nor_by_a_later_change_of_the_team(session: Session) -> None:
    visit = make.visit(session)
    own = make.person(session, "lead_assessor", office="PJO-50")
    by = make.planner(session).id
    code = _refusal(
        lambda: actions.assign(session, visit=visit, lead=own.id, by=by, at=make.NOW)
    )
    assert code == "visit.own-office"


def test_the_database_refuses_an_assessor_of_their_own_office(session: Session) -> None:
    visit = make.visit(session)
    own = make.person(session, "assessor", office="PJO-50")
    session.add(
        Assignment(
            visit_id=visit.id,
            person_id=own.id,
            office_id=visit.office_id,
            works_at=visit.office_id,
            assigned_by=make.planner(session).id,
            at=make.NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_a_second_lead(session: Session) -> None:
    visit = make.visit(session)
    other = make.person(session, "lead_assessor")
    session.add(
        Assignment(
            visit_id=visit.id,
            person_id=other.id,
            office_id=visit.office_id,
            lead=True,
            assigned_by=make.planner(session).id,
            at=make.NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_an_assignment_that_names_another_office(
    session: Session,
) -> None:
    visit = make.visit(session)
    other = make.person(session, "assessor")
    session.add(
        Assignment(
            visit_id=visit.id,
            person_id=other.id,
            office_id=make.office(session, "PJO-41").id,
            assigned_by=make.planner(session).id,
            at=make.NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_a_visit_to_an_office_outside_the_round(
    session: Session,
) -> None:
    in_round = make.round_(session)
    session.add(
        Visit(
            id="00000000-0000-4000-8000-000000000001",
            round_id=in_round.id,
            office_id=make.office(session, "PJO-41").id,
            planned_on=date(2026, 11, 24),
            planned_by=make.planner(session).id,
            at=make.NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_an_office_twice_in_a_round(session: Session) -> None:
    in_round = make.round_(session)
    session.add(
        Participation(
            id="00000000-0000-4000-8000-000000000001",
            round_id=in_round.id,
            office_id=make.office(session).id,
            added_by=make.planner(session).id,
            at=make.NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_adding_offices_twice_adds_them_once(session: Session) -> None:
    in_round = make.round_(session, offices=["PJO-50"])
    ids = {make.office(session, code).id for code in ("PJO-50", "PJO-41")}
    by = make.planner(session).id
    added = [
        actions.add_offices(session, round_=in_round, office_ids=ids, by=by, at=make.NOW)
        for _ in range(2)
    ]
    assert added == [1, 0]
    assert queries.taking_part(session, in_round.id) == ids


def test_an_unknown_office_is_not_added(session: Session) -> None:
    in_round = make.round_(session)
    by = make.planner(session).id
    for ids, code in (({"nowhere"}, "office.unknown"), (set(), "round.no-offices")):
        assert code == _refusal(
            lambda ids=ids: actions.add_offices(  # type: ignore[misc]
                session, round_=in_round, office_ids=ids, by=by, at=make.NOW
            )
        )


def test_a_cancelled_visit_makes_room_for_another(session: Session) -> None:
    in_round = make.round_(session)
    first = make.visit(session, in_round=in_round)
    by = make.planner(session).id
    assert _refusal(lambda: make.visit(session, in_round=in_round)) == "visit.planned-already"
    actions.cancel_visit(session, visit=first, reason="น้ำท่วม ถนนขาด", by=by, at=make.NOW)
    second = make.visit(session, in_round=in_round, on="2026-12-01")
    [row] = queries.board(session, in_round.id)
    assert row.visit is not None
    assert row.visit.id == second.id
    assert [visit.id for visit, _ in queries.cancelled_visits(session, in_round.id)] == [
        first.id
    ]
    code = _refusal(
        lambda: actions.move_visit(
            session,
            visit=first,
            planned_on=date(2026, 12, 2),
            reason="ฝนตกหนัก",
            by=by,
            at=make.NOW,
        )
    )
    assert code == "visit.cancelled"


def test_a_closed_round_is_not_planned_in_until_it_is_reopened(session: Session) -> None:
    in_round = make.round_(session)
    by = make.planner(session).id
    actions.close_round(session, round_=in_round, by=by, at=make.NOW)
    assert _refusal(lambda: make.visit(session, in_round=in_round)) == "round.closed"
    actions.reopen_round(session, round_=in_round, by=by, at=make.NOW)
    assert make.visit(session, in_round=in_round)


def test_reassigning_replaces_the_whole_team(session: Session) -> None:
    visit = make.visit(session, assessors=[make.person(session, "assessor")])
    lead, other = make.person(session, "lead_assessor"), make.person(session, "assessor")
    by = make.planner(session).id
    actions.assign(session, visit=visit, lead=lead.id, assessors=[other.id], by=by, at=make.NOW)
    found = session.exec(select(Assignment).where(Assignment.visit_id == visit.id)).all()
    assert {(each.person_id, each.lead) for each in found} == {
        (lead.id, True),
        (other.id, False),
    }
    assert queries.visits_of(session, lead.id)[0][0].id == visit.id


def test_the_same_team_again_changes_nothing(session: Session) -> None:
    lead = make.person(session, "lead_assessor")
    visit = make.visit(session, lead=lead)
    by = make.planner(session).id
    actions.assign(session, visit=visit, lead=lead.id, by=by, at=make.NOW)
    assert len(trail.of(session, "visit", visit.id)) == 1


def test_the_board_stands_in_thai_order(session: Session) -> None:
    codes = ["PJO-41", "PJO-30", "PJO-50", "JFO", "PJO-65", "JSL"]
    in_round = make.round_(session, offices=codes)
    names = [row.office.code for row in queries.board(session, in_round.id)]
    assert names == ["JSL", "JFO", "PJO-50", "PJO-30", "PJO-65", "PJO-41"]
