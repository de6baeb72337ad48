"""Declared interests and cautions: rules with properties, actions, and the database itself."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.kit.errors import Refused
from app.rounds import actions, queries
from app.rounds.models import Interest, Visit
from app.rounds.rules import (
    KINDS,
    Bound,
    Elsewhere,
    cautions_about,
    refusal_of_interest,
    refusal_to_assign,
    refusal_to_declare,
    refusal_to_end,
    refusal_to_go_on,
    refusal_to_undo,
    standing,
)
from app.trail import queries as trail
from tests import make

DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
BOUNDS = st.builds(Bound, st.sampled_from(sorted(KINDS)), st.none() | DAYS, st.none() | DAYS)
NAMES = {"a": {"th": "ก", "en": "A"}, "b": {"th": "ข", "en": "B"}, "c": {"th": "ค", "en": "C"}}
PEOPLE = st.sets(st.sampled_from(sorted(NAMES)))


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        action()
    return told.value.refusal.code


@given(st.lists(BOUNDS, max_size=4), DAYS)
def test_an_interest_counts_from_its_first_day_to_its_last(
    bounds: list[Bound], day: date
) -> None:
    expected = any(
        (each.from_on or date.min) <= day <= (each.until_on or date.max) for each in bounds
    )
    found = standing(bounds, day)
    assert (found is not None) == expected
    no = refusal_to_assign(
        roles=["assessor"], works_at=None, office="o", lead=False, interest=found
    )
    assert (no is not None) == expected
    assert no == refusal_of_interest(found)


@given(st.lists(PEOPLE, max_size=2), PEOPLE)
def test_a_caution_names_exactly_who_comes_again(
    neighbours: list[set[str]], team: set[str]
) -> None:
    found = cautions_about(
        names={each: NAMES[each] for each in team}, province="50", neighbours=neighbours
    )
    assert bool(found) == any(team & each for each in neighbours)
    for each in found:
        again = {
            name for name in NAMES if NAMES[name]["th"] in each.th.split(": ")[1].split(", ")
        }
        assert again in [team & near for near in neighbours]
        assert each.code == ("visit.same-pair" if len(again) > 1 else "visit.same-assessor")
    assert (refusal_to_go_on(found, known=False) is not None) == bool(found)
    assert refusal_to_go_on(found, known=True) is None


@given(st.none() | st.sampled_from(["10", "50"]), st.none() | st.sampled_from(["10", "50"]))
def test_one_day_in_two_provinces_is_warned_of(first: str | None, second: str | None) -> None:
    there = [Elsewhere("a", {"th": "ที่อื่น", "en": "Elsewhere"}, second)]
    found = cautions_about(names={"a": NAMES["a"]}, province=first, elsewhere=there)
    assert [each.code for each in found] == (["visit.two-provinces"] if first != second else [])


def test_declaring_is_refused_for_its_words_only() -> None:
    good = {"kind": "relative", "note": "", "from_on": None, "until_on": None}
    assert refusal_to_declare(**good) is None  # type: ignore[arg-type]
    for wrong, code in (
        ({"kind": "friend"}, "interest.kind"),
        ({"note": "x" * 501}, "interest.note"),
        ({"kind": "other"}, "interest.note"),
        ({"from_on": date(2027, 1, 2), "until_on": date(2027, 1, 1)}, "interest.days"),
    ):
        no = refusal_to_declare(**good | wrong)
        assert no is not None
        assert no.code == code


def test_nobody_ends_an_interest_of_their_own() -> None:
    no = refusal_to_end(about="a", by="a", ended=False)
    assert no is not None
    assert no.code == "interest.own"
    assert refusal_to_end(about="a", by="b", ended=False) is None
    assert refusal_to_end(about="a", by="b", ended=True) is not None


def test_what_has_begun_is_not_taken_back() -> None:
    for changed, begun, code in (
        (True, False, None),
        (True, True, "visit.begun"),
        (False, False, "visit.nothing-to-undo"),
    ):
        no = refusal_to_undo(changed=changed, begun=begun)
        assert (no.code if no else None) == code


def test_who_declared_an_interest_is_not_sent_until_it_is_ended(session: Session) -> None:
    lead = make.person(session, "lead_assessor")
    in_round = make.round_(session)
    where, by = make.office(session), make.planner(session).id
    declared = actions.declare(
        session, person=lead.id, office=where.id, kind="relative", by=lead.id, at=make.NOW
    )
    [line] = trail.of(session, "person", lead.id, limit=1)
    assert line.action == "interest.declared"
    assert (
        refused(lambda: make.visit(session, in_round=in_round, lead=lead)) == "visit.interest"
    )
    [grey] = queries.candidates(session, where.id, on=date(2026, 11, 24))
    assert grey.refusal is not None
    assert grey.refusal.code == "visit.interest"
    own = refused(
        lambda: actions.end(
            session, interest=declared, reason="ไม่มีแล้ว", by=lead.id, at=make.NOW
        )
    )
    assert own == "interest.own"
    actions.end(session, interest=declared, reason="ไม่มีแล้ว", by=by, at=make.NOW)
    assert make.visit(session, in_round=in_round, lead=lead)


def test_a_visit_is_not_moved_to_a_day_on_which_an_interest_stands(session: Session) -> None:
    lead = make.person(session, "lead_assessor")
    visit = make.visit(session, lead=lead)
    actions.declare(
        session,
        person=lead.id,
        office=visit.office_id,
        kind="business",
        from_on=date(2026, 12, 1),
        by=lead.id,
        at=make.NOW,
    )

    def move(day: int) -> None:
        actions.move_visit(
            session,
            visit=visit,
            planned_on=date(2026, 12, day) if day < 5 else date(2026, 11, 30),
            reason="ฝนตกหนัก",
            by=make.planner(session).id,
            at=make.NOW,
        )

    assert refused(lambda: move(1)) == "visit.interest"
    move(30)
    assert (visit.planned_on, visit.sequence) == (date(2026, 11, 30), 1)


def test_the_same_pair_twice_in_a_row_waits_for_a_word_and_is_noted(session: Session) -> None:
    lead, other = make.person(session, "lead_assessor"), make.person(session, "assessor")
    make.visit(session, lead=lead, assessors=[other], on="2026-11-10")
    second = make.round_(session, name_th="รอบสอง")
    by, where = make.planner(session).id, make.office(session)

    def plan(*, known: bool) -> Visit:
        return actions.plan_visit(
            session,
            round_=second,
            office=where,
            planned_on=date(2026, 12, 1),
            lead=lead.id,
            assessors=[other.id],
            known=known,
            by=by,
            at=make.NOW,
        )

    assert refused(lambda: plan(known=False)) == "visit.caution"
    visit = plan(known=True)
    [line] = trail.of(session, "visit", visit.id)
    assert line.detail["known"] == ["visit.same-pair"]
    assert [each.code for each in queries.cautions_of(session, visit)] == ["visit.same-pair"]


def test_undoing_twice_leads_back_and_forth(session: Session) -> None:
    first, second = (make.person(session, "lead_assessor") for _ in range(2))
    visit = make.visit(session, lead=first)
    by = make.planner(session).id
    actions.assign(session, visit=visit, lead=second.id, by=by, at=make.NOW)
    for expected in (first, second):
        actions.undo(session, visit=visit, begun=False, by=by, at=make.NOW)
        [member] = queries.team(session, [visit.id])[visit.id]
        assert (member.id, member.lead) == (expected.id, True)
    assert visit.sequence == 3


@pytest.fixture
def bound(session: Session) -> tuple[Visit, str]:
    """A visit on 24 November, and somebody with an interest in its office in December."""
    visit = make.visit(session)
    person = make.person(session, "assessor")
    actions.declare(
        session,
        person=person.id,
        office=visit.office_id,
        kind="worked",
        from_on=date(2026, 12, 1),
        until_on=date(2026, 12, 31),
        by=person.id,
        at=make.NOW,
    )
    session.commit()
    return visit, person.id


ASSIGN = (
    "INSERT INTO assignment (visit_id, person_id, office_id, lead, assigned_by, at) "
    "SELECT id, :person, office_id, false, planned_by, at FROM visit WHERE id = :visit"
)


def test_the_database_refuses_to_assign_against_an_interest(
    session: Session, bound: tuple[Visit, str]
) -> None:
    visit, person = bound
    names = {"visit": visit.id, "person": person}
    session.connection().execute(text(ASSIGN), names)  # it does not stand yet in November
    session.rollback()
    session.connection().execute(
        text("UPDATE visit SET planned_on = '2026-12-31' WHERE id = :visit"),
        {"visit": visit.id},
    )
    with pytest.raises(DBAPIError, match="nobody assesses an office they have an interest in"):
        session.connection().execute(text(ASSIGN), names)


def test_the_database_refuses_to_move_a_visit_into_an_interest(
    session: Session, bound: tuple[Visit, str]
) -> None:
    visit, person = bound
    session.connection().execute(text(ASSIGN), {"visit": visit.id, "person": person})
    for_visit = {"visit": visit.id}
    after = text("UPDATE visit SET planned_on = '2027-01-01' WHERE id = :visit")
    session.connection().execute(after, for_visit)
    inside = text("UPDATE visit SET planned_on = '2026-12-15' WHERE id = :visit")
    with pytest.raises(DBAPIError, match="nobody assesses an office they have an interest in"):
        session.connection().execute(inside, for_visit)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE interest SET kind = 'other'",
        "UPDATE interest SET until_on = NULL",
        "DELETE FROM interest",
        "UPDATE interest SET ended_at = at, ended_by = person_id, ended_reason = 'x'",
        "UPDATE interest SET ended_at = at",
    ],
)
def test_the_database_keeps_what_was_declared(
    session: Session, bound: tuple[Visit, str], statement: str
) -> None:
    with pytest.raises(DBAPIError):
        session.connection().execute(text(statement))
    session.rollback()
    assert session.get(Interest, queries.interests(session)[0].row.id) is not None
