"""`gecc edition`: check a file, show an edition. Works without a database."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.checklists.queries import explain, read_file, read_shipped, shipped
from app.checklists.rules import BadEdition, Criterion, Edition, canonical

app = typer.Typer(name="edition", help="Checklist editions.", no_args_is_help=True)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="An edition's YAML file.", show_default=False)],
) -> None:
    """Explain every mistake in an edition's file, with its line; exit 1 if there is one."""
    mistakes = explain(file)
    for found in mistakes:
        typer.echo(f"{file}:{found.line}: {found}")
    if mistakes:
        raise typer.Exit(1)
    edition = read_file(file)
    criteria = list(edition.criteria)
    points = sum(c.points for c in criteria)
    typer.echo(
        f"{file}: {edition.slug}/{edition.edition}, {len(criteria)} criteria, "
        f"{_points(points)} points, sha256 {edition.sha256}"
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="SLUG/EDITION, such as gecc/2568.")],
    json: Annotated[bool, typer.Option("--json", help="The compiled edition.")] = False,
) -> None:
    """Show an edition that comes with the product; exit 2 if there is none of that name."""
    edition = shipped_or_exit(name)
    if json:
        typer.echo(canonical(edition.as_json()))
    else:
        Console(soft_wrap=not sys.stdout.isatty()).print(_table(edition))


def shipped_or_exit(name: str) -> Edition:
    """Return a shipped edition, or say in one sentence why not and exit 2."""
    try:
        return read_shipped(name)
    except KeyError:
        known = ", ".join(shipped())
        typer.echo(
            f"ไม่มีเกณฑ์ “{name}” · There is no edition “{name}”; there is {known}.", err=True
        )
    except BadEdition as bad:
        first = bad.mistakes[0]
        typer.echo(f"checklists/{name}.yaml:{first.line}: {first}", err=True)
    raise typer.Exit(2)


def _table(edition: Edition) -> Table:
    table = Table(
        title=f"{edition.title.th} · {edition.title.en}",
        caption=f"{edition.status}, sha256 {edition.sha256}",
    )
    table.add_column("รหัส", no_wrap=True)
    table.add_column("เกณฑ์")
    table.add_column("Criterion")
    table.add_column("คะแนน", justify="right")
    table.add_column("ภาพ", justify="right")
    table.add_column("ที่มา")
    for section in edition.sections:
        table.add_section()
        table.add_row(section.code, section.title.th, section.title.en, style="bold")
        for criterion in section.criteria:
            table.add_row(*_row(criterion))
    return table


def _row(criterion: Criterion) -> tuple[str, ...]:
    composed = criterion.provenance.status == "composed"
    return (
        criterion.code,
        criterion.title.th,
        criterion.title.en,
        _points(criterion.points) if criterion.kind == "scored" else "",
        str(criterion.min_photos),
        "ร่าง ยังไม่เทียบฉบับทางการ" if composed else criterion.official_no or "",
    )


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:g}"
