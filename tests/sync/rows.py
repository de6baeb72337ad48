"""What lies in the tables of changes."""

from sqlalchemy import Engine
from sqlmodel import select

from app.audits.models import HeldChange, KeptChange
from app.kit.database import open_session


def stored(engine: Engine) -> list[KeptChange]:
    with open_session(engine, reads=True) as session:
        return list(session.exec(select(KeptChange).order_by(KeptChange.seq)))  # type: ignore[arg-type]


def held(engine: Engine) -> list[HeldChange]:
    with open_session(engine, reads=True) as session:
        return list(session.exec(select(HeldChange)))
