"""`gecc score`: the scorecard of a file of answers. Works without a database."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.checklists.commands import shipped_or_exit
from app.checklists.rules import canonical
from app.scoring.rules import BadAnswers, parse_answers, tally, ways_to_each


def score_command(
    file: Annotated[Path, typer.Argument(help="Answers as JSON.", show_default=False)],
    edition: Annotated[str, typer.Option("--edition", help="SLUG/EDITION.")] = "gecc/2568",
    ways: Annotated[
        bool, typer.Option("--ways", help="The ways up to every level instead.")
    ] = False,
) -> None:
    """Print the canonical scorecard of answers; bad input is one sentence on stderr, exit 2."""
    definition = shipped_or_exit(edition)
    document = _read(file)
    try:
        answers = parse_answers(document, definition)
    except BadAnswers as bad:
        _refuse(f"{bad.th} · {bad.en}")
    if ways:
        typer.echo(canonical(ways_to_each(definition, answers)))
    else:
        typer.echo(canonical(tally(definition, answers).as_json()))


def strict_json(text: str) -> object:
    """Return the value of a JSON text.

    Raises ValueError also for what Python would pass over: a key written twice, NaN, Infinity.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"“{twice}” is written twice")
    return found


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _read(file: Path) -> object:
    try:
        return strict_json(file.read_text("utf-8"))
    except OSError as error:
        _refuse(f"อ่านไฟล์ {file} ไม่ได้ · The file {file} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError) as error:
        why = str(error) or "nested too deeply"
        _refuse(f"ไฟล์ {file} ไม่ใช่ JSON · The file {file} is not JSON: {why}.")


def _refuse(sentence: str) -> NoReturn:
    line = "".join(c if c.isprintable() else " " for c in sentence)
    typer.echo(line, err=True)
    raise typer.Exit(2)
