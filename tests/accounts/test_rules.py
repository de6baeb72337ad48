"""What the rules of accounts say, without a database."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.accounts import rules
from tests.make import NOW

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_about_roles_is_current() -> None:
    page = (ROOT / "docs/roles.md").read_text("utf-8")
    assert page == rules.roles_page(), "write it anew: gecc roles > docs/roles.md"


def test_every_role_in_the_table_exists_and_every_role_may_do_something() -> None:
    named = {role for row in rules.ACCESS.values() for role in row.roles}
    assert named == set(rules.ROLES)


def test_an_auditor_only_reads() -> None:
    may = {action for action in rules.ACCESS if rules.scopes({"auditor"}, action)}
    assert may == {
        "offices.see",
        "editions.see",
        "rounds.see",
        "people.see",
        "audit.read",
        "audit.export",
        "review.see",
        "certificate.see",
        "national.see",
        "plan.see",
        "readiness.see",
        "surveys.see",
        "tables.read",
        "trail.see",
        "webhooks.see",
        "log.see",
        "devices.own",
    }


def test_central_staff_never_write_an_audit_and_assessors_only_their_visits() -> None:
    central = {"central_reviewer", "approver", "administrator"}
    for action in ("visit.write", "self.write"):
        assert not rules.scopes(central, action)
        assert not rules.may(rules.ROLES, action)
    assert rules.scopes({"assessor"}, "visit.write") == {"assigned"}
    assert rules.scopes({"office_head"}, "self.write") == {"office"}


def test_whoever_leads_assessors_is_one() -> None:
    assert rules.effective(["lead_assessor"]) == {"lead_assessor", "assessor"}
    assert rules.effective(["auditor"]) == {"auditor"}


def test_nobody_grants_themselves_a_role() -> None:
    told = rules.refusal_to_grant(person="a", role="administrator", by="a")
    assert told is not None
    assert told.code == "role.own"
    assert rules.refusal_to_grant(person="a", role="administrator", by="b") is None


def test_the_last_administrator_stays() -> None:
    told = rules.refusal_to_revoke(person="a", role="administrator", administrators={"a"})
    assert told is not None
    assert told.code == "role.last-administrator"
    assert not rules.refusal_to_revoke(
        person="a", role="administrator", administrators={"a", "b"}
    )
    assert not rules.refusal_to_revoke(person="a", role="auditor", administrators={"a"})
    assert rules.refusal_to_disable(person="a", by=None, administrators={"a"})


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password.short"),
        ("x" * 129, "password.long"),
        ("aaaaaaaaaaaaaaaa", "password.easy"),
        ("somchai-somchai!", "password.easy"),
        ("ฝนตกที่หน้าสำนักงาน", None),
        ("correct horse battery", None),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, code: str | None) -> None:
    told = rules.refusal_of_password(password, "somchai")
    assert (told.code if told else None) == code


@pytest.mark.parametrize("username", ["a", "สมชาย", "som chai", ".hidden", "x" * 41, ""])
def test_a_user_name_is_plain(username: str) -> None:
    assert rules.refusal_of_username(username)


def test_waiting_doubles_and_has_an_end() -> None:
    most = timedelta(minutes=15)
    waits = [
        rules.wait(failures, NOW, now=NOW, free=5, most=most).total_seconds()
        for failures in (0, 4, 5, 6, 7, 13, 14, 500)
    ]
    assert waits == [0, 0, 2, 4, 8, 512, 900, 900]
    assert rules.wait(9, NOW, now=NOW + timedelta(minutes=1), free=5, most=most) == timedelta(0)
    assert rules.wait(99, None, now=NOW, free=5, most=most) == timedelta(0)


def test_an_attacker_gets_about_a_hundred_guesses_a_day() -> None:
    moment, failures, last = NOW, 0, None
    while moment < NOW + timedelta(days=1):
        pause = rules.wait(failures, last, now=moment, free=5, most=timedelta(minutes=15))
        moment += pause
        failures, last = failures + 1, moment
    assert failures < 120


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "unknown"),
    ],
)
def test_a_network_is_an_address_or_its_prefix(address: str, network: str) -> None:
    assert rules.network_of(address) == network


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140 Mobile",
            "Chrome · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge · Windows"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_called_by_its_name(header: str, shown: str) -> None:
    assert rules.browser_of(header) == shown


@pytest.mark.parametrize(
    ("told", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/140 Mobile", "Chrome · Android"),
        ("มือถือของหัวหน้า Android", "มือถือของหัวหน้า Android"),
        ("Mozilla/5.0 (Toaster)", "Mozilla/5.0 (Toaster)"),
        ("", "เครื่องที่ไม่มีชื่อ"),
        ("ก" * 90, "ก" * 80),
    ],
)
def test_a_device_is_known_by_its_own_words_or_by_its_browser(told: str, label: str) -> None:
    assert rules.device_label(told) == label
