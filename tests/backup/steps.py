"""What these tests do again and again."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine, select
from sqlmodel import Session

from app import schema
from app.backup.backing_up import Report, Source, Wish, back_up
from app.backup.places import Place, sum_of
from app.backup.queries import archived
from app.backup.restoring import Restored, Target, restore
from app.backup.rules import blob_name
from app.kit.clock import utc_now
from app.kit.database import make_engine, open_session
from app.main import create_app
from app.settings import Settings
from tests.audits.world import Phone, World, push
from tests.sync.photos import send

AWS: Final = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
}


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody looks on."""


def picture(number: int, side: int = 64) -> bytes:
    """A photo of its own."""
    out = io.BytesIO()
    colour = (number % 256, number // 256 % 256, 120)
    Image.new("RGB", (side, side), colour).save(out, "JPEG", comment=f"{number}".encode())
    return out.getvalue()


def send_photos(client: TestClient, phone: Phone, world: World, *numbers: int) -> list[str]:
    """Push the changes that name photos, and their bytes; their names."""
    data = [picture(number) for number in numbers]
    push(client, phone, world.visit, [phone.photo(world.visit, each) for each in data])
    for each in data:
        assert send(client, phone, each).json()["have"] == "all"
    return [hashlib.sha256(each).hexdigest() for each in data]


def run(settings: Settings, engine: Engine, place: Place, **wish: Any) -> Report:
    """Back up."""
    source = Source(engine, settings.data_dir)
    return back_up(source, place, Wish(**wish), clock=utc_now, step=quiet)


def bring_back(place: Place, target: Target, backup: str | None = None) -> Restored:
    """Restore."""
    return restore(place, target, backup=backup, clock=utc_now, step=quiet)


def marked(engine: Engine) -> set[str]:
    """The photos that are marked as archived."""
    with open_session(engine, reads=True) as session:
        return archived(session)


def whole(place: Place, names: set[str]) -> bool:
    """Whether each of these photos lies in the place as it should."""
    return all(sum_of(place.pieces(blob_name(name))) == name for name in names)


def rows(session: Session, *, but: set[str]) -> dict[str, list[Any]]:
    """Everything in the database but for these tables."""
    return {
        table.name: sorted(map(str, session.connection().execute(select(table)).all()))
        for table in schema.metadata.sorted_tables
        if table.name not in but
    }


@contextmanager
def server(target: Target) -> Iterator[tuple[TestClient, Engine]]:
    """The product on what was restored."""
    app = create_app(Settings(data_dir=target.data_dir, database_url=target.url))
    with TestClient(app) as client:
        yield client, app.state.engine
    app.state.engine.dispose()


@contextmanager
def database(target: Target) -> Iterator[Session]:
    """A look into what was restored."""
    engine = make_engine(target.url)
    with open_session(engine, reads=True) as session:
        yield session
    engine.dispose()


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
