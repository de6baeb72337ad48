"""Every page, seen by every role, with a close look."""

from typing import Final

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app import demo
from app.accounts.guards import NOT_YOURS
from app.accounts.rules import ACCESS, DEMO_PASSWORD, ROLES
from app.trail import actions as trail
from tests import make
from tests.conftest import Clock
from tests.visit import links, look

OTHER_ROOMS: Final = ("/walk", "/en/", "/manifest", "/sw.js", "/log/")
FILES: Final = (".json", ".csv", ".pdf", ".xlsx", ".geojson", ".zip")
NIL: Final = "00000000-0000-4000-8000-000000000000"
HOOK: Final = f"/webhooks/{NIL}"
PAGES: Final = {  # address: the line of ACCESS that opens it
    "/": "devices.own",
    "/devices": "devices.own",
    "/password": "devices.own",
    "/national": "national.see",
    "/search": "devices.own",
    "/help": "devices.own",
    "/offices": "offices.see",
    "/offices/PJO-50": "offices.see",
    "/rounds": "rounds.see",
    "/rounds/new": "rounds.plan",
    "/rounds/{round}": "rounds.see",
    "/rounds/{round}/offices": "rounds.plan",
    "/rounds/{round}/visits/new?office=JFO": "rounds.plan",
    "/rounds/{round}/visits/{visit}": "rounds.see",
    "/people": "people.see",
    "/people/new": "people.manage",
    "/people/{person}": "people.see",
    "/decisions": "review.see",
    "/trail": "trail.see",
    "/log": "log.see",
    "/review": "review.see",
    "/review/{visit}": "review.see",
    "/review/{visit}/P01": "review.see",
    "/certificates": "certificate.see",
    "/reminders": "devices.own",
    "/planning": "rounds.see",
    "/planning/suggestions": "rounds.plan",
    "/planning/bulk": "rounds.plan",
    "/planning/bulk/{round}.xlsx": "rounds.plan",
    "/planning/interests": "interest.declare",
    "/editions": "editions.see",
    "/editions/compare": "editions.see",
    "/plans": "plan.see",
    "/surveys": "surveys.see",
    "/readiness": "readiness.see",
    "/account/tokens": "tables.read",
    "/webhooks": "webhooks.see",
    "/webhooks/new": "webhooks.manage",
    "/feeds": "tables.read",
    "/feeds/offices.csv": "offices.see",
    "/feeds/rounds.csv": "rounds.see",
    "/feeds/audits.xlsx": "audit.read",
    "/feeds/tasks.csv": "plan.see",
    "/feeds/tasks.xlsx": "plan.see",
    "/feeds/offices.geojson": "offices.see",
}
FORMS: Final = {
    "/editions": "editions.publish",
    "/editions/preview": "editions.publish",
    "/surveys": "surveys.write",
    "/surveys/imports?survey={visit}": "surveys.write",
    "/account/tokens": "tables.read",
    "/account/tokens/none/ending": "tables.read",
    "/webhooks": "webhooks.manage",
    HOOK: "webhooks.manage",
    f"{HOOK}/secret": "webhooks.manage",
    f"{HOOK}/tests": "webhooks.manage",
    f"{HOOK}/switching-off": "webhooks.manage",
    f"{HOOK}/switching-on": "webhooks.manage",
    f"{HOOK}/missed": "webhooks.manage",
    f"{HOOK}/removal": "webhooks.manage",
    f"{HOOK}/deliveries/{NIL}/again": "webhooks.manage",
    "/review/{visit}/take": "review.write",
    "/review/{visit}/mark": "review.write",
    "/review/{visit}/report-photos": "review.write",
    "/certificates": "certificate.manage",
    "/certificates/none/suspend": "certificate.manage",
    "/rounds": "rounds.plan",
    "/rounds/{round}/offices": "rounds.plan",
    "/rounds/{round}/closing": "rounds.plan",
    "/rounds/{round}/reopening": "rounds.plan",
    "/rounds/{round}/visits": "rounds.plan",
    "/rounds/{round}/visits/{visit}/day": "rounds.plan",
    "/rounds/{round}/visits/{visit}/team": "rounds.plan",
    "/rounds/{round}/visits/{visit}/cancellation": "rounds.plan",
    "/offices/PJO-50/position": "offices.place",
    "/decisions/{visit}/approval": "decision.approve",
    "/decisions/{visit}/approval/withdrawal": "decision.approve",
    "/decisions/{visit}/return": "decision.approve",
    "/decisions/{visit}/correction": "decision.correct",
    "/audits/{visit}/appeal/hearing": "review.write",
    "/plans/PJO-50/tasks": "plan.write",
    "/plans/PJO-50/findings/x/P01": "plan.write",
    "/plans/tasks/none": "plan.write",
    "/plans/tasks/none/do": "plan.see",
    "/people": "people.manage",
    "/people/{person}/names": "people.manage",
    "/people/{person}/email": "people.manage",
    "/people/{person}/roles": "people.manage",
    "/people/{person}/roles/auditor/removal": "people.manage",
    "/people/{person}/office": "people.manage",
    "/people/{person}/disabling": "people.manage",
    "/people/{person}/enabling": "people.manage",
    "/people/{person}/devices/none/revocation": "people.manage",
    "/people/{person}/password": "people.manage",
    "/planning/bulk/{round}/preview": "rounds.plan",
    "/planning/bulk/{round}/following": "rounds.plan",
    "/planning/interests": "interest.declare",
    "/planning/interests/none/ending": "rounds.plan",
    "/planning/visits/{visit}/undo": "rounds.plan",
}


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize(
    "username",
    ["admin", "reviewer1", "approver1", "lead1", "assessor2", "cm-editor", "auditor"],
)
def test_every_link_on_every_page_leads_to_a_good_page(
    client: TestClient, session: Session, username: str, lang: str
) -> None:
    world = demo.seed(session, now=make.NOW)
    session.commit()
    make.sign_in(client, world.people[username], DEMO_PASSWORD)
    client.post("/language", data={"lang": lang, "next": "/"})
    seen: set[str] = set()
    waiting = {"/", "/devices", "/sign-in?out=1"}
    offices = months = 0
    while waiting:
        path = waiting.pop()
        seen.add(path)
        if path == "/sign-in?out=1":
            continue
        if path.partition("?")[0].endswith(FILES):
            assert client.get(path).status_code == 200
            continue
        text = look(client, path)
        assert f'lang="{lang}"' in text
        for found in links(text) - seen:
            if found.startswith(OTHER_ROOMS):
                continue
            if found.startswith("/planning?month="):
                months += 1
                if months > 4:  # they are of one kind
                    continue
            offices += found.startswith("/offices/")
            if not found.startswith("/offices/") or offices < 12:
                waiting.add(found)
    assert len(seen) >= 5


