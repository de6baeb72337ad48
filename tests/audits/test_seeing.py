"""Who may see which photo: names open nothing by themselves, and what was masked is for few."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.audits.rules.seeing import Showing, covered, sight
from app.kit.database import open_session
from app.rounds.models import Assignment, Participation, Round, Visit
from app.trail.models import TrailLine
from tests import signing
from tests.audits.test_pages import signed_in
from tests.audits.world import NOW, Phone, World, push, uid, verdicts
from tests.conftest import Clock
from tests.evidence.files import jpeg, scene
from tests.sync.photos import chunks, put, send, status

BARE, COVERED = jpeg(), jpeg(turn=6)
ORIGINAL, MASKED = (hashlib.sha256(each).hexdigest() for each in (BARE, COVERED))


def masking(world: World, phone: Phone, client: TestClient, source: str | None = None) -> str:
    """A photo and, of it, a masked one, as phones say so; the masked one's change."""
    first = source or phone.photo(world.visit, BARE)
    of = {"how": "masked", "change": json.loads(first)["id"], "sha256": ORIGINAL}
    plain = json.loads(phone.photo(world.visit, COVERED))
    plain["value"] |= {"source": "camera", "of": of}
    second = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    out = phone.line(
        world.visit, "photo-removed", json.loads(first)["id"], {"reason": "ปิดบังแล้ว"}
    )
    lines = [] if source else [first]
    assert set(verdicts(push(client, phone, world.visit, [*lines, second, out]))) <= {"kept"}
    send(client, phone, BARE)
    send(client, phone, COVERED)
    return str(plain["id"])


def looks(world: World) -> list[TrailLine]:
    with open_session(world.engine, reads=True) as session:
        wanted = TrailLine.action == "photo.original-seen"
        return list(session.exec(select(TrailLine).where(wanted)))


MAY = {"lead": 200, "central": 200, "admin": 200}
SEES = {"lead", "second", "editor", "central", "auditor", "admin"}


@pytest.mark.parametrize(
    "who", ["lead", "second", "stranger", "editor", "neighbour", "central", "auditor", "admin"]
)
def test_the_masked_photo_is_for_all_who_read_and_its_original_for_few(
    app: FastAPI, client: TestClient, world: World, clock: Clock, who: str
) -> None:
    masking(world, world.phone("lead"), client)
    visitor = signed_in(app, world, who, clock)
    covered = visitor.get(f"/photos/{MASKED}/800.jpg")
    assert covered.status_code == (200 if who in SEES else 404)
    for size in (200, 800, 2048):
        bare = visitor.get(f"/photos/{ORIGINAL}/{size}.jpg")
        assert bare.status_code == MAY.get(who, 404)
        if bare.status_code == 200:
            assert bare.headers["cache-control"] == "private, no-store"
            tag = {"If-None-Match": bare.headers["etag"]}
            again = visitor.get(f"/photos/{ORIGINAL}/{size}.jpg", headers=tag)
            assert again.status_code == 200, "every look is asked for anew"
        else:
            unknown = visitor.get(f"/photos/{'0' * 64}/{size}.jpg")
            assert bare.status_code == unknown.status_code, "as if it did not exist"
    # The author looks at their own; everybody else leaves a line each time.
    seen = [(line.by, line.subject, line.detail["size"]) for line in looks(world)]
    person = world.people[who]
    expected = [(person, ORIGINAL, size) for size in (200, 200, 800, 800, 2048, 2048)]
    assert seen == (expected if who in {"central", "admin"} else [])


def test_a_colleague_can_mask_a_photo_and_its_taker_still_sees_what_they_took(
    app: FastAPI, client: TestClient, world: World, clock: Clock
) -> None:
    one, two = world.phone("lead"), world.phone("second")
    first = one.photo(world.visit, BARE)
    push(client, one, world.visit, [first])
    send(client, one, BARE)
    assert client.get(f"/photos/{ORIGINAL}/200.jpg", headers=two.key).status_code == 200
    masking(world, two, client, source=first)
    assert client.get(f"/photos/{ORIGINAL}/200.jpg", headers=one.key).status_code == 200


def test_whoever_says_the_name_of_a_masked_original_again_does_not_see_it(
    app: FastAPI, client: TestClient, world: World
) -> None:
    masking(world, world.phone("lead"), client)
    second = world.phone("second")
    push(client, second, world.visit, [second.photo(world.visit, BARE, "P02")])
    assert client.get(f"/photos/{ORIGINAL}/200.jpg", headers=second.key).status_code == 404


