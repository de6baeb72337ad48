"""Restoring: everything from a backup into an empty place, every byte compared on its way.

`restoring.json` in the data folder says that it is not finished: no server starts on it, and
the same restore goes on from there.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.backup import actions, queries
from app.backup.backing_up import AT_ONCE, Step
from app.backup.copying import dialect, is_empty, put_back, sqlite_file
from app.backup.places import Place, read_through, sum_of
from app.backup.rules import (
    HALF_RESTORED,
    NO_BACKUP,
    Fact,
    Manifest,
    blob_name,
    damaged,
    newer,
    not_empty,
    other_engine,
    unknown,
)
from app.backup.unfinished import MARKER, is_half_restored
from app.evidence.chunks import blob_path
from app.kit import files, migrating
from app.kit.database import make_engine, open_session
from app.kit.errors import Refused, refuse

HARMLESS: Final = frozenset({"lost+found"})


class Target(NamedTuple):
    """Where everything goes: a data folder and a database."""

    data_dir: Path
    url: str


class Restored(NamedTuple):
    """What a restore brought back."""

    manifest: Manifest
    photos: int
    lost: list[str]
    later: int


def restore(
    place: Place,
    target: Target,
    *,
    backup: str | None,
    clock: Callable[[], datetime],
    step: Step,
) -> Restored:
    """Bring back a backup, by default the newest. Raises Refused with the reason.

    A photo that is damaged in the backup stops nothing: it is named, and phones that still
    hold it send it again.
    """
    manifest = _chosen(place, backup)
    _check(manifest, target)
    target.data_dir.mkdir(parents=True, exist_ok=True)
    files.keep(target.data_dir / MARKER, [json.dumps({"backup": manifest.id}).encode()])
    for key in manifest.keys:
        _fetch(place, key.name, key.sha256, target.data_dir / "keys" / Path(key.name).name)
    facts = manifest.facts()
    later: dict[str, Fact] = {}
    for each in queries.manifests(place, after=manifest.id):
        later |= {name: fact for name, fact in each.facts().items() if name not in facts}
    gone = _photos(place, target.data_dir, [*facts, *later], step)
    later = {name: fact for name, fact in later.items() if name not in gone}
    without = set(manifest.lacking) | (gone & facts.keys())
    step("database", 0, 1)
    _database(place, manifest, target)
    came = _settle(manifest, target, sorted(without), later, at=clock())
    step("database", 1, 1)
    (target.data_dir / MARKER).unlink()
    return Restored(
        manifest, len(facts) - len(gone & facts.keys()), sorted(without - later.keys()), came
    )


def _chosen(place: Place, backup: str | None) -> Manifest:
    finished, _ = queries.backups(place)
    if backup is None and not finished:
        raise Refused(NO_BACKUP)
    wanted = backup or finished[-1]
    found = queries.manifest(place, wanted)
    if found is None:
        raise Refused(unknown(wanted))
    return found


def _check(manifest: Manifest, target: Target) -> None:
    """Refuse what cannot be restored here, before anything is written."""
    if manifest.dialect != dialect(target.url):
        refuse(other_engine(manifest.dialect, dialect(target.url)))
    if manifest.revision not in migrating.known():
        refuse(newer(manifest.release))
    if is_half_restored(target.data_dir):
        begun = json.loads((target.data_dir / MARKER).read_bytes())
        refuse(None if begun == {"backup": manifest.id} else HALF_RESTORED)
        return
    if target.data_dir.is_dir():
        there = {path.name for path in target.data_dir.iterdir()} - HARMLESS
        refuse(not_empty(str(target.data_dir)) if there else None)
    if not is_empty(target.url):
        refuse(not_empty("GECC_DATABASE_URL"))


def _photos(place: Place, data_dir: Path, names: list[str], step: Step) -> set[str]:
    """Bring every photo; the names of those that are damaged or gone."""
    step("photos", 0, len(names))
    gone = set()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        work = pool.map(partial(_photo, place, data_dir), names)
        for number, (name, came) in enumerate(zip(names, work, strict=True), 1):
            if not came:
                gone.add(name)
            step("photos", number, len(names))
    return gone


def _photo(place: Place, data_dir: Path, sha256: str) -> bool:
    try:
        _fetch(place, blob_name(sha256), sha256, blob_path(data_dir, sha256))
    except Refused as no:
        if no.refusal.code != "restore.damaged":
            raise
        return False
    return True


def _fetch(place: Place, name: str, sha256: str, path: Path) -> None:
    """Bring one file, unless an earlier try already did; nothing is kept of damaged bytes."""
    if path.is_file() and sum_of(read_through(path)) == sha256:
        files.settle(path)
        return
    files.keep(path, _checked(place.pieces(name), name, sha256))


def _checked(pieces: Iterable[bytes], name: str, sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise Refused(damaged(name))


def _database(place: Place, manifest: Manifest, target: Target) -> None:
    """Bring the database, unless an earlier try already did, and its tables up to date."""
    if not is_empty(target.url):
        refuse(None if _is_back(manifest, target) else not_empty("GECC_DATABASE_URL"))
    else:
        database = manifest.database
        file = sqlite_file(target.url)
        if file is not None:
            _fetch(place, database.name, database.sha256, file)
        else:
            with tempfile.TemporaryDirectory(prefix="gecc-restore-") as scratch:
                dump = Path(scratch) / Path(database.name).name
                _fetch(place, database.name, database.sha256, dump)
                put_back(target.url, dump)
    migrating.migrate(target.url)


def _is_back(manifest: Manifest, target: Target) -> bool:
    """Whether what is in the database is this backup, and not somebody's fresh tables."""
    engine = make_engine(target.url)
    try:
        with open_session(engine, reads=True) as session:
            return queries.is_noted(session, "backup.restored", manifest.id) or (
                queries.extent(session) == (manifest.log, manifest.changes)
            )
    except (OperationalError, ProgrammingError):  # no such tables
        return False
    finally:
        engine.dispose()


def _settle(
    manifest: Manifest,
    target: Target,
    lost: Sequence[str],
    later: Mapping[str, Fact],
    *,
    at: datetime,
) -> int:
    engine = make_engine(target.url)
    try:
        with open_session(engine) as session:
            if queries.is_noted(session, "backup.restored", manifest.id):
                return 0  # an earlier try came as far as this
            came = actions.settle_restored(session, manifest, lost=lost, later=later, at=at)
            session.commit()
            return came
    finally:
        engine.dispose()
