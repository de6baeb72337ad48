"""Keys that sign certificates: made, rotated, compromised, lost; the runbook's own commands."""

import hashlib
import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from typer.testing import CliRunner

from app.certification import keys
from app.certification.actions import issuing, moving
from app.certification.actions import keys as actions
from app.certification.queries import issued
from app.certification.rules import payload
from app.certification.rules.verifying import verify
from app.cli import app as gecc
from app.kit.errors import Refused
from app.log import queries as log
from app.settings import Settings
from app.settings import settings as from_environment
from tests import make
from tests.certification.issued import Central, key

RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "keys.md"


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """The command line on this test's database."""
    monkeypatch.setenv("GECC_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GECC_DATABASE_URL", settings.database)
    from_environment.cache_clear()
    yield CliRunner()
    from_environment.cache_clear()


def told(run: CliRunner, *words: str, code: int = 0) -> str:
    done = run.invoke(gecc, ["keys", *words])
    assert done.exit_code == code, done.output
    return done.output


def state_of(session: Session, settings: Settings, number: str) -> tuple[str, str]:
    """What a phone without network says of a certificate."""
    known = issued.certificate(session, number)
    assert known
    text = payload.address("https://gecc.example.go.th", known.row.cose)
    found = verify(text, issued.verifying_keys(session), now=int(make.NOW.timestamp()) + 60)
    return found.state, found.reason


def test_a_new_key_is_a_file_for_our_eyes_only_a_row_and_an_entry_of_the_log(
    session: Session, settings: Settings
) -> None:
    made = key(session, settings)
    path = keys.path_of(settings.data_dir, made.kid)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0
    assert hashlib.sha256(issued.public_of(made)).hexdigest().startswith(made.kid)
    signer = keys.signer(session, settings)
    assert signer
    assert signer.kid == made.kid
    ((_, entry),) = log.entries_starting(session, f"gecc/1 issuing-key\n{made.kid}\n")
    assert entry == f"gecc/1 issuing-key\n{made.kid}\nmade\n2026-11-21T02:00:00.000Z\n"


def test_the_private_half_is_nowhere_but_in_its_file(
    session: Session, settings: Settings
) -> None:
    made = key(session, settings)
    pem = keys.path_of(settings.data_dir, made.kid).read_text()
    assert "PRIVATE KEY" in pem
    assert set(type(made).model_fields) == {
        "kid", "public", "made_at", "retired_at", "compromised_at", "reason",
    }  # fmt: skip


