"""Certificates and long reports as PDF: processor time, memory, and ten asked for at once."""

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from app.evidence.pictures import draw
from app.kit.database import make_engine, open_session
from app.kit.printing import render
from app.reports import queries
from app.reports.queries import Paper
from app.settings import Settings
from bench.pictures import photos
from bench.report import Figure, Measure
from bench.stage import Stage
from bench.world import Wire, session_cookie
from tests.conftest import migrate
from tests.reports.reading import pages_of
from tests.reports.world import ORIGIN, Story

MEGA = 1_000_000
PHOTOS = 200
ASKING = 10
NOTE = "ตรวจเอกสารและพื้นที่จริงแล้ว พบว่าต้องปรับปรุงป้าย ทางเดิน และจุดรอรับบริการให้ครบถ้วน " * 9


def run(stage: Stage) -> Measure:
    """Each paper in a process of its own, so that no memory is counted twice."""
    certificate, report = (_apart(kind) for kind in ("certificate", "report"))
    at_once = _at_once(stage)
    rows: list[Sequence[str]] = [
        (kind, f"{one['pages']}", f"{one['bytes'] / 1000:,.0f} kB", f"{one['wall']:.2f} s")
        for kind, one in (("certificate", certificate), ("report", report))
    ]
    return Measure(
        "papers",
        "Papers that were set",
        f"a certificate; a report with {PHOTOS} photos; {ASKING} reports asked for at once",
        [
            Figure("CPU of a certificate's typesetter", certificate["cpu"] * 1000, "ms", 250),
            Figure("memory of its typesetter, highest", certificate["peak"] / MEGA, "MB", 100),
            Figure("CPU of the long report's typesetter", report["cpu"], "s", 5),
            Figure("memory of its typesetter, highest", report["peak"] / MEGA, "MB", 600),
            Figure("memory the server keeps of it", report["kept"] / MEGA, "MB"),
            Figure(
                f"server and typesetter, {ASKING} asking, above rest",
                at_once["above"] / MEGA,
                "MB",
                400,
            ),
            Figure(f"until the last of {ASKING} has theirs", at_once["wall"], "s"),
        ],
        ("paper", "pages", "size", "wall"),
        rows,
    )


def _apart(kind: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.papers", kind], capture_output=True, check=True
    )
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _at_once(stage: Stage) -> dict[str, float]:
    """Ten people ask for a report in the same moment: the most that the server then holds."""
    (phone,) = stage.phones(1)
    cookie = session_cookie(stage.database, "reviewer1")
    process, port = stage.process(), stage.server.port
    path = f"/audits/{phone.audit}/report.pdf"

    def ask() -> None:
        wire = Wire(port)
        wire.ask("GET", path, headers=cookie)
        wire.close()

    ask()
    rest, highest = _held(process), 0
    threads = [threading.Thread(target=ask) for _ in range(ASKING)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        highest = max(highest, _held(process))
        time.sleep(0.01)
    return {"wall": time.perf_counter() - began, "above": highest - rest}


def _held(process: psutil.Process) -> int:
    """Resident memory of a process and its children; one that just ended holds none."""
    held = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            held += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return held


def measure(kind: str) -> dict[str, float]:
    """Set one paper twice and count the second: what is imported once is not its cost."""
    with tempfile.TemporaryDirectory(prefix="gecc-papers-") as made:
        paper, images = _paper(kind, Path(made))
        render(paper.template, paper.data, images, at=paper.at)
        before, rest = resource.getrusage(resource.RUSAGE_CHILDREN), _own()
        began = time.perf_counter()
        with _watched() as seen:
            pdf = render(paper.template, paper.data, images, at=paper.at)
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        child = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {
            "cpu": child,
            "wall": wall,
            "peak": max(seen, default=0),
            "kept": max(_own() - rest, 0),
            "bytes": len(pdf),
            "pages": pages_of(pdf),
        }


@contextmanager
def _watched() -> Iterator[list[int]]:
    """What the children of this process hold, looked at every few milliseconds.

    The kernel's own count of a child's highest begins with what its parent held.
    """
    seen: list[int] = []
    over = threading.Event()
    me = psutil.Process()

    def look() -> None:
        while not over.wait(0.002):
            seen.append(_held(me) - _own())

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seen
    finally:
        over.set()
        watching.join()


def _own() -> int:
    return int(psutil.Process().memory_info().rss)


def _paper(kind: str, folder: Path) -> tuple[Paper, Mapping[str, bytes | Path]]:
    settings = Settings(data_dir=folder / "var", database_url=f"sqlite:///{folder / 'db'}")
    migrate(settings.database)
    engine = make_engine(settings.database)
    with open_session(engine) as session:
        story = Story(session, settings)
        story.answer()
        for criterion in story.edition.criteria:
            story.say("note", criterion.code, NOTE)
        story.send()
        story.sign()
        story.send()
        decision = story.decide(story.propose())
        if kind == "certificate":
            number = story.certify(decision).number
            paper = queries.certificate(session, number, settings, origin=ORIGIN, at=story.now)
            assert paper is not None
            images: dict[str, Any] = dict(paper.images)
        else:
            paper = queries.report(session, story.found, settings, ear="inside")
            images = _photos(folder)
            paper = replace(paper, data={**paper.data, **_shown(images)})
    engine.dispose()
    return paper, images


def _photos(folder: Path) -> dict[str, Any]:
    """As many files as the evidence room draws for a report, 800 pixels wide, all different."""
    (photo,) = photos(1)
    drawn = (draw(photo, [800]) or {})[800]
    made = {}
    for number in range(PHOTOS):
        path = folder / f"{number}.jpg"
        path.write_bytes(drawn[:2] + b"\xff\xfe\x00\x06" + f"{number:04}".encode() + drawn[2:])
        made[f"photo-{number}.jpg"] = path
    with Image.open(folder / "0.jpg") as image:
        assert max(image.size) == 800
    return made


def _shown(images: Mapping[str, Any]) -> dict[str, Any]:
    told = [
        {
            "image": name,
            "code": "P01",
            "title": "เวลาให้บริการ",
            "caption": "จุดรับบริการชั้นหนึ่ง มองจากประตูทางเข้า",
            "by": "สมเกียรติ วงศ์วัฒนา",
            "taken": "24 พฤศจิกายน 2569 10.12 น.",
            "masked": False,
        }
        for name in images
    ]
    return {"photos_shown": told, "photos": len(told), "drawn": list(images)}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
