"""Commands that make a server and run it."""

from typing import Annotated

import typer

from app.cli.session import database, stop

app = typer.Typer()


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

    from app.audits.jobs import remember_always
    from app.backup.rules import HALF_RESTORED
    from app.backup.unfinished import is_half_restored
    from app.evidence.jobs import sweep_daily
    from app.kit.database import make_engine
    from app.kit.memory import stay_small
    from app.notices.jobs import remind_daily
    from app.search.jobs import find_always
    from app.settings import settings
    from app.webhooks.jobs import tell_always

    if is_half_restored(settings().data_dir):
        stop(f"{HALF_RESTORED.th} · {HALF_RESTORED.en}")
    stay_small()
    engine = make_engine(settings().database)
    sweep_daily(engine, settings().data_dir)
    remind_daily(engine, settings())
    remember_always(engine)
    find_always(engine)
    tell_always(engine, settings())
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
    from app.backup.rules import HALF_RESTORED
    from app.backup.unfinished import is_half_restored
    from app.kit import migrating
    from app.settings import settings

    if is_half_restored(settings().data_dir):
        stop(f"{HALF_RESTORED.th} · {HALF_RESTORED.en}")
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

    with database() as session:
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
    walk_only: Annotated[
        bool, typer.Option("--walk-only", help="Leave out the pilot round of the year before.")
    ] = False,
) -> None:
    """Make the small invented world, in a database without people, where GECC_DEMO is set."""
    from app import demo
    from app.accounts import queries
    from app.kit.clock import utc_now
    from app.settings import settings

    if not settings().demo:
        stop("The invented world is for trying out only. Set GECC_DEMO=1 to say that this is.")
    with database() as session:
        known = {each.username for each in queries.everybody(session)}
        if known and not if_empty:
            stop("There are people in this database. The invented world needs an empty one.")
        if not known:
            typer.echo("Making the invented world, photos and all: about half a minute …")
            now, data_dir = utc_now(), settings().data_dir
            world = demo.seed(session, now=now, data_dir=data_dir)
            if not walk_only:
                demo.show(session, world, now=now, data_dir=data_dir)
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

    with database() as session:
        engine = session.get_bind().engine
        session.rollback()
        swept = jobs.sweep(engine, settings().data_dir, at=utc_now())
    typer.echo(", ".join(f"{kind}: {number}" for kind, number in swept.items()))


@app.command()
def rebuild() -> None:
    """Write the cards that boards compare and the texts that are searched anew.

    Both only repeat what stands elsewhere, so nothing is lost by it.
    """
    from app.audits import jobs
    from app.search import jobs as search

    with database() as session:
        engine = session.get_bind().engine
        session.rollback()
        written, copied = jobs.rebuild(engine), search.rebuild(engine)
    typer.echo(f"Cards written: {written}. Texts to search: {copied}.")


@app.command()
def remind() -> None:
    """Write the reminders that are due and send what waits; safe to run again and again.

    `gecc serve` does it every few minutes by itself.
    """
    from app.kit.clock import utc_now
    from app.kit.database import make_engine
    from app.notices import jobs
    from app.settings import settings

    if not settings().smtp_host:
        stop("No mail server is set (GECC_SMTP_HOST): reminders stand on screen only.")
    written, sent = jobs.work(make_engine(settings().database), settings(), at=utc_now())
    typer.echo(f"Reminders written: {written}. Mail sent: {sent}.")


@app.command()
def roles(
    authority: Annotated[
        bool, typer.Option("--authority", help="docs/authority.md: who may judge an audit.")
    ] = False,
    drawings: Annotated[
        bool, typer.Option("--drawings", help="The drawings of docs/lifecycle.md.")
    ] = False,
) -> None:
    """Print docs/roles.md from the one table of who may do what."""
    from app.accounts.rules import roles_page
    from app.audits.rules import lifecycle
    from app.certification.rules import duties, standing

    if authority:
        typer.echo(duties.authority_page(), nl=False)
    elif drawings:
        drawn = (lifecycle.drawing(), lifecycle.drawing("self"), standing.drawing())
        typer.echo("\n".join(drawn), nl=False)
    else:
        typer.echo(roles_page(), nl=False)


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
