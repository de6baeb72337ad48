"""Two places to back up to, on either database, and an empty one to restore into."""

import os
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from moto.server import ThreadedMotoServer
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from app.backup.places import Place, place
from app.backup.restoring import Target
from app.settings import Settings
from tests.audits.world import Phone, World
from tests.backup.steps import AWS
from tests.conftest import on_server


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def phone(client: TestClient, world: World) -> Phone:
    return world.phone("lead")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[int]:
    """A server on loopback that speaks S3; its port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def bucket(s3_server: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket, and the environment that leads to it."""
    name = f"b{uuid.uuid4().hex}"
    address = f"http://127.0.0.1:{s3_server}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="PUT")).close()
    for variable, value in {**AWS, "AWS_ENDPOINT_URL": address}.items():
        monkeypatch.setenv(variable, value)
    return f"s3://{name}/gecc/backups"


@pytest.fixture(params=["folder", "s3"])
def destination(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of an empty place."""
    if request.param == "folder":
        return str(tmp_path / "other disk")
    name: str = request.getfixturevalue("bucket")
    return name


@pytest.fixture
def there(destination: str, settings: Settings) -> Place:
    return place(destination, data_dir=settings.data_dir)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Place:
    return place(str(tmp_path / "another disk"), data_dir=settings.data_dir)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Target]:
    """A new server: an empty data folder, and an empty database of the same kind."""
    data_dir = tmp_path / "new server"
    server = os.environ.get("GECC_TEST_DATABASE_URL")
    if not server:
        yield Target(data_dir, f"sqlite:///{data_dir}/gecc.sqlite3")
        return
    name = f"r{uuid.uuid4().hex}"
    with on_server(server) as say:
        say(f'CREATE DATABASE "{name}"')
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        yield Target(data_dir, url)
        say(f'DROP DATABASE "{name}" WITH (FORCE)')
