"""What `gecc hand-in` does."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.accounts import queries as accounts
from app.accounts.rules import tidy_username
from app.kit.clock import utc_now
from app.kit.database import make_engine, open_session
from app.kit.errors import Refused
from app.settings import settings
from app.sync.handed import Handed
from app.sync.handing import Hand

MOST_NAMED = 20


def hand_in(file: Path, username: str) -> None:
    """Hand in a file for somebody, or for nobody; in words what came of it."""
    engine = make_engine(settings().database)
    try:
        with file.open("rb") as opened, open_session(engine) as session:
            person = accounts.by_username(session, tidy_username(username))
            if username and person is None:
                _stop(f"ไม่มีผู้ใช้ {username} · Nobody has the user name {username}.")
            by = accounts.caller(session, person.id) if username and person else None
            done = Hand(session, settings(), by=by, at=utc_now()).hand_in(opened)
    except OSError as error:
        _stop(f"อ่านไฟล์ {file} ไม่ได้ · Cannot read {file}: {error.strerror}.")
    except Refused as no:
        _stop(f"{no.refusal.th} · {no.refusal.en}")
    except (OperationalError, ProgrammingError) as error:
        _stop(
            f"The database does not answer as it should; `gecc migrate` first? ({error.orig})"
        )
    finally:
        engine.dispose()
    for line in _told(done):
        typer.echo(line)
    raise typer.Exit(0 if done.whole and not done.held else 2)


def _told(done: Handed) -> Sequence[str]:
    lines = [
        f"รายการ · changes: รับแล้ว · kept {done.kept}, มีอยู่แล้ว · known {done.known}",
        f"พักไว้ · held: {done.held}",
        f"ภาพ · photos: รับแล้ว · received {len(done.received)}",
        f"ภาพที่มีอยู่แล้ว · known photos: {done.known_photos}",
    ]
    if done.left_why:
        why = f"{done.left_why.th} · {done.left_why.en}"
        lines.append(f"ยังไม่ได้รับ · not taken {done.left_rows}: {why}")
    if done.list_lost:
        lines.append("อ่านรายการ (changes.txt) ไม่ได้ · the list (changes.txt) cannot be read")
    for words, found in (
        ("แถวที่เสียหาย · damaged rows", [str(number) for number in done.damaged_rows]),
        ("แถวจากเครื่องที่ไม่รู้จัก · rows of unknown devices", [str(n) for n in done.strange_rows]),
        ("ภาพที่เสียหาย · damaged photos", done.damaged_photos),
        ("ภาพที่ไม่อยู่ในไฟล์ · photos not in the file", done.absent_photos),
    ):
        if found:
            more = " …" if len(found) > MOST_NAMED else ""
            lines.append(f"{words} ({len(found)}): {', '.join(found[:MOST_NAMED])}{more}")
    lines += [
        f"แถว · row {one.number} {one.kind} {one.target}: {one.reason.th} · {one.reason.en}"
        for one in done.held_rows[:MOST_NAMED]
    ]
    lines += [
        f"ภาพ · photo {one.sha256}: {one.reason.th} · {one.reason.en}"
        for one in done.refused[:MOST_NAMED]
    ]
    return lines


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
