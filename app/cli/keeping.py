"""Commands that keep what was entrusted: backups, exports, files handed in, the log."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
log = typer.Typer(help="The log that nobody may rewrite.", no_args_is_help=True)
app.add_typer(log, name="log")


@app.command()
def backup(
    destination: Annotated[str, typer.Argument(help="A folder, or s3://bucket/prefix.")],
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep so many database copies; else all.")
    ] = None,
    verify_all: Annotated[
        bool, typer.Option("--verify-all", help="Read back every photo, not only new ones.")
    ] = False,
) -> None:
    """Back everything up, read it back, and mark its photos as archived.

    Exit 0: done. 2: it came to nothing. 3: done, but photos are damaged on this server.
    """
    from app.backup import commands

    commands.backup(destination, keep, verify_all)


@app.command()
def backups(
    destination: Annotated[str, typer.Argument(help="A folder, or s3://bucket/prefix.")],
) -> None:
    """List the backups of a place, the newest first."""
    from app.backup import commands

    commands.backups(destination)


@app.command()
def restore(
    source: Annotated[str, typer.Argument(help="A folder, or s3://bucket/prefix.")],
    backup: Annotated[
        str | None, typer.Option(help="Which one, as `gecc backups` lists it; else the newest.")
    ] = None,
) -> None:
    """Bring a backup back into an empty data folder and an empty database.

    Exit 0: done. 2: refused. 3: done, but photos of the backup are damaged or gone.
    """
    from app.backup import commands

    commands.restore(source, backup)


@app.command()
def export(
    audit: Annotated[
        str, typer.Argument(help="An audit's id, or an office's code.", show_default=False)
    ],
    year: Annotated[
        int | None, typer.Option("--round", help="Fiscal year of the round, such as 2570.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to; its own name here if not.")
    ] = None,
    originals: Annotated[
        bool, typer.Option("--originals", help="With photos as they were before masking.")
    ] = False,
) -> None:
    """Write everything of one audit into a file that anybody can check (docs/export.md)."""
    from app.exports import commands

    commands.export(audit, year, out, originals)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The ZIP of an export.", show_default=False)],
    log_key: Annotated[
        str | None,
        typer.Option("--log-key", help="The log's key as you know it, or a file with it."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The report for programs.")] = False,
) -> None:
    """Check an export, without database and network: 0 whole, 1 tampered with, 2 incomplete."""
    from app.exports import commands

    commands.verify(file, log_key, json)


@app.command("hand-in")
def hand_in(
    file: Annotated[Path, typer.Argument(help="A file of unsent work.", show_default=False)],
    by: Annotated[
        str, typer.Option("--by", help="User name of who brings it; the system if not given.")
    ] = "",
) -> None:
    """Take in a file of unsent work from a phone; twice is harmless.

    Exits 0 when all of it is at the server, 2 when something is damaged, held or missing.
    """
    from app.sync import commands

    commands.hand_in(file, by)


@log.command("check")
def check_log(
    against: Annotated[
        list[Path] | None,
        typer.Option(help="A file with a checkpoint kept from earlier; may be repeated."),
    ] = None,
) -> None:
    """Read the whole log again, beside all that it tells of; exit 1 when anything was altered.

    Holds it to what phones saw, to checkpoints you kept, and to the last check that was well.
    """
    from app.audits import commands
    from app.certification.queries.checking import COMPARERS

    commands.check(against or [], COMPARERS)


@log.command("checkpoint")
def show_checkpoint() -> None:
    """Print the newest checkpoint: keep it elsewhere, and `gecc log check` will hold to it."""
    from app.audits import commands

    commands.checkpoint()
