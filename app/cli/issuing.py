"""`gecc keys`: the keys that sign certificates. docs/keys.md is the runbook."""

from typing import Annotated

import typer

from app.cli.session import database, stop

app = typer.Typer(help="The keys that sign certificates.", no_args_is_help=True)
Kid = Annotated[str, typer.Argument(help="Its id, as `gecc keys list` shows it.")]


@app.command("list")
def list_keys() -> None:
    """Every key: its id, state, since when, and how many certificates it signed."""
    from app.certification.queries import issued
    from app.kit.html import be_datetime

    with database() as session:
        rows = issued.keys(session)
        for row, key in zip(rows, issued.verifying_keys(session), strict=True):
            signed = len(issued.of_key(session, row.kid))
            since = row.compromised_at or row.retired_at or row.made_at
            words = f"{key.state} {be_datetime(since)}"
            typer.echo(f"{row.kid}  {words}  ใบรับรอง · certificates: {signed}")
    if not rows:
        typer.echo("ยังไม่มีกุญแจ · No key yet: gecc keys new")


@app.command("new")
def new() -> None:
    """Make the key that signs from now on; the one before signs no more and its file goes."""
    from app.certification import keys
    from app.certification.actions import keys as actions
    from app.certification.queries import issued
    from app.kit.clock import utc_now
    from app.settings import settings

    with database() as session:
        made = actions.new_key(session, settings(), by=None, at=utc_now())
        others = [row.kid for row in issued.keys(session) if row.kid != made.kid]
    for kid in others:
        keys.remove(settings(), kid)
    typer.echo(f"กุญแจใหม่ · new key: {made.kid}")
    typer.echo(f"แฟ้ม · file: {keys.path_of(settings().data_dir, made.kid)}")


@app.command("retire")
def retire(kid: Kid) -> None:
    """Sign no more with a key; what it signed stays valid. Its file is removed."""
    from app.certification import keys
    from app.certification.actions import keys as actions
    from app.kit.clock import utc_now
    from app.settings import settings

    with database() as session:
        actions.retire(session, kid, by=None, at=utc_now())
    keys.remove(settings(), kid)
    typer.echo(f"เลิกใช้แล้ว · retired: {kid}")


@app.command("compromised")
def compromised(
    kid: Kid,
    reason: Annotated[str, typer.Option(help="What is known of it, for the trail.")],
) -> None:
    """Declare that others may hold a key: offline nobody believes it any more."""
    from app.certification import keys
    from app.certification.actions import keys as actions
    from app.certification.queries import issued
    from app.kit.clock import utc_now
    from app.settings import settings

    with database() as session:
        actions.compromise(session, kid, reason=reason, by=None, at=utc_now())
        signed = len(issued.of_key(session, kid))
    keys.remove(settings(), kid)
    typer.echo(f"แจ้งว่ารั่วไหลแล้ว · declared compromised: {kid}")
    typer.echo(f"ใบรับรองที่ลงนามด้วยกุญแจนี้ · certificates it signed: {signed}")
    typer.echo("ต่อไป · next: gecc keys new, gecc keys reissue")


@app.command("reissue")
def reissue(
    kid: Kid,
    by: Annotated[str, typer.Option("--by", help="User name of the approver who asked.")],
) -> None:
    """Issue anew, with today's key, every valid certificate that a key signed."""
    from app.accounts import queries as accounts
    from app.accounts.rules import tidy_username
    from app.certification.actions import issuing
    from app.kit.clock import utc_now
    from app.settings import settings

    with database() as session:
        person = accounts.by_username(session, tidy_username(by))
        caller = accounts.caller(session, person.id) if person else None
        if caller is None or caller.disabled or not caller.may("certificate.manage"):
            stop(f"{by} ไม่ใช่ผู้อนุมัติ · {by} is no approver.")
        done = issuing.reissue(session, settings(), kid, by=caller.id, at=utc_now())
    for old, new_number in done:
        typer.echo(f"{old} -> {new_number}")
    typer.echo(f"ออกใหม่ · issued anew: {len(done)}")


@app.command("check")
def check() -> None:
    """Whether today's key can sign, and no file of another lies about; exit 1 if not."""
    from app.certification import keys
    from app.settings import settings

    with database() as session:
        found = keys.flaws(session, settings())
        signer = keys.signer(session, settings())
    for flaw in found:
        typer.echo(f"{flaw.kid}: {flaw.th} · {flaw.en}")
    if signer is not None and not found:
        typer.echo(f"กุญแจพร้อมใช้ · ready to sign: {signer.kid}")
    if found:
        raise typer.Exit(1)
