"""Sending photos as a phone does."""

import hashlib
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select

from app.evidence.rules import CHUNK
from app.kit.database import open_session
from app.settings import Settings
from app.trail.models import TrailLine
from tests.audits.world import Phone, World, push


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def chunks(data: bytes) -> list[bytes]:
    return [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]


def put(
    client: TestClient, phone: Phone, name: str, index: int, body: bytes, **over: Any
) -> Any:
    query = {"total": 1, "sum": sha(body), **over}
    return client.put(
        f"/api/photos/{name}/{index}", params=query, content=body, headers=phone.key
    )


def send(client: TestClient, phone: Phone, data: bytes) -> Any:
    """Send a photo whole, chunk after chunk; the last answer."""
    answer = None
    pieces = chunks(data)
    for index, piece in enumerate(pieces):
        answer = put(client, phone, sha(data), index, piece, total=len(pieces))
    return answer


def status(client: TestClient, phone: Phone, *names: str) -> Any:
    answer = client.post("/api/photos/status", json={"sha256s": names}, headers=phone.key)
    assert answer.status_code == 200
    return answer.json()["photos"]


def name_it(client: TestClient, phone: Phone, world: World, data: bytes) -> str:
    """Push the change that speaks of a photo."""
    push(client, phone, world.visit, [phone.photo(world.visit, data)])
    return sha(data)


def left_behind(settings: Settings) -> list[Path]:
    found = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    return [path for path in found if path.parent.name != "keys"]


def trail(world: World, action: str) -> list[TrailLine]:
    with open_session(world.engine, reads=True) as session:
        return list(session.exec(select(TrailLine).where(TrailLine.action == action)))
