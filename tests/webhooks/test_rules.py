"""Signatures, the schedule, addresses and kinds, by themselves."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from app.overview.rules import SENTENCES
from app.webhooks.rules.addresses import (
    BAD_URL,
    INSIDE,
    NOT_SECURE,
    WITH_PASSWORD,
    refusal_of_url,
    shown_host,
    target_of,
)
from app.webhooks.rules.kinds import KINDS, NO_KINDS, OF_CODE, TEST, body_of, refusal_of_kinds
from app.webhooks.rules.schedule import (
    DELAYS,
    JITTER,
    WAIT_MOST,
    failure_of,
    health_of,
    is_worn_out,
    next_try,
    outcome_of,
)
from app.webhooks.rules.signing import headers_of, secret_text

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@given(st.binary(min_size=24, max_size=64), st.text(alphabet=st.characters(codec="utf-8")))
def test_every_signature_is_what_the_standards_own_library_makes(
    secret: bytes, body: str
) -> None:
    headers = headers_of(
        [secret], message="msg_1", timestamp=int(AT.timestamp()), body=body.encode()
    )
    theirs = Webhook(secret_text(secret)).sign("msg_1", AT, body)
    assert headers["webhook-signature"] == theirs
    assert headers["webhook-timestamp"] == "1795226400"


def test_two_secrets_make_two_signatures_and_the_new_one_comes_first() -> None:
    new, old = b"n" * 32, b"o" * 32
    headers = headers_of([new, old], message="m", timestamp=0, body=b"{}")
    one, two = headers["webhook-signature"].split(" ")
    epoch = datetime.fromtimestamp(0, UTC)
    assert one == Webhook(new).sign("m", epoch, "{}")
    assert two == Webhook(old).sign("m", epoch, "{}")


def test_a_secret_is_told_as_the_standard_has_it() -> None:
    text = secret_text(bytes(range(32)))
    assert text.startswith("whsec_")
    assert base64.b64decode(text.removeprefix("whsec_")) == bytes(range(32))


def test_the_schedule_is_the_standards() -> None:
    since, seen = timedelta(0), []
    for delay in DELAYS:
        since += delay
        seen.append(str(since))
    assert seen == [
        "0:00:00", "0:00:05", "0:05:05", "0:35:05", "2:35:05", "7:35:05", "17:35:05",
        "1 day, 7:35:05", "2 days, 3:35:05", "3 days, 3:35:05",
    ]  # fmt: skip


@given(st.integers(1, len(DELAYS) - 1), st.floats(0, 1, exclude_max=True))
def test_chance_only_makes_a_wait_a_little_longer(step: int, chance: float) -> None:
    again = next_try(step, AT, chance=chance)
    assert again is not None
    assert DELAYS[step] <= again - AT <= DELAYS[step] * (1 + JITTER)


def test_after_the_last_try_nothing_follows() -> None:
    assert next_try(len(DELAYS) - 1, AT, chance=0) == AT + timedelta(hours=24)
    assert next_try(len(DELAYS), AT, chance=0) is None


def test_who_asks_for_quiet_gets_it_within_bounds() -> None:
    def wait(asked: timedelta) -> datetime | None:
        return next_try(1, AT, chance=0, wait=asked)

    assert wait(timedelta(minutes=3)) == AT + timedelta(minutes=3)
    assert wait(timedelta(seconds=1)) == AT + timedelta(seconds=5)
    assert wait(timedelta(days=900)) == AT + WAIT_MOST


def test_what_an_answer_means() -> None:
    assert [outcome_of(n) for n in (None, 199, 200, 299, 300, 410, 500)] == [
        "failed", "failed", "delivered", "delivered", "failed", "gone", "failed",
    ]  # fmt: skip
    assert [failure_of(n) for n in (204, 302, 404)] == ["", "redirect", "status"]


def test_three_days_without_one_arrival_are_enough() -> None:
    assert not is_worn_out(None, AT)
    assert not is_worn_out(AT - timedelta(days=3) + timedelta(seconds=1), AT)
    assert is_worn_out(AT - timedelta(days=3), AT)


def test_how_an_endpoint_is_doing() -> None:
    def health(off: str | None, failing: datetime | None, arrived: datetime | None) -> str:
        return health_of(off_why=off, failing_since=failing, delivered=arrived)

    assert health(None, None, None) == "new"
    assert health(None, None, AT) == "well"
    assert health(None, AT, AT) == "failing"
    assert health("person", AT, AT) == "off"
    assert health("gone", AT, AT) == "gone"
    assert health("failing", AT, AT) == "stopped"


@pytest.mark.parametrize(
    "url",
    [
        "https://register.example.go.th/gecc?to=1",
        "https://register.example.go.th:8443/",
        "https://8.8.8.8/x",
        "https://[2001:4860:4860::8888]/x",
        "https://ทะเบียน.ไทย/gecc",
        "http://127.0.0.1:9000/",
        "http://localhost:9000/x",
        "http://[::1]:9000/",
    ],
)
def test_addresses_that_can_be_called(url: str) -> None:
    assert refusal_of_url(url, networks=LOOPBACK) is None


@pytest.mark.parametrize(
    "url",
    [
        "", "register.example.go.th", "ftp://a.example/", "https://", "https:///x",
        "https://a b.example/", "https://a.example/a b", "https://a.example/ก",
        "https://a.example/#part", "https://a.example:0/", "https://a.example:99999/",
        "https://a.example/\r\nX-Evil: 1", "https://[::1", "https://[fe80::1%25eth0]/",
        "https://-a.example/", "https://a..example/", "https://a.example/" + "x" * 500,
        "javascript:alert(1)", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    assert refusal_of_url(url, networks=LOOPBACK) == BAD_URL


def test_without_tls_only_this_machine_is_named_and_only_where_it_is_allowed() -> None:
    assert refusal_of_url("http://register.example.go.th/", networks=LOOPBACK) == NOT_SECURE
    assert refusal_of_url("http://10.0.0.1/", networks=[ip_network("10.0.0.0/8")]) == NOT_SECURE
    assert refusal_of_url("http://localhost/", networks=()) == NOT_SECURE
    assert refusal_of_url("http://127.0.0.1/", networks=()) == NOT_SECURE


def test_inner_numbers_and_passwords_are_refused_when_they_are_typed() -> None:
    assert refusal_of_url("https://127.0.0.1/", networks=()) == INSIDE
    assert refusal_of_url("https://169.254.169.254/latest/", networks=LOOPBACK) == INSIDE
    assert refusal_of_url("https://10.1.1.1/", networks=[ip_network("10.1.0.0/16")]) is None
    assert refusal_of_url("https://me:pw@a.example/", networks=()) == WITH_PASSWORD
    assert refusal_of_url("https://a.example@127.0.0.1/", networks=()) == WITH_PASSWORD


@given(st.text())
def test_any_text_at_all_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        refusal_of_url(url, networks=())
        target = target_of(url)
        if target is not None:
            assert target.host.isascii()
            assert not any(sign in target.path + target.authority for sign in "\r\n\x00 ")


def test_only_the_host_of_an_address_is_shown_where_secrets_must_not_be() -> None:
    assert shown_host("https://relay.example.org:8443/T0K3N?k=1") == "relay.example.org:8443"


def test_kinds_come_from_lines_that_the_trail_knows() -> None:
    assert set(OF_CODE) <= set(SENTENCES)
    assert len(OF_CODE) == sum(len(kind.codes) for kind in KINDS.values())
    for name in KINDS:
        assert name.replace(".", "").replace("_", "").isalpha()
        assert name.islower()
    assert refusal_of_kinds([]) == NO_KINDS
    assert refusal_of_kinds(["decision.made", "person.created"]) == NO_KINDS
    assert refusal_of_kinds(["decision.made"]) is None


def test_all_kinds_fit_into_their_column() -> None:
    assert len(" ".join(KINDS)) <= 1000
    assert max(map(len, KINDS)) <= 40


def test_a_body_has_the_three_parts_of_the_standard() -> None:
    body = body_of("round.opened", timestamp="2026-11-21T02:00:00.000Z", data={"ก": 1})
    assert (
        body == '{"type":"round.opened","timestamp":"2026-11-21T02:00:00.000Z","data":{"ก":1}}'
    )
    assert list(json.loads(body)) == ["type", "timestamp", "data"]


def test_every_kind_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", text, re.MULTILINE)) == {*KINDS, TEST}
