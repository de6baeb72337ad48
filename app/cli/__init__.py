"""`gecc`: the command line, a door like pages and api. Imports what it needs when needed."""

import typer

from app.cli.editions import app as edition_commands
from app.cli.issuing import app as key_commands
from app.cli.keeping import app as keeping_commands
from app.cli.people import people
from app.cli.serving import app as serving_commands
from app.scoring.commands import score_command

app = typer.Typer(
    name="gecc",
    help="ตรวจสะดวก: the GECC audit, from the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(serving_commands)
app.add_typer(keeping_commands)
app.add_typer(edition_commands, name="edition")
app.add_typer(people, name="person")
app.add_typer(key_commands, name="keys")
app.command("score")(score_command)


def main() -> None:
    """The entry of the `gecc` script."""
    app()
