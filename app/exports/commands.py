"""What `gecc export` and `gecc verify` do; docs/export.md is about them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.audits import queries as audits
from app.audits.queries import Found
from app.exports import actions, queries, writing
from app.exports.packing import look
from app.exports.rules.layout import BadPart
from app.exports.rules.reading import public_of
from app.kit.clock import utc_now
from app.kit.database import make_engine, open_session
from app.kit.errors import Refused
from app.settings import settings

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def export(audit: str, year: int | None, out: Path | None, originals: bool) -> None:
    """Write the export of an audit; in words on stderr and exit 2 where it cannot be."""
    with _engine() as engine:
        with open_session(engine, reads=True) as session:
            named = [audits.find(session, audit)] if ID.fullmatch(audit) else []
            if not named and year is not None:
                named = [*queries.of_office(session, audit.upper(), year)]
            found = [each for each in named if each is not None]
            choices = "\n".join(_choice(each) for each in found)
            session.rollback()
        if not found and year is None and not ID.fullmatch(audit):
            _stop(
                f"“{audit}” ไม่ใช่รหัสการตรวจ ถ้าเป็นรหัสหน่วยงานให้บอกปีงบประมาณด้วย --round · "
                "This is no audit's id. With an office's code say the year: --round 2570."
            )
        if not found:
            _stop(f"ไม่พบการตรวจ “{audit}” · There is no audit “{audit}”.")
        if len(found) > 1:
            _stop(f"มีมากกว่าหนึ่ง เลือกด้วยรหัส · More than one. Choose by id:\n{choices}")
        if out is not None and not out.parent.is_dir():
            _stop(f"ไม่มีโฟลเดอร์ {out.parent} · There is no folder {out.parent}.")
        at = utc_now()
        path, done = writing.write_to(
            engine, found[0].id, out, settings(), at=at, originals=originals
        )
        with open_session(engine) as session:
            actions.note_export(session, done, by=None, at=at)
            session.commit()
    photos = done.manifest.photos
    typer.echo(
        f"{path}\n"
        f"รายการ · changes: {done.manifest.audit.head}, ภาพ · photos: {len(photos.here)}, "
        f"ภาพที่ยังไม่ได้รับ · not received: {len(photos.missing)}, "
        f"ต้นฉบับที่ไม่ได้ใส่ · originals kept back: {len(photos.withheld)}\n"
        f"sha256: {done.sha256}"
    )


def verify(file: Path, log_key: str | None, as_json: bool) -> None:
    """Say what there is to say of an export; exits 0, 1, 2, or 3 where there is no file."""
    trusted = _key(log_key) if log_key else None
    try:
        with file.open("rb") as opened:
            report = look(opened, trusted)
    except OSError as error:
        # Not 2: that says something about an export, and here none was seen.
        typer.echo(f"อ่านไฟล์ {file} ไม่ได้ · Cannot read {file}: {error.strerror}.", err=True)
        raise typer.Exit(3) from error
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for check in report.checks:
            typer.echo(check.line())
        typer.echo(" · ".join(report.sentence))
    raise typer.Exit(report.exit_code)


def _key(told: str) -> bytes:
    """The public key that was given, as text or as a file."""
    path = Path(told)
    try:
        text = path.read_text("utf-8") if len(told) < 1000 and path.is_file() else told
        return public_of(text.strip().splitlines()[0].encode())
    except (BadPart, ValueError, OSError, IndexError):
        _stop("กุญแจที่ให้มาอ่านไม่ได้ · What was given as --log-key is no log key.", code=3)


def _choice(found: Found) -> str:
    kind = "การตรวจเยี่ยม · visit" if found.visit else "ประเมินตนเอง · self-assessment"
    day = f" {found.planned_on.isoformat()}" if found.planned_on else ""
    return f"  {found.id}  {kind}{day} ({found.head})"


@contextmanager
def _engine() -> Iterator[Engine]:
    """The database; every no is one sentence and exit code 2."""
    engine = make_engine(settings().database)
    try:
        yield engine
    except Refused as no:
        _stop(f"{no.refusal.th} · {no.refusal.en}")
    except (OperationalError, ProgrammingError) as error:
        _stop(
            f"The database does not answer as it should; `gecc migrate` first? ({error.orig})"
        )
    finally:
        engine.dispose()


def _stop(sentence: str, code: int = 2) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
