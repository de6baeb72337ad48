"""What a server promised, held against its disk."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import col

from app.audits.models import Audit, HeldChange, KeptChange
from app.evidence.chunks import blob_path
from app.evidence.models import Blob
from app.kit.database import make_engine, open_session


def faults(
    url: str, data_dir: Path, lines: Mapping[str, str], photos: Collection[str]
) -> list[str]:
    """What is not as it should be; `lines` by their ids and `photos` were acknowledged."""
    engine = make_engine(url)
    with open_session(engine, reads=True) as session:
        ask = session.connection().execute
        rows: Any = ask(select(col(KeptChange.id), col(KeptChange.line)))
        kept = {row[0]: row[1] for row in rows}
        found = [
            f"change {name} is not kept as it was sent"
            for name, line in lines.items()
            if kept.get(name) != line
        ]
        rows = ask(select(col(Blob.sha256), col(Blob.bytes)))
        sizes = {row[0]: row[1] for row in rows}
        found += [f"photo {name} has no row" for name in set(photos) - sizes.keys()]
        for audit, head in ask(select(col(Audit.id), col(Audit.head))).all():
            numbers = select(func.count(), func.max(KeptChange.seq), func.min(KeptChange.seq))
            count, most, least = ask(numbers.where(col(KeptChange.audit_id) == audit)).one()
            if [count, most or 0, least or 1] != [head, head, 1]:
                found.append(f"audit {audit}: {count} changes, {least}..{most}, {head}")
        held = ask(select(func.count()).select_from(HeldChange)).scalar_one()
        found += [f"{held} lines are held"] if held else []
        if engine.dialect.name == "sqlite":
            sound = str(ask(text("PRAGMA integrity_check")).scalar_one())
            found += [] if sound == "ok" else [f"SQLite: {sound}"]
    engine.dispose()
    for name, size in sizes.items():
        path = blob_path(data_dir, name)
        data = path.read_bytes() if path.is_file() else b""
        if len(data) != size or hashlib.sha256(data).hexdigest() != name:
            found.append(f"photo {name} is not whole on the disk")
    return found
