"""The invented world is one that phones could have made."""

from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app import demo
from app.audits.demo.answers import PHOTOS, seed_self_assessments
from app.audits.models import HeldChange, KeptChange
from app.audits.queries import board_progress, find, reading
from app.evidence.models import Blob
from app.kit.database import open_session
from app.rounds.models import Participation, Visit
from app.settings import Settings
from tests.conftest import Clock


def test_the_invented_answers_are_kept_and_scored(
    client: TestClient, engine: Engine, settings: Settings, clock: Clock
) -> None:
    with open_session(engine) as session:
        demo.seed(session, now=clock())
        if not session.exec(select(Blob)).all():
            seed_self_assessments(session, clock(), settings.data_dir)
        session.commit()
    with open_session(engine, reads=True) as session:
        assert session.exec(select(HeldChange)).all() == []
        kept = session.exec(select(KeptChange)).all()
        assert kept
        assert all(change.signature for change in kept)
        assert len(session.exec(select(Blob)).all()) == len(PHOTOS)
        selves = board_progress(session, list(session.exec(select(Participation.id))))
        assert max(one["answered"] for one in selves.values()) == 50
        [(visit, walked)] = board_progress(
            session, list(session.exec(select(Visit.id)))
        ).items()
        assert walked["conflicts"] == 1
        found = find(session, visit)
        assert found is not None
        state = reading(session, found).state
        assert sum(map(len, state["photos"].values())) == len(PHOTOS)
