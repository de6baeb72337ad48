"""The invented world, and the command line that makes it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from app import cli, demo
from app.accounts import queries
from app.accounts.rules import DEMO_PASSWORD, ROLES, refusal_of_password
from app.audits import queries as audits
from app.audits.queries.checking import check_log
from app.certification.models import Certificate
from app.certification.queries.checking import COMPARERS
from app.kit.errors import Refused
from app.offices import queries as offices
from app.rounds import actions
from app.rounds import queries as rounds
from app.settings import settings as of_process
from tests import make


@pytest.mark.parametrize(
    "now",
    [
        make.NOW,
        datetime(2026, 9, 30, 16, 59, tzinfo=UTC),
        datetime(2026, 9, 30, 17, 0, tzinfo=UTC),  # the first of October in Bangkok
        datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
    ],
)
def test_the_world_is_made_around_any_day(session: Session, now: datetime) -> None:
    world = demo.seed(session, now=now)
    rows = rounds.board(session, world.round_.id)
    assert len(rows) == 6
    assert sum(row.visit is not None for row in rows) == 5
    for row in rows:
        if row.visit is not None:
            assert world.round_.opens_on <= row.visit.planned_on <= world.round_.closes_on
            assert len(row.team) >= 2


def test_every_role_is_played_and_no_name_is_used_twice() -> None:
    assert {role for each in demo.PEOPLE for role in each.roles} == set(ROLES)
    for field in ("username", "name_th", "name_en"):
        assert len({getattr(each, field) for each in demo.PEOPLE}) == len(demo.PEOPLE)
    for each in demo.PEOPLE:
        assert refusal_of_password(DEMO_PASSWORD, each.username) is None


def test_one_assessor_belongs_to_chiang_mai_so_that_the_refusal_can_be_seen(
    session: Session,
) -> None:
    world = demo.seed(session, now=make.NOW)
    visit = rounds.standing_visit(session, world.round_.id, world.offices["PJO-50"].id)
    assert visit is not None
    with pytest.raises(Refused) as told:
        actions.assign(
            session,
            visit=visit,
            lead=world.people["lead1"].id,
            assessors=[world.people["assessor2"].id],
            by=world.people["reviewer1"].id,
            at=make.NOW,
        )
    assert told.value.refusal.code == "visit.own-office"


@pytest.fixture
def gecc(
    session: Session, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CliRunner:
    """The command line, on a database with tables."""
    session.rollback()
    monkeypatch.setenv("GECC_DATABASE_URL", database_url)
    monkeypatch.setenv("GECC_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("GECC_DEMO", "1")
    of_process.cache_clear()
    return CliRunner()


@pytest.fixture(autouse=True)
def _forget_settings() -> Iterator[None]:
    yield
    of_process.cache_clear()


def test_load_brings_offices_and_editions_and_twice_is_harmless(
    gecc: CliRunner, session: Session
) -> None:
    first = gecc.invoke(cli.app, ["load"])
    second = gecc.invoke(cli.app, ["load"])
    assert "Offices: 78 new." in first.output
    assert "Offices: 0 new." in second.output
    assert "Edition gecc/2568: sha256 " in second.output
    assert len(offices.offices(session)) == 78


def test_seed_fills_an_empty_database_and_shows_the_sign_ins(
    gecc: CliRunner, session: Session
) -> None:
    first = gecc.invoke(cli.app, ["seed", "--if-empty", "--walk-only"])
    assert first.exit_code == 0
    assert DEMO_PASSWORD in first.output
    assert "lead1" in first.output
    assert len(rounds.rounds(session)) == 1
    session.rollback()
    again = gecc.invoke(cli.app, ["seed", "--if-empty"])
    assert again.exit_code == 0
    assert DEMO_PASSWORD in again.output
    refused = gecc.invoke(cli.app, ["seed"])
    assert refused.exit_code == 2
    assert "There are people" in refused.output


def test_seed_is_refused_where_it_is_not_for_trying_out(
    gecc: CliRunner, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GECC_DEMO", "0")
    of_process.cache_clear()
    refused = gecc.invoke(cli.app, ["seed", "--if-empty"])
    assert refused.exit_code == 2
    assert queries.everybody(session) == []


def test_the_first_administrator_is_added_by_command(gecc: CliRunner, session: Session) -> None:
    words = ["person", "add", "Boss", "--name", "หัวหน้า ใหญ่", "--role", "administrator"]
    made = gecc.invoke(cli.app, words)
    assert made.exit_code == 0
    username, password = made.output.strip().split(": ")
    assert username == "boss"
    boss = queries.by_username(session, "boss")
    assert queries.same_password(boss, password)
    session.commit()
    reset = gecc.invoke(cli.app, ["person", "reset-password", "BOSS"])
    session.expire_all()
    assert queries.same_password(boss, reset.output.strip().split(": ")[1])
    assert not queries.same_password(boss, password)


@pytest.mark.parametrize(
    "words",
    [
        ["person", "add", "x", "--name", "ก"],
        ["person", "add", "good", "--name", "ก", "--role", "emperor"],
        ["person", "reset-password", "nobody"],
    ],
)
def test_a_no_is_one_sentence_and_exit_code_2(gecc: CliRunner, words: list[str]) -> None:
    refused = gecc.invoke(cli.app, words)
    assert refused.exit_code == 2
    assert len(refused.output.strip().splitlines()) == 1
    assert "Traceback" not in refused.output


def test_a_database_without_tables_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GECC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GECC_DATABASE_URL", "")
    of_process.cache_clear()
    refused = CliRunner().invoke(cli.app, ["load"])
    assert refused.exit_code == 2
    assert "gecc migrate" in refused.output


def test_migrate_makes_the_tables_that_load_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GECC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GECC_DATABASE_URL", "")
    of_process.cache_clear()
    migrated = CliRunner().invoke(cli.app, ["migrate"])
    assert migrated.exit_code == 0, migrated.output
    assert CliRunner().invoke(cli.app, ["load"]).exit_code == 0


def test_the_pilot_round_shows_what_becomes_of_a_visit_after_its_last_answer(
    gecc: CliRunner, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kit.clock.utc_now", lambda: make.NOW)
    assert gecc.invoke(cli.app, ["seed"]).exit_code == 0
    pilot, _ = sorted(rounds.rounds(session), key=lambda each: each.opens_on)
    board = rounds.board(session, pilot.id)
    found = {row.office.code: audits.find(session, row.visit.id) for row in board if row.visit}
    assert {code: each.stage for code, each in found.items() if each} == {
        **dict.fromkeys(("PJO-50", "PJO-65", "PJO-30", "PJO-41", "JFO", "JSL"), "decided"),
        "PJO-57": "proposed",
        "PJO-90": "returned",
        "PJO-83": "submitted",
    }
    certified = {each.office_id for each in session.exec(select(Certificate))}
    places = {each.id: each.code for each in offices.offices(session)}
    # One of the six did not reach a level.
    assert {places[each] for each in certified} == {"PJO-50", "PJO-65", "PJO-41", "JFO", "JSL"}
    assert check_log(session, also=COMPARERS).flaws == []