@pytest.mark.parametrize("role", ROLES)
def test_each_door_opens_for_exactly_the_roles_in_the_table(
    client: TestClient, session: Session, role: str
) -> None:
    world = demo.seed(session, now=make.NOW)
    visit = make.visit(session, in_round=world.round_, office="JFO")
    about = make.person(session, "office_editor")
    somebody = make.person(session, role)
    session.commit()
    make.sign_in(client, somebody)
    ids = {"round": world.round_.id, "visit": visit.id, "person": about.id}
    for address, action in PAGES.items():
        may = role in ACCESS[action].roles
        answer = client.get(address.format(**ids))
        assert answer.status_code == (200 if may else 403), (role, address)
    for address, action in FORMS.items():
        may = role in ACCESS[action].roles
        answer = client.post(address.format(**ids), follow_redirects=False)
        # Duty refuses too, but only those whom the role let in.
        by_role = answer.status_code == 403 and NOT_YOURS.th in answer.text
        assert by_role != may, (role, address, answer.status_code, answer.text[:200])
        assert answer.status_code < 500


def test_nobody_sees_anything_without_signing_in(client: TestClient, session: Session) -> None:
    world = demo.seed(session, now=make.NOW)
    session.commit()
    ids = {"round": world.round_.id, "visit": "x", "person": world.people["admin"].id}
    for address in PAGES:
        answer = client.get(address.format(**ids), follow_redirects=False)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/sign-in?next=/")
    for address in FORMS:
        assert client.post(address.format(**ids)).status_code == 401, address


def test_every_form_of_these_rooms_is_in_the_table_of_this_test(app: FastAPI) -> None:
    known = {each.split("?")[0] for each in (*PAGES, *FORMS)}
    own = {"/sign-in", "/sign-out", "/language", "/devices", "/password"}
    for route in _paths(app.routes):
        if route.startswith(("/rounds", "/people", "/offices", "/trail")):
            named = (
                route.replace("{round_id}", "{round}")
                .replace("{visit_id}", "{visit}")
                .replace("{person_id}", "{person}")
                .replace("{code}", "PJO-50")
                .replace("{device_id}", "none")
                .replace("{role}", "auditor")
            )
            assert named in known | own, route


