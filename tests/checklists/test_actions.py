"""Loading editions into the database."""

from datetime import UTC, datetime

from sqlmodel import Session

from app.checklists.actions import load
from app.checklists.queries import by_sha256, definition, editions, newest, read_shipped
from app.trail.queries import of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_a_loaded_edition_is_the_one_that_was_shipped(session: Session) -> None:
    gecc = read_shipped("gecc/2568")
    stored = load(session, gecc, by=None, at=NOW)
    session.commit()
    session.expunge_all()
    again = by_sha256(session, gecc.sha256)
    assert again is not None
    assert (again.slug, again.edition, again.sha256) == ("gecc", "2568", stored.sha256)
    assert definition(again) == gecc
    assert definition(again) is definition(again)
    assert definition(again).sha256 == gecc.sha256


def test_loading_twice_is_harmless_and_leaves_one_line_in_the_trail(session: Session) -> None:
    mini = read_shipped("demo/mini")
    first = load(session, mini, by=None, at=NOW)
    second = load(session, mini, by=None, at=NOW)
    assert first.id == second.id
    assert len(editions(session)) == 1
    lines = of(session, "edition", mini.sha256)
    assert [(line.action, line.detail) for line in lines] == [
        ("edition.loaded", {"edition": "demo/mini"})
    ]


def test_a_changed_file_makes_a_new_row_and_the_old_one_stays(session: Session) -> None:
    mini = read_shipped("demo/mini")
    old = load(session, mini, by=None, at=NOW)
    changed = mini.model_copy(update={"status": "official"})
    changed = type(mini).model_validate(changed.model_dump())
    new = load(session, changed, by=None, at=NOW)
    assert new.sha256 != old.sha256
    assert newest(session, "demo", "mini") is new
    kept = by_sha256(session, mini.sha256)
    assert kept is not None
    assert definition(kept) == mini
    assert [row.id for row in editions(session)] == [new.id, old.id]


def test_what_was_never_loaded_is_not_there(session: Session) -> None:
    assert by_sha256(session, "0" * 64) is None
    assert newest(session, "gecc", "2560") is None
