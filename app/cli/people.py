"""`gecc person`: somebody to begin with, and a way back in."""

from typing import Annotated

import typer

from app.cli.session import database, stop

people = typer.Typer(help="People who may sign in.", no_args_is_help=True)


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

    with database() as session:
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

    with database() as session:
        person = queries.by_username(session, tidy_username(username))
        if person is None:
            stop(f"Nobody has the user name {username}.")
        password = actions.reset_password(session, person=person, by=None, at=utc_now())
    typer.echo(f"{person.username}: {password}")