def _paths(routes: object) -> list[str]:
    found: list[str] = []
    for route in routes:  # type: ignore[attr-defined]
        if hasattr(route, "original_router"):
            found += _paths(route.original_router.routes)
        elif hasattr(route, "path"):
            found.append(route.path)
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/rounds/nowhere",
        "/rounds/nowhere/offices",
        "/people/nowhere",
        "/offices/PJO-10",
        "/rounds/{round}/visits/nowhere",
        "/rounds/{round}/visits/new?office=nowhere",
    ],
)
def test_what_is_not_there_is_told_kindly(
    client: TestClient, session: Session, path: str
) -> None:
    world = demo.seed(session, now=make.NOW)
    session.commit()
    make.sign_in(client, world.people["admin"], DEMO_PASSWORD)
    assert "ไม่พบ" in client.get(path.format(round=world.round_.id)).text


def test_a_home_says_what_this_person_has_to_do(client: TestClient, session: Session) -> None:
    world = demo.seed(session, now=make.NOW)
    session.commit()
    make.sign_in(client, world.people["lead1"], DEMO_PASSWORD)
    text = look(client, "/")
    assert "สำนักงานยุติธรรมจังหวัดเชียงใหม่" in text
    assert "23 พฤศจิกายน 2569" in text  # the 21st is a Saturday
    assert 'href="/walk"' in text
    make.sign_in(client, world.people["cm-editor"], DEMO_PASSWORD)
    assert "กรอกแบบประเมิน" in look(client, "/")
    client.cookies.set("lang", "en")
    text = client.get("/").text
    assert 'href="/en/walk"' in text
    assert 'href="/en/walk#/audit/' in text
    assert 'href="/walk' not in text
    client.cookies.delete("lang")
    make.sign_in(client, world.people["auditor"], DEMO_PASSWORD)
    text = look(client, "/")
    assert 'href="/trail"' in text
    assert "เปิดรอบใหม่" not in text


def test_the_language_is_remembered_and_leads_back(client: TestClient) -> None:
    answer = client.post(
        "/language", data={"lang": "en", "next": "/sign-in"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/sign-in"
    assert '<html lang="en"' in client.get("/sign-in").text
    client.post("/language", data={"lang": "xx", "next": "//evil.example"})
    assert '<html lang="th"' in client.get("/sign-in").text


def test_the_board_shows_each_office_with_its_visit_and_team(
    client: TestClient, session: Session
) -> None:
    world = demo.seed(session, now=make.NOW)
    session.commit()
    make.sign_in(client, world.people["reviewer1"], DEMO_PASSWORD)
    text = look(client, f"/rounds/{world.round_.id}")
    assert "สมเกียรติ วงศ์วัฒนา (หัวหน้าคณะ)" in text
    assert text.count("กำหนดวันตรวจ") == 1  # one pilot has no visit yet
    make.sign_in(client, world.people["assessor1"], DEMO_PASSWORD)
    text = look(client, f"/rounds/{world.round_.id}")
    assert "กำหนดวันตรวจ" not in text
    assert "ดูได้เฉพาะผู้เกี่ยวข้อง" in text  # visits of other teams


@pytest.mark.parametrize(
    "address", ["//x.example/", "/\\x.example", "https://x.example", "/a\nb", "rounds", ""]
)
def test_the_choice_of_language_leads_nowhere_else(client: TestClient, address: str) -> None:
    answer = client.post(
        "/language", data={"lang": "en", "next": address}, follow_redirects=False
    )
    assert answer.headers["location"] == "/"


def test_central_people_see_when_the_last_backup_was(
    client: TestClient, session: Session, clock: Clock
) -> None:
    central = make.person(session, "central_reviewer")
    assessor = make.person(session, "assessor", username="walker")
    session.commit()
    make.sign_in(client, central)
    assert "ยังไม่เคยสำรองข้อมูล" in client.get("/").text

    def tell(action: str) -> None:
        trail.record(session, action, "backup", "b", by=None, at=clock())
        session.commit()

    tell("backup.verified")
    home = client.get("/").text
    assert "สำรองข้อมูลล่าสุดวันนี้" in home
    assert "ภาพทุกภาพอยู่ในข้อมูลสำรองแล้ว" in home
    assert "กรุณาแจ้งผู้ดูแลเซิร์ฟเวอร์" not in home
    clock.forward(hours=1)
    tell("backup.failed")
    home = client.get("/").text
    assert "การสำรองข้อมูลครั้งล่าสุดไม่สำเร็จ" in home
    assert "กรุณาแจ้งผู้ดูแลเซิร์ฟเวอร์" in home
    clock.forward(hours=1)
    tell("backup.verified")
    clock.forward(days=3)
    make.sign_in(client, central)
    home = client.get("/").text
    assert "สำรองข้อมูลล่าสุดเมื่อ 3 วันก่อน" in home
    assert "ครั้งล่าสุดไม่สำเร็จ" not in home
    client.post("/sign-out")
    make.sign_in(client, assessor)
    assert "สำรอง" not in client.get("/").text
