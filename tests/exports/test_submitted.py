"""An export of a visit that was signed and submitted, with what came too late."""

import io
import json
import zipfile

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.audits.queries.checking import check_log
from app.exports.packing import look
from app.exports.writing import write
from app.kit.database import open_session
from app.settings import Settings
from tests.audits.world import NOW, World, push, verdicts
from tests.signing import phone
from tests.sync.photos import send
from tests.sync.submitting import PHOTO, everything, stage_of


def test_signatures_submission_and_what_came_too_late_are_checked_like_all_else(
    client: TestClient, engine: Engine, settings: Settings
) -> None:
    world = World(engine)
    lead = phone(client, world, "lead")
    lines = everything(world, lead)
    push(client, lead, world.visit, lines, signatures=lead.signed(lines))
    send(client, lead, PHOTO)
    assert stage_of(world) == "submitted"
    late = [lead.line(world.visit, "note", "P01", "หลังส่ง")]
    answer = push(client, lead, world.visit, late, signatures=lead.signed(late))
    assert verdicts(answer) == ["audit.submitted"]

    file = io.BytesIO()
    write(engine, world.visit, file, settings, at=NOW)
    report = look(io.BytesIO(file.getvalue()))
    assert [check.line() for check in report.checks if check.verdict == "tampered"] == []
    assert report.exit_code == 0
    manifest = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    assert manifest["audit"]["stage"] == "submitted"
    with open_session(engine, reads=True) as session:
        assert check_log(session).flaws == []