def test_what_was_drawn_on_a_photo_is_hidden_with_it_when_that_is_masked(
    client: TestClient, world: World
) -> None:
    lead, second = world.phone("lead"), world.phone("second")
    first = lead.photo(world.visit, BARE)
    drawn, again = jpeg(scene(70, 48)), jpeg(scene(71, 48))
    made, source = [], (json.loads(first)["id"], ORIGINAL)
    for each in (drawn, again):
        line = json.loads(lead.photo(world.visit, each))
        of = {"how": "annotated", "change": source[0], "sha256": source[1]}
        line["value"] |= {"source": "camera", "of": of}
        source = (line["id"], line["value"]["sha256"])
        made.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    push(client, lead, world.visit, [first, *made])
    names = [hashlib.sha256(each).hexdigest() for each in (drawn, again)]
    for each in (drawn, again):
        send(client, lead, each)

    def seen(name: str) -> int:
        return client.get(f"/photos/{name}/200.jpg", headers=second.key).status_code

    assert [seen(name) for name in names] == [200, 200]
    masking(world, lead, client, source=first)
    assert [seen(name) for name in [*names, ORIGINAL, MASKED]] == [404, 404, 404, 200]


def elsewhere(world: World, *people: str, year: int = 2571) -> str:
    """Another visit, of another round, to which these people are sent."""
    visit, round_id = uid(), uid()
    with open_session(world.engine) as session:
        session.add(
            Round(
                id=round_id,
                fiscal_year=year,
                name_th=f"รอบ {year}",
                name_en=f"Round {year}",
                edition_sha256=world.edition.sha256,
                opens_on=date(year - 544, 10, 1),
                closes_on=date(year - 543, 9, 30),
                opened_by=world.people["central"],
                opened_at=NOW,
            )
        )
        session.flush()
        session.add(
            Participation(
                id=uid(),
                round_id=round_id,
                office_id=world.office,
                added_by=world.people["central"],
                at=NOW,
            )
        )
        session.flush()
        session.add(
            Visit(
                id=visit,
                round_id=round_id,
                office_id=world.office,
                planned_on=date(year - 543, 5, 1),
                planned_by=world.people["central"],
                at=NOW,
            )
        )
        session.flush()
        for person in people:
            session.add(
                Assignment(
                    visit_id=visit,
                    person_id=world.people[person],
                    office_id=world.office,
                    lead=False,
                    assigned_by=world.people["central"],
                    at=NOW,
                )
            )
        session.commit()
    return visit


def test_knowing_a_name_and_writing_it_into_an_audit_of_ones_own_opens_nothing(
    client: TestClient, world: World
) -> None:
    lead, stranger = world.phone("lead"), world.phone("stranger")
    push(client, lead, world.visit, [lead.photo(world.visit, BARE)])
    send(client, lead, BARE)
    own = elsewhere(world, "stranger", year=2569)
    answer = push(client, stranger, own, [stranger.photo(own, BARE)])
    assert verdicts(answer) == ["kept"], "the change counts; it is the bytes that are not shown"
    address = f"/photos/{ORIGINAL}/800.jpg"
    assert client.get(address, headers=stranger.key).status_code == 404
    # Told to send it, as if nobody had; a piece that is not the photo proves nothing.
    assert status(client, stranger, ORIGINAL) == {ORIGINAL: []}
    assert put(client, stranger, ORIGINAL, 0, b"no such bytes").status_code == 422
    assert client.get(address, headers=stranger.key).status_code == 404
    assert status(client, lead, ORIGINAL) == {ORIGINAL: "all"}
    # Who has the bytes sees the photo, and is told so once only.
    assert send(client, stranger, BARE).json()["have"] == "all"
    assert status(client, stranger, ORIGINAL) == {ORIGINAL: "all"}
    assert client.get(address, headers=stranger.key).status_code == 200
    assert put(client, stranger, ORIGINAL, 0, chunks(BARE)[0]).json()["have"] == "all"
    with open_session(world.engine, reads=True) as session:
        lines = session.exec(select(TrailLine).where(TrailLine.kind == "photo")).all()
    assert [line.action for line in lines if line.action.startswith("photo.sent")] == [
        "photo.sent-too"
    ]


def test_a_photo_that_a_colleague_brought_with_its_line_is_seen_by_the_team(
    client: TestClient, world: World
) -> None:
    theirs, colleague = signing.phone(client, world, "second"), world.phone("stranger")
    lead = world.phone("lead")
    line = theirs.photo(world.visit, BARE)
    brought = {"device": theirs.device, "upto": theirs.n, "signatures": theirs.signed([line])}
    assert verdicts(push(client, colleague, world.visit, [line], **brought)) == ["kept"]
    assert send(client, colleague, BARE).json()["have"] == "all"
    address = f"/photos/{ORIGINAL}/200.jpg"
    assert client.get(address, headers=lead.key).status_code == 200
    assert client.get(address, headers=colleague.key).status_code == 404, "who only carried it"


