"""Suspended, withdrawn, reinstated: by whom, from where, with what reason; and the database."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts.rules import ROLES
from app.certification.actions import moving
from app.certification.models import CertificateStep
from app.certification.queries import issued
from app.certification.rules.moving import BY_HAND, refusal_to_move, ways
from app.certification.rules.standing import MOVES, STANDINGS, drawing
from app.kit.errors import Refused
from app.settings import Settings
from tests import make
from tests.certification.issued import Central, key
from tests.visit import look

WHY = "ผลตรวจติดตามไม่ผ่าน"
PLACES = [code for code in STANDINGS if code != "expired"]


def told(central: Central, number: str, action: str, who: str, reason: str = WHY) -> str:
    """The code of a refusal, or where the move led."""
    by = central.caller(getattr(central, who))
    try:
        made = moving.move(central.session, number, action, by=by, at=make.NOW, reason=reason)
    except Refused as no:
        return no.refusal.code
    return made.after


def test_withdrawing_and_reinstating_take_another_approver(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    number = central.certify(settings).number
    story = [
        ("ask_withdrawal", "first", "certificate.standing"),
        ("suspend", "first", "suspended"),
        ("suspend", "second", "certificate.standing"),
        ("ask_reinstatement", "first", "reinstatement_asked"),
        ("reinstate", "first", "certificate.second-person"),
        ("reinstate", "second", "valid"),
        ("suspend", "second", "suspended"),
        ("ask_withdrawal", "second", "withdrawal_asked"),
        ("withdraw", "second", "certificate.second-person"),
        ("refuse", "third", "suspended"),
        ("ask_withdrawal", "third", "withdrawal_asked"),
        ("withdraw", "first", "withdrawn"),
        ("ask_reinstatement", "first", "certificate.standing"),
        ("supersede", "first", "certificate.standing"),
    ]
    for action, who, expected in story:
        assert told(central, number, action, who) == expected, (action, who)
    known = issued.certificate(session, number)
    assert known
    assert known.standing == "withdrawn"
    assert [step.n for step in known.steps] == list(range(1, 9))
    assert issued.is_logged(session, known)


@pytest.mark.parametrize("reason", ["", "   ", "สั้น", "ย" * 1001])
def test_a_move_needs_a_reason(session: Session, settings: Settings, reason: str) -> None:
    central = Central(session)
    key(session, settings)
    number = central.certify(settings).number
    assert told(central, number, "suspend", "first", reason) == "certificate.reason"


def test_the_rules_allow_exactly_the_table_of_moves_to_exactly_the_approvers() -> None:
    for role in ROLES:
        for own in (False, True):
            for action in (*BY_HAND, "supersede"):
                for standing in PLACES:
                    for asked_by in (None, "me", "another"):
                        refusal = refusal_to_move(
                            action,
                            standing=standing,
                            roles={role},
                            own_office=own,
                            asked_by=asked_by,
                            by="me",
                        )
                        way = [] if action == "supersede" else ways(action, standing)
                        allowed = (
                            role == "approver"
                            and not own
                            and bool(way)
                            and not (way[0].second and asked_by == "me")
                        )
                        assert (refusal is None) == allowed


def test_an_approver_moves_nothing_of_their_own_office(
    session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    number = central.certify(settings).number
    own = make.person(session, "approver", office="PJO-50")
    with pytest.raises(Refused) as no:
        moving.move(session, number, "suspend", by=central.caller(own), at=make.NOW, reason=WHY)
    assert no.value.refusal.code == "certificate.own-office"
    session.add(_step(number, 1, "suspend valid suspended", own.id))
    with pytest.raises(IntegrityError, match="own office"):
        session.flush()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["withdraw withdrawal_asked withdrawn"], "begins where"),
        (["suspend valid suspended", "suspend valid suspended"], "begins where"),
        (["suspend valid withdrawn"], "known"),
        (
            [
                "suspend valid suspended",
                "ask_withdrawal suspended withdrawal_asked",
                "withdraw withdrawal_asked withdrawn",
            ],
            "another person",
        ),
        (
            [
                "suspend valid suspended",
                "ask_reinstatement suspended reinstatement_asked",
                "reinstate reinstatement_asked valid",
            ],
            "another person",
        ),
    ],
)
def test_the_database_refuses_what_the_rules_refuse(
    session: Session, settings: Settings, steps: list[str], words: str
) -> None:
    central = Central(session)
    key(session, settings)
    number = central.certify(settings).number
    for n, step in enumerate(steps[:-1], 1):
        session.add(_step(number, n, step, central.first.id))
        session.flush()
    session.add(_step(number, len(steps), steps[-1], central.first.id))
    with pytest.raises(IntegrityError, match=words):
        session.flush()


def test_every_standing_is_reached_and_every_move_is_drawn() -> None:
    assert {one.after for one in MOVES} | {"valid"} == set(PLACES)
    assert all(f"{one.before} --> {one.after}" in drawing() for one in MOVES)


def _step(number: str, n: int, step: str, by: str) -> CertificateStep:
    action, before, after = step.split()
    return CertificateStep(
        number=number,
        n=n,
        action=action,
        before=before,
        after=after,
        by=by,
        at=make.NOW,
        reason=WHY,
    )


def test_approvers_move_a_certificate_on_its_page(
    client: TestClient, session: Session, settings: Settings
) -> None:
    central = Central(session)
    key(session, settings)
    number = central.certify(settings).number
    session.commit()
    make.sign_in(client, central.first)
    address = f"/certificates/{number}"
    page = look(client, address)
    assert f'action="{address}/suspend"' in page
    assert f'action="{address}/withdraw"' not in page
    short = client.post(f"{address}/suspend", data={"reason": "สั้น"})
    assert short.status_code == 422
    assert 'href="#reason"' in short.text
    assert client.post(f"{address}/suspend", data={"reason": WHY}).status_code == 200
    client.post(f"{address}/ask_withdrawal", data={"reason": WHY})
    asked = look(client, address)
    assert "ผู้ที่ขอเป็นผู้ยืนยันเองไม่ได้" in asked
    assert client.post(f"{address}/withdraw", data={"reason": WHY}).status_code == 422
    make.sign_in(client, central.second)
    confirmed = client.post(f"{address}/withdraw", data={"reason": WHY})
    assert confirmed.status_code == 200
    history = look(client, address)
    assert history.count(WHY) == 3
    assert central.first.name_th in history
    assert "เพิกถอน" in history
    assert look(client, "/certificates?state=withdrawn").count(number) == 2
    assert client.post(f"{address}/nonsense", data={"reason": WHY}).status_code == 404
    assert client.get("/certificates/GECC-2570-00099").status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role != "approver"])
def test_others_see_a_certificate_and_are_offered_nothing(
    client: TestClient, session: Session, settings: Settings, role: str
) -> None:
    central = Central(session)
    key(session, settings)
    number = central.certify(settings).number
    somebody = make.person(session, role)
    session.commit()
    make.sign_in(client, somebody)
    page = look(client, f"/certificates/{number}")
    assert f"/certificates/{number}/" not in page
    refused = client.post(f"/certificates/{number}/suspend", data={"reason": WHY})
    assert refused.status_code == 403


def test_a_certificate_that_waited_for_a_key_is_issued_by_hand(
    client: TestClient, session: Session, settings: Settings
) -> None:
    central = Central(session)
    decision = central.decide(central.visit())
    session.commit()
    make.sign_in(client, central.third)
    assert decision.id in look(client, "/certificates")
    early = client.post("/certificates", data={"decision": decision.id})
    assert early.status_code == 422
    assert "ยังไม่มีกุญแจ" in early.text
    key(session, settings)
    session.commit()
    done = client.post("/certificates", data={"decision": decision.id}, follow_redirects=False)
    assert done.headers["location"] == "/certificates/GECC-2570-00001"
    assert "รอออกใบรับรอง" not in look(client, "/certificates")
