"""What `gecc log check` and `gecc log checkpoint` do."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.audits.queries.checking import Comparer, Witness, check_log
from app.kit.database import make_engine, open_session
from app.kit.files import keep
from app.log import keys
from app.log.queries import BrokenLog
from app.log.rules import BadNote, open_note, parse_checkpoint
from app.settings import settings

TOLD = 50
CHECKED = Path("log.checked")
"""The checkpoint of the last check that was well; not in the database that is checked."""


def check(against: Sequence[Path], also: Sequence[Comparer] = ()) -> None:
    """Say what is not as it was, and exit with 1; files of checkpoints are held to as well.

    `also`: what later rooms wrote into the log.
    """
    chosen = settings()
    engine = make_engine(chosen.database)
    if engine.dialect.name == "postgresql":  # one moment, while phones go on pushing
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with open_session(engine, reads=True) as session:
            kept = chosen.data_dir / CHECKED
            files = [*against, *([kept] if kept.is_file() else [])]
            saw = [_witness(chosen.data_dir, file) for file in files]
            found = check_log(session, saw, also)
            if not found.flaws:
                keep(kept, [keys.checkpoint(session, chosen).encode()])
    except (OperationalError, ProgrammingError) as error:
        _stop(
            f"The database does not answer as it should; `gecc migrate` first? ({error.orig})"
        )
    finally:
        engine.dispose()
    for flaw in found.flaws[:TOLD]:
        typer.echo(f"{flaw.th} · {flaw.en}")
    if found.flaws:
        more = len(found.flaws) - TOLD
        if more > 0:
            typer.echo(f"และอีก {more} เรื่อง · and {more} more")
        raise typer.Exit(1)
    typer.echo(
        f"ทะเบียนครบถ้วนและไม่ถูกแก้ · The log is whole and unaltered: "
        f"{found.size} entries, {found.changes} changes."
    )


def checkpoint() -> None:
    """Print the newest checkpoint."""
    chosen = settings()
    engine = make_engine(chosen.database)
    try:
        with open_session(engine, reads=True) as session:
            typer.echo(keys.checkpoint(session, chosen), nl=False)
    except (OperationalError, ProgrammingError, BrokenLog) as error:
        _stop(f"There is no log to tell of; `gecc migrate` first? ({error})")
    finally:
        engine.dispose()


def _witness(data_dir: Path, file: Path) -> Witness:
    """A checkpoint from a file; whatever is not one by our key ends the command."""
    try:
        note = file.read_text("utf-8")
        said = open_note(note, keys.vkey(data_dir, parse_checkpoint(note).origin))
    except (OSError, UnicodeDecodeError, BadNote) as error:
        _stop(
            f"{file} ไม่ใช่หลักฐานที่ทะเบียนนี้ลงนาม · "
            f"{file} is no checkpoint that this log signed: {error}."
        )
    epoch = said.origin.rpartition("/")[2]
    return Witness(
        said.size,
        said.root,
        f"หลักฐานในไฟล์ {file}",
        f"the checkpoint in {file}",
        int(epoch) if epoch.isdecimal() else 1,
    )


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
