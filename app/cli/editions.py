"""`gecc edition effect`: what an edition would do to open audits, before it is published."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.checklists.commands import app, edition_or_exit
from app.cli.session import database, stop

if TYPE_CHECKING:
    from app.audits.queries import Affected
    from app.checklists.rules import Edition

__all__ = ["app"]


@app.command()
def effect(
    before: Annotated[str, typer.Argument(help="SLUG/EDITION that rounds use now.")],
    after: Annotated[str, typer.Argument(help="SLUG/EDITION, FILE.yaml or FILE.xlsx.")],
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what another edition would do to open audits; changes nothing."""
    from app.audits.queries import effects
    from app.checklists.queries import editions
    from app.checklists.rules import canonical

    new = edition_or_exit(after)
    with database() as session:
        named = {
            one.sha256 for one in editions(session) if f"{one.slug}/{one.edition}" == before
        }
        if not named:
            stop(f"ไม่มีเกณฑ์ {before} ในฐานข้อมูล · The database holds no edition {before}.")
        found = effects(session, named, new)
        told = [_json(one) for one in found]
        lines = [line for one in found for line in _lines(one, new)]
    if json:
        typer.echo(canonical({"after": new.sha256, "audits": told}))
        return
    for line in lines:
        typer.echo(line)
    typer.echo(f"การตรวจที่เปิดอยู่ {len(found)} รายการ · Open audits: {len(found)}")


def _json(one: "Affected") -> dict[str, Any]:
    made = one.effect
    return {
        "audit": one.found.id,
        "kind": one.found.kind,
        "office": one.found.office.code,
        "before": {"level": made.before.level, "percent": made.before.percent},
        "after": {"level": made.after.level, "percent": made.after.percent},
        "unfit": [{"at": u.at, "th": u.th, "en": u.en} for u in made.unfit],
        "new": list(made.new),
    }


def _lines(one: "Affected", new: "Edition") -> list[str]:
    made, kind = one.effect, one.found.kind
    was, will = (f"{c.level or '-'} {c.percent}" for c in (made.before, made.after))
    lines = [f"{one.found.office.code} ({kind}, {one.found.id}): {was} → {will}"]
    lines += [f"  {unfit.at}: {unfit.th} · {unfit.en}" for unfit in made.unfit]
    for code in made.new:
        title = new.by_code[code].title
        lines.append(f"  {code}: ข้อใหม่ {title.th} · new, {title.en}")
    return lines
