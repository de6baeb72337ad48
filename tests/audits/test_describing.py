"""What phones are told of an audit's office: where it stands, once somebody has said."""

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.kit.database import open_session
from app.offices.models import Office
from tests.audits.world import Phone, World


def told(client: TestClient, world: World, phone: Phone) -> tuple[Any, Any]:
    """The office as the list tells it, and as the pack does."""
    audits = client.get("/api/sync/audits", headers=phone.key).json()["audits"]
    asked = {"audit": world.visit}
    sha = client.post("/api/sync/prepare", json=asked, headers=phone.key).json()["pack"]
    pack = client.get(f"/api/packs/{sha}", headers=phone.key).json()
    return audits[0]["office"], pack["audit"]["office"]


def test_a_phone_learns_where_the_office_stands_by_its_list_and_by_its_pack(
    client: TestClient, engine: Engine, world: World
) -> None:
    phone = world.phone("lead")
    for office in told(client, world, phone):
        assert office["position"] is None
    with open_session(engine) as session:
        office = session.get_one(Office, world.office)
        office.latitude, office.longitude = 18.7883, 98.9853
        session.commit()
    for office in told(client, world, phone):
        assert office["code"] == "PJO-50"
        assert office["position"] == {"lat": 18.7883, "lon": 98.9853}
