"""What another edition would do to audits that are open."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.audits import queries
from app.checklists.queries import CHECKLISTS, read_file
from app.cli import app as gecc
from app.kit.database import open_session
from app.settings import settings
from tests.audits.world import World, push


def stricter(tmp_path: Path) -> Path:
    """The edition without P02, and with a first gate of another code."""
    file = tmp_path / "2569.yaml"
    text = (CHECKLISTS / "gecc" / "2568.yaml").read_text("utf-8")
    file.write_text(text.replace("- code: P02\n", "- code: P02b\n", 1), "utf-8")
    return file


def test_open_audits_are_scored_by_the_later_edition_before_it_is_published(
    client: TestClient,
    engine: Engine,
    world: World,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = stricter(tmp_path)
    lead = world.phone("lead")
    lines = [lead.line(world.visit, "answer", code, "met") for code in ("P01", "P02")]
    push(client, lead, world.visit, lines)
    with open_session(engine, reads=True) as session:
        found = queries.effects(session, {world.edition.sha256}, read_file(file))
        assert queries.effects(session, {"0" * 64}, read_file(file)) == []
    assert [one.found.id for one in found] == [world.visit]
    assert [one.at for one in found[0].effect.unfit] == ["P02"]
    assert found[0].effect.new == ("P02b",)
    assert found[0].effect.before.gates.met == 2
    assert found[0].effect.after.gates.met == 1
    monkeypatch.setenv("GECC_DATABASE_URL", database_url)
    settings.cache_clear()  # those of a process are read once
    said = CliRunner().invoke(gecc, ["edition", "effect", "gecc/2568", str(file), "--json"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)["audits"]
    assert [(one["office"], one["new"]) for one in told] == [("PJO-50", ["P02b"])]
    shown = CliRunner().invoke(gecc, ["edition", "effect", "gecc/2568", str(file)])
    assert "Open audits: 1" in shown.stdout
    assert "P02b" in shown.stdout
    settings.cache_clear()
