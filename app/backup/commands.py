"""What `gecc backup`, `gecc backups` and `gecc restore` do; docs/backup.md is about them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.backup import backing_up, queries, restoring
from app.backup.places import on_same_disk, place
from app.backup.rules import HALF_RESTORED, Manifest, failed
from app.backup.unfinished import is_half_restored
from app.kit.clock import utc_now
from app.kit.database import make_engine
from app.kit.errors import Refused
from app.kit.html import be_datetime
from app.settings import settings

LACKING = 3
SAME_DISK = (
    "ที่เก็บข้อมูลสำรองอยู่บนดิสก์เดียวกับข้อมูล หากดิสก์เสียจะเสียทั้งคู่ · "
    "This place is on the same disk as the data: one failure would take both. Is it mounted?"
)
WORDS = {"database": "ฐานข้อมูล · database", "photos": "ภาพ · photos"}


def backup(destination: str, keep: int | None, verify_all: bool) -> None:
    """Back up, and say what came of it; exits 2 with the reason, 3 when photos are lacking."""
    wish = backing_up.Wish(keep, verify_all)
    with _said(), _progress() as step:
        if is_half_restored(settings().data_dir):
            raise Refused(HALF_RESTORED)
        engine = make_engine(settings().database)
        try:
            source = backing_up.Source(engine, settings().data_dir)
            where = place(destination, data_dir=settings().data_dir)
            if on_same_disk(destination, settings().data_dir):
                typer.echo(SAME_DISK, err=True)
            done = backing_up.back_up(source, where, wish, clock=utc_now, step=step)
        finally:
            engine.dispose()
    fates = done.fates
    typer.echo(
        f"สำรองและอ่านกลับแล้ว · backed up and read back: {done.manifest.id}\n"
        f"  ภาพ · photos: {len(done.manifest.facts())} "
        f"(ใหม่ · new {fates.get('new', 0)}, อ่านซ้ำ · read again {fates.get('read', 0)}, "
        f"ซ่อม · mended {fates.get('mended', 0)})\n"
        f"  รายการ · changes: {done.manifest.changes}\n"
        f"  ทำเครื่องหมายว่าสำรองแล้ว · marked as archived: {done.archived}"
    )
    if done.removed:
        typer.echo(f"  ลบชุดเก่า · old backups removed: {done.removed}")
    if done.manifest.lacking:
        typer.echo(
            "ภาพต่อไปนี้เสียหายหรือหายไปจากเซิร์ฟเวอร์ จึงไม่อยู่ในข้อมูลสำรอง · "
            "these photos are damaged or gone on this server and are not in the backup:",
            err=True,
        )
        for sha256 in done.manifest.lacking:
            typer.echo(f"  {sha256}", err=True)
        raise typer.Exit(LACKING)


def backups(destination: str) -> None:
    """List the backups of a place, newest first."""
    with _said():
        where = place(destination, data_dir=settings().data_dir)
        finished, _ = queries.backups(where)
        found = [(each, queries.manifest(where, each)) for each in reversed(finished)]
    table = Table(title=destination)
    table.add_column("ชุด · backup", no_wrap=True)
    table.add_column("เมื่อ · when", no_wrap=True)
    for heading in ("photos", "changes", "MB"):
        table.add_column(heading, justify="right")
    for each, manifest in found:
        table.add_row(each, *_row(manifest))
    Console(soft_wrap=not sys.stdout.isatty()).print(table)


def restore(source: str, backup: str | None) -> None:
    """Restore, and say what came of it; exits 2 with the reason, 3 when photos are lost."""
    chosen = settings()
    with _said(), _progress() as step:
        done = restoring.restore(
            place(source, data_dir=chosen.data_dir),
            restoring.Target(chosen.data_dir, chosen.database),
            backup=backup,
            clock=utc_now,
            step=step,
        )
    moment = done.manifest.begun_at
    typer.echo(
        f"กู้คืนแล้ว จากชุด · restored from: {done.manifest.id}\n"
        f"  ข้อมูล ณ · as it was on: {be_datetime(moment)} · {be_datetime(moment, 'en')}\n"
        f"  ภาพ · photos: {done.photos}\n"
        f"  รายการ · changes: {done.manifest.changes}"
    )
    if done.later:
        typer.echo(f"  ภาพจากชุดที่ใหม่กว่า · photos of later backups: {done.later}")
    if done.lost:
        typer.echo(
            "ภาพต่อไปนี้เสียหายหรือหายไปจากข้อมูลสำรอง มือถือที่ยังมีอยู่จะส่งให้ใหม่ · "
            "these photos are damaged or gone; phones that still hold them send them again:",
            err=True,
        )
        for sha256 in done.lost:
            typer.echo(f"  {sha256}", err=True)
        raise typer.Exit(LACKING)


def _row(manifest: Manifest | None) -> tuple[str, ...]:
    if manifest is None:
        return ("รายการเสียหาย · manifest damaged",)
    return (
        be_datetime(manifest.begun_at),
        str(len(manifest.facts())),
        str(manifest.changes),
        f"{manifest.database.bytes / 1e6:.1f}",
    )


@contextmanager
def _said() -> Iterator[None]:
    """Every no is one sentence in both languages and exit code 2."""
    try:
        yield
    except Refused as no:
        typer.echo(f"{no.refusal.th} · {no.refusal.en}", err=True)
        raise typer.Exit(2) from no
    except OSError as error:
        why = failed(str(error))
        typer.echo(f"{why.th} · {why.en}", err=True)
        raise typer.Exit(2) from error
    except (OperationalError, ProgrammingError) as error:
        typer.echo(f"The database does not answer as it should. ({error.orig})", err=True)
        raise typer.Exit(2) from error


@contextmanager
def _progress() -> Iterator[backing_up.Step]:
    """Bars on stderr, where one looks on; nothing in a log of a timer."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bars:
        tasks = {what: bars.add_task(words, total=None) for what, words in WORDS.items()}

        def step(what: str, done: int, total: int) -> None:
            bars.update(tasks[what], completed=done, total=total)

        yield step
