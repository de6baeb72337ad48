"""What the rules forbid, the database refuses again, whoever writes the row and however."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import DDL, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from app import schema
from app.checklists.rules.draft import DraftLevel
from app.kit.database import open_session
from tests.audits.world import NOW, uid
from tests.certification.world import Case, Cases

AT = NOW.isoformat(sep=" ")


def say(engine: Engine, statement: str, **values: Any) -> None:
    """Raw SQL, past every action."""
    with open_session(engine) as session:
        session.connection().execute(text(statement), values)
        session.commit()


def approval(case: Case, who: str, outcome: str = "calculated", **other: Any) -> None:
    values = {"level": case.newest.level if outcome == "calculated" else None, "reason": "raw"}
    say(
        case.all.engine,
        "INSERT INTO approval (id, proposal_id, by, at, outcome, level, reason) "
        "VALUES (:id, :proposal, :by, :at, :outcome, :level, :reason)",
        id=uid(),
        proposal=case.newest.id,
        by=case.all.people[who],
        at=AT,
        outcome=outcome,
        **{**values, **other},
    )


def decision(case: Case, first: str, second: str | None, **other: Any) -> None:
    values = {
        "id": uid(),
        "audit": case.audit,
        "proposal": case.newest.id,
        "outcome": "calculated",
        "level": case.newest.level,
        "reason": "",
        "first": case.all.people[first],
        "second": case.all.people[second] if second else None,
        "no": None,
        "on": None,
        "at": AT,
        "supersedes": None,
        **other,
    }
    say(
        case.all.engine,
        "INSERT INTO decision (id, audit_id, proposal_id, outcome, level, reason, first, "
        "second, resolution_no, resolution_on, at, supersedes) "
        "VALUES (:id, :audit, :proposal, :outcome, :level, :reason, :first, :second, "
        ":no, :on, :at, :supersedes)",
        **values,
    )


def appeal(case: Case, who: str, of: str) -> None:
    say(
        case.all.engine,
        "INSERT INTO appeal (id, decision_id, by, at, reasons) "
        "VALUES (:id, :of, :by, :at, 'raw')",
        id=uid(),
        of=of,
        by=case.all.people[who],
        at=AT,
    )


def review(case: Case, who: str, kind: str = "review") -> None:
    say(
        case.all.engine,
        "INSERT INTO review (id, audit_id, reviewer, kind, taken_at) "
        "VALUES (:id, :audit, :by, :kind, :at)",
        id=uid(),
        audit=case.audit,
        by=case.all.people[who],
        kind=kind,
        at=AT,
    )


def assign(case: Case, who: str) -> None:
    say(
        case.all.engine,
        "INSERT INTO assignment (visit_id, person_id, office_id, lead, assigned_by, at) "
        "VALUES (:audit, :who, :office, false, :by, :at)",
        audit=case.audit,
        who=case.all.people[who],
        office=case.office,
        by=case.all.people["central"],
        at=AT,
    )


def join(case: Case, who: str) -> None:
    say(
        case.all.engine,
        "INSERT INTO membership (person_id, office_id, since) VALUES (:who, :office, :at)",
        who=case.all.people[who],
        office=case.office,
        at=AT,
    )


def refused(do: Callable[[], None], why: str) -> None:
    """It does not happen, for this reason."""
    with pytest.raises(IntegrityError) as error:
        do()
    assert why in str(error.value.orig), str(error.value.orig)


@pytest.fixture
def cases(engine: Engine) -> Cases:
    return Cases(engine)


def test_an_approval_that_the_rules_allow_is_taken(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    approval(case, "approver1")
    approval(case, "approver2", "lower", level="BASIC")
    approval(case, "approver3", "none")


def test_nobody_approves_what_they_assessed(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    for who in ("lead", "second"):
        refused(lambda who=who: approval(case, who), "nobody approves what they assessed")  # type: ignore[misc]


def test_nobody_approves_where_they_wrote_though_no_longer_sent(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    with open_session(cases.engine) as session:
        session.connection().execute(text("DELETE FROM assignment"))
        session.commit()
    refused(lambda: approval(case, "lead"), "nobody approves what they assessed")


def test_nobody_approves_what_they_reviewed(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    refused(lambda: approval(case, "reviewer1"), "nobody approves what they reviewed")


def test_nobody_approves_for_their_own_office(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    join(case, "approver1")
    refused(lambda: approval(case, "approver1"), "nobody approves for their own office")


def test_nobody_approves_twice(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    approval(case, "approver1")
    with pytest.raises(IntegrityError):
        approval(case, "approver1", "none")


@pytest.mark.parametrize(
    ("outcome", "level", "why"),
    [
        ("calculated", "EXCELLENCE", "as it is"),
        ("calculated", None, "as it is"),
        ("lower", "EXCELLENCE", "lower one"),
        ("lower", "ADVANCED", "lower one"),
        ("lower", "NOWHERE", "lower one"),
        ("lower", None, "lower one"),
    ],
)
def test_no_level_is_higher_than_calculated(
    cases: Cases, outcome: str, level: str | None, why: str
) -> None:
    case = cases.proposed("ADVANCED")
    refused(lambda: approval(case, "approver1", outcome, level=level), why)


def test_what_reached_no_level_gets_none(cases: Cases) -> None:
    case = cases.proposed()
    assert case.newest.level is None
    refused(lambda: approval(case, "approver1", "lower", level="BASIC"), "lower one")
    refused(lambda: approval(case, "approver1", "calculated", level="BASIC"), "as it is")
    approval(case, "approver1")


@pytest.mark.parametrize(("outcome", "level"), [("lower", "BASIC"), ("none", None)])
def test_another_result_than_calculated_needs_a_reason(
    cases: Cases, outcome: str, level: str | None
) -> None:
    case = cases.proposed("ADVANCED")
    with pytest.raises(IntegrityError):
        approval(case, "approver1", outcome, level=level, reason="")


def test_a_decision_is_of_two_who_approved_the_same(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    approved = "a decision is what its approvers approved"
    refused(lambda: decision(case, "approver1", "approver2"), approved)
    approval(case, "approver1")
    refused(lambda: decision(case, "approver1", "approver2"), approved)
    approval(case, "approver2", "lower", level="BASIC")
    refused(lambda: decision(case, "approver1", "approver2"), approved)
    approval(case, "approver3")
    refused(
        lambda: decision(
            case, "approver1", "approver3", outcome="none", level=None, reason="x"
        ),
        approved,
    )
    with pytest.raises(IntegrityError):  # one person twice
        decision(case, "approver1", "approver1")
    with pytest.raises(IntegrityError):  # alone, without a committee
        decision(case, "approver1", None)
    say(cases.engine, "UPDATE approval SET withdrawn_at = :at", at=AT)
    refused(lambda: decision(case, "approver1", "approver3"), approved)


def test_nobody_decides_who_has_come_to_be_bound_since_they_approved(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    approval(case, "approver1")
    approval(case, "approver2")
    join(case, "approver1")
    refused(lambda: decision(case, "approver1", "approver2"), "nobody decides what they")


def test_only_the_newest_proposal_of_the_audit_is_decided(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    approval(case, "approver1")
    approval(case, "approver2")
    old = case.newest.id
    other = cases.visit()
    newest = "the newest proposal of an audit is decided"
    other.submit()
    refused(lambda: decision(case, "approver1", "approver2", audit=other.audit), newest)
    case.step("send_back", "approver3", reason="ดูอีกครั้ง")
    case.propose()
    refused(lambda: decision(case, "approver1", "approver2", proposal=old), newest)


def test_a_decision_names_the_one_before_it(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    first = case.decide()
    case.step("correct", "approver1", reason="คะแนนผิดข้อ")
    case.take("reviewer2")
    case.propose("reviewer2")
    approval(case, "approver1")
    approval(case, "approver2")
    before = "a decision names the one before it"
    refused(lambda: decision(case, "approver1", "approver2"), before)
    refused(lambda: decision(case, "approver1", "approver2", supersedes=uid()), before)
    decision(case, "approver1", "approver2", supersedes=first.id)


def test_an_office_appeals_for_itself_and_once(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    made = case.decide()
    refused(lambda: appeal(case, "approver1", made.id), "an office appeals for itself")
    refused(lambda: appeal(case, "neighbour", made.id), "an office appeals for itself")
    appeal(case, "head", made.id)
    refused(lambda: appeal(case, "head", made.id), "an office appeals once")


def test_an_appeal_is_heard_by_somebody_new(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    case.decide()
    refused(lambda: review(case, "reviewer1", "appeal"), "heard by another reviewer")
    refused(lambda: review(case, "approver1", "appeal"), "against what they approved")
    refused(lambda: review(case, "lead"), "nobody reviews what they assessed")
    refused(lambda: review(case, "head"), "nobody reviews their own office")
    review(case, "reviewer2", "appeal")


def test_nobody_is_sent_to_assess_what_they_reviewed_or_approved(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    approval(case, "approver1")
    refused(lambda: assign(case, "reviewer1"), "nobody assesses what they reviewed")
    refused(lambda: assign(case, "approver1"), "nobody assesses what they approved")
    assign(case, "stranger")


def test_only_the_reviewer_who_holds_the_audit_proposes(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    say_proposal = (
        "INSERT INTO proposal (id, audit_id, review_id, n, by, at, level, frozen, sha256, "
        "head, remark) SELECT :id, audit_id, review_id, 2, :by, at, level, frozen, sha256, "
        "head, '' FROM proposal"
    )
    refused(
        lambda: say(cases.engine, say_proposal, id=uid(), by=cases.people["reviewer2"]),
        "the reviewer who holds the audit proposes",
    )
    say(cases.engine, "UPDATE review SET ended_at = :at", at=AT)
    refused(
        lambda: say(cases.engine, say_proposal, id=uid(), by=cases.people["reviewer1"]),
        "the reviewer who holds the audit proposes",
    )
    assert case.newest.n == 1


def test_a_step_begins_where_the_one_before_it_led(cases: Cases) -> None:
    case = cases.proposed("ADVANCED")
    row = (
        "INSERT INTO audit_step (audit_id, n, action, before, after, by, at, head) "
        "VALUES (:audit, :n, :action, :before, :after, :by, :at, 0)"
    )
    values = {"audit": case.audit, "by": cases.people["approver1"], "at": AT}
    jump = {"n": 4, "action": "appeal", "before": "decided", "after": "appealed"}
    refused(lambda: say(cases.engine, row, **values, **jump), "begins where")
    gap = {"n": 6, "action": "decide", "before": "proposed", "after": "decided"}
    refused(lambda: say(cases.engine, row, **values, **gap), "begins where")
    with pytest.raises(IntegrityError):  # a transition that no table knows
        say(cases.engine, row, **values, n=4, action="decide", before="proposed", after="open")


@pytest.mark.parametrize(
    "table",
    ["audit_step", "review", "proposal", "approval", "decision", "appeal", "appeal_evidence"],
)
def test_records_are_never_altered_or_deleted(cases: Cases, table: str) -> None:
    case = cases.proposed("ADVANCED")
    made = case.decide()
    appeal(case, "head", made.id)
    say(
        cases.engine,
        "INSERT INTO appeal_evidence (appeal_id, sha256, name) "
        "SELECT id, :sha, '1' FROM appeal",
        sha="a" * 64,
    )
    column = {"audit_step": "reason", "review": "kind", "appeal_evidence": "name"}.get(
        table, "at"
    )
    altered = f"{table} is never altered"
    refused(lambda: say(cases.engine, f"UPDATE {table} SET {column} = {column}"), altered)
    refused(lambda: say(cases.engine, f"DELETE FROM {table}"), altered)


def test_nobody_grants_themselves_a_role(cases: Cases) -> None:
    with pytest.raises(IntegrityError):
        say(
            cases.engine,
            "INSERT INTO role_grant (person_id, role, granted_by, at) "
            "VALUES (:who, 'approver', :who, :at)",
            who=cases.people["admin"],
            at=AT,
        )


def test_the_database_has_exactly_the_triggers_that_the_models_declare(
    session: Session,
) -> None:
    connection = session.connection()
    dialect = connection.dialect.name
    declared = _declared(dialect)
    if dialect == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        asked = (
            "SELECT tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT tgisinternal"
        )
    migrated = {name: _tidy(said) for name, said in connection.execute(text(asked))}
    connection.rollback()
    # The trail's are older than `kit.history`: the first migration alone has them.
    trail = {name for name in migrated if name.startswith("trail_line_no_")}
    # They refuse nothing: SQLite's index of words follows its table by them.
    search = {"search_text_in", "search_text_out", "search_text_over"} & set(migrated)
    assert len(trail) == len({"update", "delete"}) if dialect == "sqlite" else trail
    assert len(declared) > 40
    aside = trail | search
    assert {name: said for name, said in migrated.items() if name not in aside} == declared


def _declared(dialect: str) -> dict[str, str]:
    """Each trigger of the models with what it does: on PostgreSQL, what its function does."""
    said = [
        each.statement.replace("%%", "%")
        for table in schema.metadata.tables.values()
        for each in table.dispatch.after_create
        if isinstance(each, DDL)
        and each._ddl_if is not None
        and each._ddl_if.dialect == dialect
    ]
    functions = {
        name[1]: statement.split("$$")[1]
        for statement in said
        if (name := re.match(r"CREATE OR REPLACE FUNCTION (\w+)", statement))
    }
    found = {}
    for statement in said:
        if name := re.match(r"CREATE TRIGGER (\w+)", statement):
            runs = re.search(r"EXECUTE FUNCTION (\w+)", statement)
            found[name[1]] = _tidy(functions[runs[1]] if runs else statement)
    return found


def _tidy(statement: str) -> str:
    return " ".join(statement.split())


def test_a_level_may_be_called_whatever_an_edition_may_call_it() -> None:
    code, words = "L" + "x" * 31, "ก" * 4000
    DraftLevel.model_validate({"code": code, "name": {"th": words, "en": words}, "min": 85})
    tables: Any = SQLModel.metadata.tables
    for table in ("proposal", "approval", "decision", "certificate"):
        assert tables[table].c.level.type.length >= len(code)
    named = tables["certificate"].c
    assert min(named.level_th.type.length, named.level_en.type.length) >= len(words)
    assert named.edition.type.length >= len(f"{'s' * 32}/{'e' * 32}")