def test_after_a_rotation_old_certificates_verify_and_new_ones_are_of_the_new_key(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    old_key = key(session, settings)
    round_ = make.round_(session, offices=["PJO-50", "PJO-14"])
    old = central.certify(settings, in_round=round_)
    new_key = key(session, settings, make.NOW + timedelta(days=365))
    new = central.certify(settings, "PJO-14", in_round=round_)
    assert (old.kid, new.kid) == (old_key.kid, new_key.kid)
    assert old_key.retired_at is not None
    assert state_of(session, settings, old.number) == ("valid", "ok")
    assert state_of(session, settings, new.number) == ("valid", "ok")


def test_a_compromised_key_is_not_believed_offline_and_what_it_signed_is_issued_anew(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    stolen = key(session, settings)
    offices = ["PJO-50", "PJO-14", "PJO-11"]
    round_ = make.round_(session, offices=offices)
    made = [central.certify(settings, one, in_round=round_) for one in offices]
    by = central.caller(central.first)
    suspended = made[1].number
    moving.move(session, suspended, "suspend", by=by, at=make.NOW, reason="รอผลตรวจซ้ำ")
    actions.compromise(session, stolen.kid, reason="ดิสก์หาย", by=None, at=make.NOW)
    assert state_of(session, settings, made[0].number) == ("unknown", "key-compromised")
    assert keys.signer(session, settings) is None
    later = make.NOW + timedelta(days=30)
    with pytest.raises(Refused, match="no key"):
        issuing.reissue(session, settings, stolen.kid, by=by.id, at=later)
    fresh = key(session, settings, later)
    done = issuing.reissue(session, settings, stolen.kid, by=by.id, at=later)
    assert [old for old, _ in done] == [made[0].number, made[2].number]
    for old, number in done:
        before, after = issued.certificate(session, old), issued.certificate(session, number)
        assert before
        assert after
        assert (before.standing, after.standing) == ("superseded", "valid")
        assert after.row.kid == fresh.kid
        assert after.row.valid_until == before.row.valid_until
        assert after.row.decision_id == before.row.decision_id
        assert issued.is_logged(session, after)
    left = issued.certificate(session, suspended)
    assert left
    assert left.standing == "suspended"
    assert issuing.reissue(session, settings, stolen.kid, by=by.id, at=later) == []


def test_a_key_whose_file_is_gone_or_another_signs_nothing_and_the_check_says_so(
    session: Session, settings: Settings
) -> None:
    assert [flaw.kid for flaw in keys.flaws(session, settings)] == ["-"]
    made = key(session, settings)
    path = keys.path_of(settings.data_dir, made.kid)
    assert keys.flaws(session, settings) == []
    path.chmod(0o644)
    assert "chmod" in keys.flaws(session, settings)[0].en
    path.chmod(0o600)
    other = keys.path_of(settings.data_dir, "0" * 16)
    path.rename(other)
    gone, stray = keys.flaws(session, settings)
    assert "is gone" in gone.en
    assert stray.kid == "0" * 16
    assert keys.signer(session, settings) is None
    keys.make(settings)
    (strange,) = [one for one in path.parent.glob("issuing-*") if one != other]
    strange.rename(path)
    assert "does not hold" in keys.flaws(session, settings)[0].en
    assert keys.signer(session, settings) is None
    path.write_text("no key at all")
    assert keys.signer(session, settings) is None


def test_a_key_is_retired_once_and_compromised_once(
    session: Session, settings: Settings
) -> None:
    made = key(session, settings)
    actions.retire(session, made.kid, by=None, at=make.NOW)
    for kid, code in ((made.kid, "key.retired"), ("none", "key.unknown")):
        with pytest.raises(Refused) as no:
            actions.retire(session, kid, by=None, at=make.NOW)
        assert no.value.refusal.code == code
    actions.compromise(session, made.kid, reason="", by=None, at=make.NOW)
    with pytest.raises(Refused) as no:
        actions.compromise(session, made.kid, reason="", by=None, at=make.NOW)
    assert no.value.refusal.code == "key.compromised"


def test_the_database_refuses_another_public_half(session: Session, settings: Settings) -> None:
    made = key(session, settings)
    made.public = "A" * 43 + "="
    with pytest.raises(IntegrityError, match="never altered"):
        session.flush()


def test_the_runbook_does_what_it_says(
    session: Session, settings: Settings, run: CliRunner
) -> None:
    """Every command of docs/keys.md, in its order."""
    central = Central(session)
    visit = central.visit()
    session.commit()
    assert "No key yet" in told(run, "list")
    assert "no key" in told(run, "check", code=1)
    commands = re.findall(r"^gecc keys (.+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 10
    newest, stolen, after_theft = "", "", False
    for command in commands:
        words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
        if words[0] == "compromised":
            stolen = newest
        if after_theft and words[0] == "new":
            keys.remove(settings, newest)  # the runbook has come to a lost key
        named = {"ID": stolen or newest, "USERNAME": central.first.username}
        if words[0] == "retire":
            named["ID"] = newest
        out = told(run, *(named.get(word, word) for word in words))
        if words[0] == "new":
            newest = re.search(r"new key: ([0-9a-f]{16})", out)[1]  # type: ignore[index]
            if not stolen:
                issuing.issue(session, settings, central.decide(visit), at=make.NOW)
                session.commit()
        if words[0] == "list":
            assert f"{newest}  active" in out
        if words[0] == "check":
            assert f"ready to sign: {newest}" in out
        if words[0] == "reissue":
            assert "issued anew: 1" in out
            after_theft = True
    session.expire_all()
    states = [one.state for one in issued.verifying_keys(session)]
    assert sorted(states) == ["compromised", "retired", "retired", "retired"]
    reviewer = central.reviewer.username
    session.rollback()
    assert "no key" in told(run, "check", code=1)
    refused = told(run, "reissue", stolen, "--by", reviewer, code=2)
    assert "no approver" in refused