def test_a_photo_masked_in_one_audit_and_plain_in_another_follows_the_stricter(
    client: TestClient, world: World
) -> None:
    lead, second = world.phone("lead"), world.phone("second")
    masking(world, lead, client)
    other = elsewhere(world, "second", "stranger", year=2569)
    push(client, second, other, [second.photo(other, BARE)])
    send(client, second, BARE)
    stranger = world.phone("stranger")
    address = f"/photos/{ORIGINAL}/200.jpg"
    # Who reads the audit where it was masked meets the mask; who reads only the other does not,
    # or anybody could hide the photos of others.
    assert client.get(address, headers=second.key).status_code == 404
    assert client.get(address, headers=stranger.key).status_code == 200


def prepared(client: TestClient, phone: Phone, audit: str) -> Any:
    made = client.post("/api/sync/prepare", json={"audit": audit}, headers=phone.key)
    assert made.status_code == 200, made.text
    return client.get(f"/api/packs/{made.json()['pack']}", headers=phone.key).json()


def test_a_visit_brings_the_photos_of_the_visit_before_masked_where_masked(
    client: TestClient, world: World
) -> None:
    before, now = world.visit, elsewhere(world, "stranger")
    lead, stranger = world.phone("lead"), world.phone("stranger")
    masked = masking(world, lead, client)
    more = [jpeg(scene(64 + each, 48)) for each in range(4)]
    lines = [lead.photo(before, each, "P02") for each in more]
    taken_out = lead.line(
        before, "photo-removed", json.loads(lines[3])["id"], {"reason": "ไม่ชัด"}
    )
    words = lead.line(before, "caption", masked, "จุดบริการ")
    push(client, lead, before, [*lines, taken_out, words])
    for each in more:
        send(client, lead, each)
    told = prepared(client, stranger, now)["previous_photos"]
    assert told == {
        "P01": [{"sha256": MASKED, "taken_on": "2026-11-21", "caption": "จุดบริการ"}],
        "P02": [
            {
                "sha256": hashlib.sha256(more[each]).hexdigest(),
                "taken_on": "2026-11-21",
                "caption": "",
            }
            for each in (2, 1, 0)
        ],
    }

    def answer(name: str) -> int:
        return client.get(f"/photos/{name}/800.jpg", headers=stranger.key).status_code

    assert answer(MASKED) == 200
    assert answer(hashlib.sha256(more[0]).hexdigest()) == 200
    assert answer(hashlib.sha256(more[3]).hexdigest()) == 404, "taken out, so not brought"
    assert answer(ORIGINAL) == 404
    assert prepared(client, lead, before)["previous_photos"] == {}
    neighbour = world.phone("neighbour")
    assert client.get(f"/photos/{MASKED}/800.jpg", headers=neighbour.key).status_code == 404


def showing(**said: bool) -> Showing:
    return Showing(**{"reads": True, "vouched": True, "masked": False, "took": False, **said})


@pytest.mark.parametrize(
    ("showings", "everywhere", "originals", "seen"),
    [
        ([], False, False, None),
        ([], True, False, "plain"),  # only held changes speak of it
        ([showing()], False, False, "plain"),
        ([showing(vouched=False)], False, False, None),
        ([showing(vouched=False)], True, False, "plain"),
        ([showing(reads=False)], False, False, None),
        ([showing(masked=True)], False, False, None),
        ([showing(masked=True)], True, False, None),  # an auditor reads all, but not this
        ([showing(masked=True)], True, True, "original"),
        ([showing(masked=True, took=True)], False, False, "own"),
        ([showing(masked=True, took=True), showing(masked=True)], False, False, None),
        ([showing(masked=True), showing()], False, False, None),
        ([showing(masked=True, reads=False), showing()], False, False, "plain"),
        ([showing(masked=True, vouched=False), showing()], False, False, "plain"),
        ([showing(reads=False, earlier=True)], False, False, "plain"),
        ([showing(reads=False, earlier=True, masked=True)], False, False, None),
    ],
)
def test_the_strictest_audit_that_somebody_reads_decides(
    showings: list[Showing], everywhere: bool, originals: bool, seen: str | None
) -> None:
    assert sight(showings, everywhere=everywhere, originals=originals) == seen


def test_drawings_of_what_was_masked_are_covered_too_and_no_circle_is_endless() -> None:
    def of(how: str, sha256: str) -> dict[str, str]:
        return {"how": how, "sha256": sha256}

    assert covered([("a", None), ("m", of("masked", "a"))]) == {"a"}
    drawn = [("e", of("annotated", "d")), ("d", of("annotated", "a"))]
    assert covered([*drawn, ("a", None)]) == set()
    assert covered([*drawn, ("m", of("masked", "a"))]) == {"a", "d", "e"}
    circle = [
        ("x", of("annotated", "y")),
        ("y", of("annotated", "x")),
        ("z", of("masked", "z")),
    ]
    assert covered(circle) == set()
