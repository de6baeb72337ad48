"""`gecc`: the command line, a door like pages and api. Imports what it needs when needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from app.checklists.commands import app as edition_commands
from app.scoring.commands import score_command

if TYPE_CHECKING:
    from sqlmodel import Session

app = typer.Typer(
    name="gecc",
    help="ตรวจสะดวก: the GECC audit, from the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
log = typer.Typer(help="The log that nobody may rewrite.", no_args_is_help=True)
people = typer.Typer(help="People who may sign in.", no_args_is_help=True)
app.add_typer(edition_commands, name="edition")
app.add_typer(log, name="log")
app.add_typer(people, name="person")
app.command("score")(score_command)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    trusted_proxy: Annotated[
        str, typer.Option(help="Addresses whose X-Forwarded-… headers are believed.")
    ] = "127.0.0.1",
    reload: Annotated[bool, typer.Option(help="Start anew when the code changes.")] = False,
) -> None:
    """Serve the product: one process."""
    import uvicorn  # heavy, and only here

    from app.backup.restoring import is_half_restored
    from app.backup.rules import HALF_RESTORED
    from app.evidence.jobs import sweep_daily
    from app.kit.database import make_engine
    from app.kit.memory import stay_small
    from app.settings import settings

    if is_half_restored(settings().data_dir):
        _stop(f"{HALF_RESTORED.th} · {HALF_RESTORED.en}")
    stay_small()
    sweep_daily(make_engine(settings().database), settings().data_dir)
    typer.echo(f"ตรวจสะดวก: {settings().origin or f'http://{_shown(host)}:{port}'}")
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        reload=reload,
        host=host,
        port=port,
        proxy_headers=True,
        forwarded_allow_ips=trusted_proxy,
        server_header=False,
        log_level="warning",
    )


@app.command()
def migrate() -> None:
    """Bring the database's tables up to this release."""
    from app.backup.restoring import is_half_restored
    from app.backup.rules import HALF_RESTORED
    from app.kit import migrating
    from app.settings import settings

    if is_half_restored(settings().data_dir):
        _stop(f"{HALF_RESTORED.th} · {HALF_RESTORED.en}")
    migrating.migrate(settings().database)
    typer.echo("The database is up to date.")


@app.command()
def load() -> None:
    """Bring in the offices and the editions that came with the product; twice is harmless."""
    from app.checklists.actions import load as load_edition
    from app.checklists.commands import shipped_or_exit
    from app.checklists.queries import shipped
    from app.kit.clock import utc_now
    from app.offices.actions import load_offices
    from app.settings import settings

    with _database() as session:
        new = load_offices(session, by=None, at=utc_now())
        typer.echo(f"Offices: {new} new.")
        for name in shipped():
            if name.startswith("demo/") and not settings().demo:
                continue  # an invented edition has no place where real rounds are opened
            stored = load_edition(session, shipped_or_exit(name), by=None, at=utc_now())
            typer.echo(f"Edition {name}: sha256 {stored.sha256}")


@app.command()
def seed(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there are people already.")
    ] = False,
) -> None:
    """Make the small invented world, in a database without people, where GECC_DEMO is set."""
    from app import demo
    from app.accounts import queries
    from app.kit.clock import utc_now
    from app.settings import settings

    if not settings().demo:
        _stop("The invented world is for trying out only. Set GECC_DEMO=1 to say that this is.")
    with _database() as session:
        known = {each.username for each in queries.everybody(session)}
        if known and not if_empty:
            _stop("There are people in this database. The invented world needs an empty one.")
        if not known:
            demo.seed(session, now=utc_now(), data_dir=settings().data_dir)
    if not known or {each.username for each in demo.PEOPLE} <= known:
        _print_sign_ins()


@app.command()
def sweep() -> None:
    """Remove left-over files: photos begun and given up, bytes whose commit failed.

    `gecc serve` does it every day by itself.
    """
    from app.evidence import jobs
    from app.kit.clock import utc_now
    from app.settings import settings

    with _database() as session:
        engine = session.get_bind().engine
        session.rollback()
        swept = jobs.sweep(engine, settings().data_dir, at=utc_now())
    typer.echo(", ".join(f"{kind}: {number}" for kind, number in swept.items()))


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


@app.command()
def roles() -> None:
    """Print docs/roles.md from the one table of who may do what."""
    from app.accounts.rules import roles_page

    typer.echo(roles_page(), nl=False)


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

    commands.check(against or [])


@log.command("checkpoint")
def show_checkpoint() -> None:
    """Print the newest checkpoint: keep it elsewhere, and `gecc log check` will hold to it."""
    from app.audits import commands

    commands.checkpoint()


@people.command("add")
def add_person(
    username: str,
    name: Annotated[str, typer.Option(help="Name and surname in Thai.")],
    name_en: Annotated[str, typer.Option(help="Name and surname in English.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="A role; may be repeated.")] = None,
) -> None:
    """Add somebody, such as the first administrator; prints their start password once."""
    from app.accounts import actions
    from app.kit.clock import utc_now

    with _database() as session:
        person, password = actions.create(
            session, username=username, name_th=name, name_en=name_en, by=None, at=utc_now()
        )
        for each in role or []:
            actions.grant(session, person=person, role=each, by=None, at=utc_now())
    typer.echo(f"{person.username}: {password}")


@people.command("reset-password")
def reset_password(username: str) -> None:
    """Give somebody a new start password and end their sign-ins; prints it once."""
    from app.accounts import actions, queries
    from app.accounts.rules import tidy_username
    from app.kit.clock import utc_now

    with _database() as session:
        person = queries.by_username(session, tidy_username(username))
        if person is None:
            _stop(f"Nobody has the user name {username}.")
        password = actions.reset_password(session, person=person, by=None, at=utc_now())
    typer.echo(f"{person.username}: {password}")


def main() -> None:
    """The entry of the `gecc` script."""
    app()


@contextmanager
def _database() -> Iterator["Session"]:
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
        _stop(f"{no.refusal.th} · {no.refusal.en}")
    except (OperationalError, ProgrammingError) as error:
        _stop(
            f"The database does not answer as it should; `gecc migrate` first? ({error.orig})"
        )
    finally:
        engine.dispose()


def _print_sign_ins() -> None:
    from app import demo
    from app.accounts.rules import DEMO_PASSWORD, ROLES

    typer.echo(f"ผู้ใช้ตัวอย่าง (สมมุติ) รหัสผ่านเดียวกัน · invented people, password: {DEMO_PASSWORD}")
    for each in demo.PEOPLE:
        roles = ", ".join(f"{ROLES[role]['th']} · {ROLES[role]['en']}" for role in each.roles)
        office = f" ({each.office})" if each.office else ""
        typer.echo(f"  {each.username:<10} {roles}{office}")


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1"} else host  # noqa: S104


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
