"""`gecc edition`: check, show, from and to Excel, compare. Works without a database."""

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.table import Table

from app.checklists import workbook
from app.checklists.queries import CHECKLISTS, explain, read_file, read_shipped, shipped
from app.checklists.queries.lines import read_lines
from app.checklists.rules import (
    BadEdition,
    Criterion,
    Edition,
    Preview,
    canonical,
    compile_edition,
    differences,
    preview,
    tables,
)

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
    typer.echo(f"{file}: {_summary(edition)}")


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


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An edition's workbook.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="Write the edition's YAML there, if nothing is refused.")
    ] = None,
) -> None:
    """Preview an edition in a workbook: every cell that is refused and why; exit 1 if any."""
    found = _previewed(file)
    for one in found.refused:
        typer.echo(f"{file}: {one}")
    if found.edition is None:
        typer.echo(
            f"ไม่รับ {len(found.refused)} ที่ ยังไม่เขียนอะไร · "
            f"{len(found.refused)} refused, nothing written.",
            err=True,
        )
        raise typer.Exit(1)
    edition = found.edition
    typer.echo(f"{file}: {_summary(edition)}")
    _beside_shipped(edition)
    if out is None:
        return
    text = workbook.as_yaml(found.document)
    if compile_edition(read_lines(text).document).sha256 != edition.sha256:
        raise AssertionError("the YAML of an edition does not read back as that edition")
    try:
        with out.open("x", encoding="utf-8") as made:
            made.write(text)
    except FileExistsError:
        _stop(f"มี {out} อยู่แล้ว ไม่เขียนทับ · {out} is there already and is not overwritten.")
    except OSError as error:
        _stop(f"เขียน {out} ไม่ได้ · {out} cannot be written: {error.strerror}.")
    typer.echo(f"{out}: sha256 {edition.sha256}")


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="SLUG/EDITION, or an edition's YAML file.")],
    file: Annotated[Path, typer.Argument(help="The workbook to write.", show_default=False)],
) -> None:
    """Write an edition as a workbook that `import` takes back as the very same edition."""
    path = Path(name) if name.endswith(".yaml") else CHECKLISTS / f"{name}.yaml"
    edition = edition_or_exit(name)
    document = read_lines(path.read_text("utf-8-sig")).document
    try:
        workbook.write(file, tables(cast("dict[str, Any]", document)))
    except OSError as error:
        _stop(f"เขียน {file} ไม่ได้ · {file} cannot be written: {error.strerror}.")
    typer.echo(f"{file}: {_summary(edition)}")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="SLUG/EDITION, FILE.yaml or FILE.xlsx.")],
    after: Annotated[str, typer.Argument(help="The other one.")],
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what differs between two editions, criterion by criterion; exit 1 if anything."""
    old, new = edition_or_exit(before), edition_or_exit(after)
    found = differences(old, new)
    if json:
        told = [one.as_json() for one in found]
        typer.echo(canonical({"before": old.sha256, "after": new.sha256, "differences": told}))
    elif not found:
        typer.echo(f"ไม่มีข้อแตกต่าง · No difference: sha256 {new.sha256}")
    else:
        for one in found:
            typer.echo(f"{one.th} · {one.en}")
    if found:
        raise typer.Exit(1)


def edition_or_exit(name: str) -> Edition:
    """Return a shipped edition, or that of a YAML file or a workbook; exit 2 where none is."""
    path = Path(name)
    if path.suffix == ".yaml":
        try:
            return read_file(path)
        except BadEdition as bad:
            _stop(f"{path}:{bad.mistakes[0].line}: {bad.mistakes[0]}")
    if path.suffix == ".xlsx":
        found = _previewed(path)
        if found.edition is None:
            _stop(f"{path}: {found.refused[0]}")
        return found.edition
    return shipped_or_exit(name)


def _previewed(file: Path) -> Preview:
    try:
        return preview(*workbook.read(file))
    except workbook.Unreadable as error:
        _stop(f"{file}: เปิดสมุดงานนี้ไม่ได้ · This workbook cannot be opened: {error}.")


def _beside_shipped(edition: Edition) -> None:
    """How it stands to the edition of the same name that comes with the product."""
    name = f"{edition.slug}/{edition.edition}"
    if name not in shipped():
        typer.echo(f"ฉบับใหม่ {name} · A new edition, {name}.")
        return
    found = differences(shipped_or_exit(name), edition)
    if not found:
        typer.echo(f"ตรงกับ {name} ที่มากับระบบทุกประการ · The very same as {name}.")
    for one in found:
        typer.echo(f"{one.th} · {one.en}")


def _summary(edition: Edition) -> str:
    points = sum(c.points for c in edition.criteria)
    return (
        f"{edition.slug}/{edition.edition}, {len(list(edition.criteria))} criteria, "
        f"{_points(points)} points, sha256 {edition.sha256}"
    )


def _stop(sentence: str) -> NoReturn:
    typer.echo("".join(c if c.isprintable() else " " for c in sentence), err=True)
    raise typer.Exit(2)


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
