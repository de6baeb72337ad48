"""What commands that write to the database have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from sqlmodel import Session


@contextmanager
def database() -> Iterator["Session"]:
    """A session that is committed at the end; every no is one sentence and exit code 2."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from app.kit.database import make_engine, open_session
    from app.kit.errors import Refused
    from app.settings import settings

    engine = make_engine(settings().database)
    try:
        with open_session(engine) as session:
            yield session
            session.commit()
    except Refused as no:
        stop(f"{no.refusal.th} · {no.refusal.en}")
    except (OperationalError, ProgrammingError) as error:
        stop(f"The database does not answer as it should; `gecc migrate` first? ({error.orig})")
    finally:
        engine.dispose()


def stop(sentence: str) -> NoReturn:
    """Say why not, and exit with 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
