"""Backing up: the database first, then the bytes it names, read back, and only then marked."""

import hashlib
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.backup import actions, queries
from app.backup.copying import taken
from app.backup.places import Place, read_through, sum_of
from app.backup.rules import (
    BLOBS,
    Fact,
    Manifest,
    Piece,
    backup_id,
    blob_name,
    differs,
    due,
    failed,
    folder_of,
    manifest_name,
    superfluous,
    written,
)
from app.evidence.chunks import blob_path
from app.kit.clock import wire
from app.kit.database import open_session
from app.kit.errors import Refused
from app.kit.release import release

AT_ONCE: Final = 4
Step = Callable[[str, int, int], None]
"""Told what is being done, how many of it are done, and of how many."""
Fate = Literal["new", "read", "mended", "lacking"]


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: a database, and the folder beside it."""

    engine: Engine
    data_dir: Path


@dataclass(frozen=True, slots=True)
class Wish:
    """How a backup is wanted: how many to keep (none: all), and whether to read back all."""

    keep: int | None = None
    verify_all: bool = False


class Report(NamedTuple):
    """What a backup came to."""

    manifest: Manifest
    fates: Mapping[str, int]
    archived: int
    removed: int


def back_up(
    source: Source, place: Place, wish: Wish, *, clock: Callable[[], datetime], step: Step
) -> Report:
    """Make a backup, read it back, mark its photos as archived.

    Raises Refused with the reason; then nothing was marked, and the trail has a line of it.
    """
    begun = clock()
    backup = backup_id(begun, secrets.token_hex(3))
    try:
        manifest, fates = _make(
            source, place, backup, wish, clock=clock, begun=begun, step=step
        )
        with open_session(source.engine) as session:
            archived = actions.note_verified(session, manifest, at=clock())
            session.commit()
        removed = _tidy(place, wish, at=clock())
    except (Refused, OSError, SQLAlchemyError) as error:
        no = error if isinstance(error, Refused) else Refused(failed(str(error)))
        with suppress(SQLAlchemyError), open_session(source.engine) as session:
            actions.note_failed(session, backup, no.refusal, at=clock())
            session.commit()
        raise no from error
    return Report(manifest, fates, archived, removed)


def _make(
    source: Source,
    place: Place,
    backup: str,
    wish: Wish,
    *,
    clock: Callable[[], datetime],
    begun: datetime,
    step: Step,
) -> tuple[Manifest, Mapping[str, int]]:
    """Copy, read back, and write the manifest last."""
    step("database", 0, 1)
    last = next(queries.manifests(place), None)
    turn = last.turn + 1 if last else 0
    with tempfile.TemporaryDirectory(prefix="gecc-backup-") as scratch:
        with taken(source.engine, Path(scratch)) as (copy, session):
            found = queries.standing(session)
        # After the database: whatever it names is on our disk by now, and nothing is removed.
        database = _kept(place, f"{folder_of(backup)}/{copy.name}", copy)
    step("database", 1, 1)
    keys = [
        _kept(place, f"{folder_of(backup)}/keys/{path.name}", path)
        for path in sorted((source.data_dir / "keys").glob("[!.]*"))
    ]
    attested = set(last.facts()) if last else set()
    again = {sha256 for sha256 in attested if wish.verify_all or due(sha256, turn)}
    fates = _carry(source.data_dir, place, found.photos, attested - again, step)
    manifest = Manifest(
        id=backup,
        begun_at=wire(begun),
        finished_at=wire(clock()),
        release=release(),
        revision=found.revision,
        dialect="postgresql" if source.engine.dialect.name == "postgresql" else "sqlite",
        database=database,
        keys=keys,
        log=found.log,
        changes=found.changes,
        turn=turn,
        lacking=sorted(sha256 for sha256, fate in fates.items() if fate == "lacking"),
        photos=dict(sorted(found.photos.items())),
    )
    _keep_bytes(place, manifest_name(backup), written(manifest))
    return manifest, Counter(fates.values())


def _carry(
    data_dir: Path, place: Place, photos: Mapping[str, Fact], sure: set[str], step: Step
) -> dict[str, Fate]:
    """Bring every photo that is not there, read back every one that is not sure."""
    there = place.names(BLOBS)
    sized = {name for name, fact in photos.items() if there.get(blob_name(name)) == fact.bytes}
    wanted = [name for name in photos if name not in sure or name not in sized]
    step("photos", 0, len(wanted))
    fates: dict[str, Fate] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        work = pool.map(partial(_one, data_dir, place, sized), wanted)
        for name, fate in zip(wanted, work, strict=True):
            fates[name] = fate
            step("photos", len(fates), len(wanted))
    return fates


def _one(data_dir: Path, place: Place, sized: set[str], sha256: str) -> Fate:
    """See to one photo. Raises Refused when it does not come back as it was sent."""
    name = blob_name(sha256)
    if sha256 in sized and sum_of(place.pieces(name)) == sha256:
        return "read"
    try:
        data = blob_path(data_dir, sha256).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        return "lacking"  # damaged or gone on our own disk; the rest is saved all the same
    _keep_bytes(place, name, data)
    return "mended" if sha256 in sized else "new"


def _kept(place: Place, name: str, path: Path) -> Piece:
    """Keep a file under this name and read it back."""
    digest = sum_of(read_through(path))
    place.put(name, path)
    if sum_of(place.pieces(name)) != digest:
        raise Refused(differs(name))
    return Piece(name=name, bytes=path.stat().st_size, sha256=digest)


def _keep_bytes(place: Place, name: str, data: bytes) -> None:
    place.put(name, data)
    if sum_of(place.pieces(name)) != hashlib.sha256(data).hexdigest():
        raise Refused(differs(name))


def _tidy(place: Place, wish: Wish, *, at: datetime) -> int:
    """Remove what `keep` does not ask for and what was given up; photos always stay."""
    finished, by_id = queries.backups(place)
    gone = superfluous(finished, by_id.keys() - set(finished), keep=wish.keep, at=at)
    for backup in gone:
        place.remove([manifest_name(backup)])  # first: without it there is no backup
        place.remove([name for name in by_id[backup] if name != manifest_name(backup)])
    return len(gone)
