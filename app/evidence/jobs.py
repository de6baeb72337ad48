"""What time does: pictures are drawn ahead by one quiet thread, and left-overs are swept."""

import contextlib
import logging
import os
import queue
import threading
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from app.evidence import actions, queries, sweeping
from app.evidence.chunks import blob_path
from app.evidence.pictures import draw
from app.evidence.rules import SIZES
from app.kit import files
from app.kit.clock import utc_now
from app.kit.database import open_session

log = logging.getLogger(__name__)
IDLE_SECONDS = 10.0
SWEEP_AFTER = 5 * 60.0
SWEEP_EVERY = 24 * 3600.0
_waiting: queue.SimpleQueue[tuple[Path, str, int]] = queue.SimpleQueue()
_lock = threading.Lock()
_thread: threading.Thread | None = None


def picture_path(data_dir: Path, sha256: str, size: int) -> Path:
    """Where a picture lies once it is drawn."""
    return data_dir / "pictures" / str(size) / sha256[:2] / f"{sha256}.jpg"


def picture(data_dir: Path, sha256: str, size: int) -> Path | None:
    """The picture of a received photo, drawn now if need be; None when it cannot be drawn.

    Takes time: never call it inside a transaction.
    """
    path = picture_path(data_dir, sha256, size)
    # A power cut may leave a name without bytes; that is as good as not drawn.
    if path.is_file() and path.stat().st_size > 0:
        return path
    return path if _draw(data_dir, sha256, [size]) else None


def draw_soon(data_dir: Path, sha256: str, long_side: int) -> None:
    """Have the usual sizes drawn after the receipt, so that the first look need not wait."""
    global _thread
    _waiting.put((data_dir, sha256, long_side))
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, name="pictures", daemon=True)
            _thread.start()


def sweep(engine: Engine, data_dir: Path, *, at: datetime) -> dict[str, int]:
    """Remove files that no row speaks of; how many of each kind. Nobody has to wait."""
    with open_session(engine, reads=True) as session:
        rows = queries.names(session)
    swept = sweeping.sweep(data_dir, rows, at=at)
    with open_session(engine) as session:
        actions.note_swept(session, swept, at=at)
        session.commit()
    return swept


def sweep_daily(engine: Engine, data_dir: Path) -> None:
    """Sweep some minutes after the start, when phones have been answered, and every day."""

    def work() -> None:
        time.sleep(SWEEP_AFTER)
        while True:
            try:
                sweep(engine, data_dir, at=utc_now())
            except Exception:  # tomorrow again; serving goes on
                log.exception("sweeping")
            time.sleep(SWEEP_EVERY)

    threading.Thread(target=work, name="sweeping", daemon=True).start()


def _work() -> None:
    with contextlib.suppress(OSError, AttributeError):
        # Answering phones comes first (on Linux a thread has a priority of its own).
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    while True:
        try:
            data_dir, sha256, long_side = _waiting.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return
        sizes = [size for size in SIZES if size <= 800 or size < long_side]
        wanted = [s for s in sizes if not picture_path(data_dir, sha256, s).is_file()]
        try:
            if wanted:
                _draw(data_dir, sha256, wanted)
        except Exception:  # drawn at first look instead; this thread must go on
            log.exception("drawing %s", sha256)


def _draw(data_dir: Path, sha256: str, sizes: list[int]) -> bool:
    drawn = draw(blob_path(data_dir, sha256).read_bytes(), sizes)
    for size, data in (drawn or {}).items():
        files.keep(picture_path(data_dir, sha256, size), [data], durable=False)
    return drawn is not None
