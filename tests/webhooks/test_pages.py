"""Webhooks at the desk: shown once, tapped twice, read by few."""

import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.models import Person
from app.kit.database import open_session
from app.settings import Settings
from app.webhooks import actions, jobs, queries
from app.webhooks.gathering import gather
from app.webhooks.models import Endpoint
from app.webhooks.rules.kinds import KINDS
from tests import make
from tests.conftest import Clock
from tests.visit import inspect, look
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import Hooks

SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def hooks(engine: Engine, settings: Settings) -> Hooks:
    return Hooks(engine, settings)


@pytest.fixture
def admin(client: TestClient, hooks: Hooks) -> TestClient:
    make.sign_in(client, hooks.admin)
    return client


def form(url: str, once: str, **more: object) -> dict[str, object]:
    return {
        "key": once,
        "name": "ทะเบียนกลาง",
        "url": url,
        "kinds": ["round.closed", "certificate.issued"],
        **more,
    }


def test_nothing_yet_is_explained(admin: TestClient) -> None:
    text = look(admin, "/webhooks")
    assert "ยังไม่มีปลายทาง" in text
    assert "standardwebhooks" in text
    for kind in KINDS:
        assert kind in text


def test_an_endpoint_is_made_and_its_secret_shown_once(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    look(admin, "/webhooks/new")
    once = str(uuid4())
    answer = admin.post("/webhooks", data=form(receiver.url, once))
    assert answer.status_code == 200
    inspect(answer.text, "/webhooks")
    found = SECRET.search(answer.text)
    assert found
    # The finger slipped: the very same form again is the very same endpoint.
    again = admin.post("/webhooks", data=form(receiver.url, once))
    assert SECRET.search(again.text)[0] == found[0]  # type: ignore[index]
    assert hooks.trail() == ["webhook.made"]
    (made,) = endpoints(hooks)
    assert not SECRET.search(look(admin, f"/webhooks/{made.id}"))
    clock.forward(minutes=11)
    late = admin.post("/webhooks", data=form(receiver.url, once))
    assert late.status_code == 422
    assert found[0] not in late.text
    assert "ไม่แสดงอีก" in late.text
    assert "ทะเบียนกลาง" in look(admin, "/webhooks")
    # Back, and other words from the same page: that is another endpoint.
    other = admin.post("/webhooks", data=form(receiver.url, once, name="อีกแห่ง"))
    assert SECRET.search(other.text)[0] != found[0]  # type: ignore[index]
    assert sorted(one.name for one in endpoints(hooks)) == ["ทะเบียนกลาง", "อีกแห่ง"]


def endpoints(hooks: Hooks) -> list[Endpoint]:
    with open_session(hooks.engine, reads=True) as session:
        return [known.row for known in queries.endpoints(session)]


def test_another_administrator_does_not_get_the_secret_by_the_same_form(
    admin: TestClient, hooks: Hooks, session: Session, receiver: Receiver
) -> None:
    once = str(uuid4())
    first = admin.post("/webhooks", data=form(receiver.url, once))
    other = make.person(session, "administrator")
    session.commit()
    make.sign_in(admin, other)
    answer = admin.post("/webhooks", data=form(receiver.url, once))
    assert SECRET.search(answer.text)[0] != SECRET.search(first.text)[0]  # type: ignore[index]
    assert len(endpoints(hooks)) == 2


@pytest.mark.parametrize(
    ("change", "said", "field"),
    [
        ({"url": "http://register.example.go.th/"}, "https://", "url"),
        ({"url": "https://10.0.0.1/"}, "เครือข่ายภายใน", "url"),
        ({"url": "https://u:p@a.example/"}, "ชื่อผู้ใช้หรือรหัสผ่าน", "url"),
        ({"url": "x"}, "https://", "url"),
        ({"name": " "}, "ตั้งชื่อปลายทาง", "name"),
        ({"name": "ก" * 81}, "ตั้งชื่อปลายทาง", "name"),
        ({"kinds": []}, "อย่างน้อยหนึ่งอย่าง", "kinds"),
        ({"kinds": ["person.created"]}, "อย่างน้อยหนึ่งอย่าง", "kinds"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    admin: TestClient, hooks: Hooks, change: dict[str, object], said: str, field: str
) -> None:
    typed = form("https://register.example.go.th/?k=1", str(uuid4())) | change
    for address in ("/webhooks", f"/webhooks/{hooks.endpoint('https://a.example/')[0]}"):
        answer = admin.post(address, data=typed)
        assert answer.status_code == 422
        inspect(answer.text, address)
        assert said in answer.text
        assert f'href="#{field}"' in answer.text
        assert str(typed["url"]) in answer.text
        assert str(typed["name"]).strip() in answer.text


def test_there_is_an_end_of_endpoints(
    admin: TestClient, hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    hooks.endpoint("https://a.example/")
    answer = admin.post("/webhooks", data=form("https://b.example/", str(uuid4())))
    assert answer.status_code == 422
    assert "ลบแห่งที่ไม่ใช้ก่อน" in answer.text


def test_a_test_is_sent_once_fails_is_seen_and_sent_again_under_its_id(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answer(500)
    endpoint, _ = hooks.endpoint(receiver.url)
    here = f"/webhooks/{endpoint}"
    assert "ยังไม่ได้ส่งอะไร" in look(admin, here)
    once = str(uuid4())
    for _ in range(2):
        answer = admin.post(f"{here}/tests", data={"key": once}, follow_redirects=False)
        assert answer.status_code == 303
    assert hooks.trail() == ["webhook.made", "webhook.tested"]
    (row,) = hooks.deliveries()
    assert "รอส่ง" in look(admin, here)
    jobs.work(hooks.engine, hooks.settings, clock)
    text = look(admin, here)
    assert "รอลองใหม่" in text
    assert "ปลายทางไม่รับ (500)" in text
    assert "ส่งไม่ถึง กำลังลองใหม่" in text
    assert "เว็บฮุกส่งไม่ถึงปลายทาง 1 แห่ง" in look(admin, "/")
    there = f"{here}/deliveries/{row.id}"
    text = look(admin, there)
    assert "&#34;type&#34;:&#34;webhook.test&#34;" in text
    assert row.event_id in text
    for _ in range(2):  # the second tap carries the same number of tries
        admin.post(f"{there}/again", data={"seen": 1})
    assert hooks.trail()[-1:] == ["webhook.sent-again"]
    assert hooks.trail().count("webhook.sent-again") == 1
    jobs.work(hooks.engine, hooks.settings, clock)
    admin.post(f"{there}/again", data={"seen": 1})  # a third, after it had arrived
    jobs.work(hooks.engine, hooks.settings, clock)
    assert len(receiver.received) == 2
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1
    text = look(admin, there)
    assert "ปลายทางรับแล้ว (204)" in text
    assert "ปลายทางไม่รับ (500)" in text
    assert "ส่งถึงเป็นปกติ" in look(admin, "/webhooks")


def test_when_it_is_sent_next_is_told(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers.append((429, {"Retry-After": "3600"}))
    endpoint, _ = hooks.endpoint(receiver.url)
    hooks.happen()
    hooks.happen()
    here = f"/webhooks/{endpoint}"
    gather(hooks.engine, at=clock())
    assert look(admin, here).count("ในไม่กี่วินาที") == 2
    jobs.work(hooks.engine, hooks.settings, clock)
    text = look(admin, here)
    assert text.count("21 พฤศจิกายน 2569 10.00.00 น.") == 2, "an hour's quiet for both"
    for row in hooks.deliveries():
        assert "10.00.00 น." in look(admin, f"{here}/deliveries/{row.id}")


def test_one_that_is_being_sent_is_not_sent_again(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = hooks.endpoint(receiver.url)
    hooks.happen()
    gather(hooks.engine, at=clock())
    (row,) = hooks.deliveries()
    assert jobs._take(hooks.engine, hooks.settings, row.id, clock())
    there = f"/webhooks/{endpoint}/deliveries/{row.id}"
    assert "กำลังส่ง" in look(admin, there)
    admin.post(f"{there}/again", data={"seen": 1})
    assert jobs.send_due(hooks.engine, hooks.settings, clock) == 0
    assert hooks.trail() == ["webhook.made"]


def test_deliveries_are_filtered_in_the_address(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answer(204, 500)
    endpoint, _ = hooks.endpoint(receiver.url)
    hooks.happen("round.closed")
    hooks.happen("round.opened")
    jobs.work(hooks.engine, hooks.settings, clock)
    here = f"/webhooks/{endpoint}"

    def rows(query: str) -> list[str]:
        return re.findall(r'class="hint code">([a-z.]+)<', look(admin, here + query))

    assert rows("") == ["round.opened", "round.closed"]
    assert rows("?state=delivered") == ["round.closed"]
    assert rows("?state=waiting&kind=round.opened") == ["round.opened"]
    assert rows("?kind=round.closed&state=waiting") == []
    assert rows("?state=nonsense") == ["round.opened", "round.closed"]
    assert "ไม่มีรายการตามที่กรอง" in look(admin, f"{here}?state=given_up")
    fragment = admin.get(f"{here}?state=&kind=&page=1", headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="deliveries"')
    assert "<h1" not in fragment
    assert 'hx-trigger="every 2s"' in fragment, "one is tried again in five seconds"
    jobs.work(hooks.engine, hooks.settings, clock)
    clock.forward(seconds=6)
    jobs.work(hooks.engine, hooks.settings, clock)
    assert "hx-trigger" not in admin.get(here, headers={"HX-Request": "true"}).text


def test_a_new_secret_is_shown_once_and_a_second_tap_makes_no_other(
    admin: TestClient, hooks: Hooks
) -> None:
    endpoint, old = hooks.endpoint("https://a.example/")
    once = str(uuid4())
    answers = [admin.post(f"/webhooks/{endpoint}/secret", data={"key": once}) for _ in range(2)]
    first, second = (SECRET.search(one.text) for one in answers)
    assert first
    assert second
    assert first[0] == second[0] != old
    assert hooks.trail() == ["webhook.made", "webhook.rotated"]
    assert hooks.row(endpoint).old_until is not None
    assert "รหัสก่อนหน้ายังใช้เซ็นอยู่ถึง" in look(admin, f"/webhooks/{endpoint}")
    admin.post(f"/webhooks/{endpoint}/secret", data={"key": str(uuid4()), "leaked": "1"})
    assert hooks.row(endpoint).old_sealed is None


def test_off_and_on_and_removed(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = hooks.endpoint(receiver.url)
    here = f"/webhooks/{endpoint}"
    for _ in range(2):
        admin.post(f"{here}/switching-off")
    assert "ปิดโดยผู้ดูแลระบบ" in look(admin, here)
    answer = admin.post(f"{here}/tests", data={"key": str(uuid4())})
    assert answer.status_code == 409
    assert "เปิดก่อน" in answer.text
    for _ in range(2):
        admin.post(f"{here}/switching-on")
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    for _ in range(2):
        answer = admin.post(f"{here}/removal", follow_redirects=False)
        assert answer.status_code == 303
    assert hooks.trail() == ["webhook.made", "webhook.off", "webhook.on", "webhook.removed"]
    row = hooks.row(endpoint)
    assert (row.sealed, row.old_sealed) == ("", None)
    assert "ปลายทางที่ลบแล้ว 1 แห่ง" in look(admin, "/webhooks")
    text = look(admin, here)
    assert "ปลายทางนี้ถูกลบแล้ว" in text
    assert "ปิดรอบการประเมิน" in text, "its history stays"
    assert "<form" not in text.split('id="main"')[1].split("</main>")[0].replace(
        '<form class="filters"', ""
    )
    for door in ("", "/secret", "/tests", "/switching-on", "/missed"):
        typed = form(receiver.url, str(uuid4()))
        assert admin.post(here + door, data=typed).status_code == 404, door
    hooks.happen()
    assert jobs.work(hooks.engine, hooks.settings, clock) == (0, 0)


def test_what_was_given_up_is_sent_again_all_at_once(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answer(410)
    endpoint, _ = hooks.endpoint(receiver.url)
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    here = f"/webhooks/{endpoint}"
    text = look(admin, here)
    assert "ปลายทางตอบว่าเลิกใช้แล้ว" in text
    assert admin.post(f"{here}/missed").status_code == 409
    admin.post(f"{here}/switching-on")
    assert "ส่งที่ไม่ถึงทั้ง 1 รายการอีกครั้ง" in look(admin, here)
    for _ in range(2):
        admin.post(f"{here}/missed")
    assert hooks.trail().count("webhook.sent-again") == 1
    jobs.work(hooks.engine, hooks.settings, clock)
    assert [row.state for row in hooks.deliveries()] == ["delivered"]


def test_a_change_of_address_clears_what_the_old_one_answered(
    admin: TestClient, hooks: Hooks, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers.append((503, {"Retry-After": "3600"}))
    endpoint, _ = hooks.endpoint(receiver.url, ["round.closed"])
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    assert hooks.row(endpoint).quiet_until is not None
    better = f"http://127.0.0.1:{receiver.port}/right"
    typed = form(better, str(uuid4()))
    for _ in range(2):
        answer = admin.post(f"/webhooks/{endpoint}", data=typed, follow_redirects=False)
        assert answer.status_code == 303
    assert hooks.trail() == ["webhook.made", "webhook.changed"]
    row = hooks.row(endpoint)
    assert (row.url, row.failing_since, row.quiet_until) == (better, None, None)
    assert row.kinds == "round.closed certificate.issued"


def test_an_auditor_reads_without_the_whole_address_and_changes_nothing(
    client: TestClient, hooks: Hooks, session: Session, receiver: Receiver, clock: Clock
) -> None:
    endpoint, _ = hooks.endpoint(receiver.url.replace("/gecc", "/T0KEN"))
    hooks.happen()
    jobs.work(hooks.engine, hooks.settings, clock)
    (row,) = hooks.deliveries()
    auditor: Person = make.person(session, "auditor")
    session.commit()
    make.sign_in(client, auditor)
    here = f"/webhooks/{endpoint}"
    for address in ("/webhooks", here, f"{here}/deliveries/{row.id}"):
        text = look(client, address)
        assert "T0KEN" not in text
        assert f"127.0.0.1:{receiver.port}" in text
        main = text.split('id="main"')[1].split("</main>")[0]
        assert 'method="post"' not in main
    assert client.post(f"{here}/switching-off").status_code == 403
    assert client.post(f"{here}/deliveries/{row.id}/again", data={"seen": 1}).status_code == 403
    assert len(receiver.received) == 1


def test_a_delivery_is_found_under_its_own_endpoint_alone(
    admin: TestClient, hooks: Hooks, clock: Clock
) -> None:
    one, _ = hooks.endpoint("https://a.example/")
    two, _ = hooks.endpoint("https://b.example/", ["round.opened"])
    hooks.happen()
    gather(hooks.engine, at=clock())
    (row,) = hooks.deliveries()
    look(admin, f"/webhooks/{one}/deliveries/{row.id}")
    for address in (
        f"/webhooks/{two}/deliveries/{row.id}",
        f"/webhooks/{one}/deliveries/{uuid4()}",
        f"/webhooks/{uuid4()}",
    ):
        assert admin.get(address).status_code == 404
    answer = admin.post(f"/webhooks/{two}/deliveries/{row.id}/again", data={"seen": 0})
    assert answer.status_code == 404


def test_many_deliveries_stand_on_several_pages(
    admin: TestClient, hooks: Hooks, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    endpoint, _ = hooks.endpoint("https://a.example/")
    lines = [hooks.happen() for _ in range(5)]
    gather(hooks.engine, at=clock())
    seen: list[str] = []
    for number in (1, 2, 3):
        text = look(admin, f"/webhooks/{endpoint}?kind=round.closed&page={number}")
        seen += re.findall(rf"/webhooks/{endpoint}/deliveries/([0-9a-f-]+)", text)
        assert f"หน้า {number} จาก 3" in text
    assert len(set(seen)) == len(seen) == len(lines)


def test_both_languages_and_no_javascript(admin: TestClient, hooks: Hooks) -> None:
    endpoint, _ = hooks.endpoint("https://a.example/")
    admin.cookies.set("lang", "en")
    for address in ("/webhooks", "/webhooks/new", f"/webhooks/{endpoint}"):
        text = look(admin, address)
        main = text.split('id="main"')[1].split("</main>")[0]
        visible = re.sub(r"<[^>]+>|ทะเบียนกลาง", " ", main)
        assert not re.search("[ก-๙]", visible), visible


def test_the_trail_names_the_host_and_never_the_secret_or_the_path(
    admin: TestClient, hooks: Hooks, engine: Engine, receiver: Receiver
) -> None:
    _, secret = hooks.endpoint("https://relay.example.org/T0KEN?k=1")
    text = look(admin, "/trail")
    assert "relay.example.org" in text
    assert "T0KEN" not in text
    assert secret not in text
    with open_session(engine, reads=True) as session:
        assert queries.unwell(session) == 0
