"""`python -m bench [name …] [--write]`: run the benches, print one table, keep the figures."""

import argparse
import importlib
import os
import platform
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psutil
from rich.console import Console

from app.kit.html import BANGKOK
from app.settings import ROOT
from bench.report import Measure, as_text, markdown, placed, show
from bench.stage import stage

NAMES = (
    "scoring",
    "ways",
    "push",
    "photo",
    "memory",
    "weight",
    "fold",
    "tap",
    "load",
    "papers",
    "review",
    "verify",
    "feeds",
    "country",
)
LONG = frozenset({"country"})
"""Only by name, and written down by itself: it takes a quarter of an hour."""
RESULTS = ROOT / "bench" / "results"
DOCUMENT = ROOT / "docs" / "performance.md"


def main() -> None:
    """Run what is asked for, else all but the long ones; exit 1 when one could not measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument(
        "--write", action="store_true", help="put the figures into docs/performance.md"
    )
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(NAMES))
    if unknown:
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(NAMES)}")
    part = asked.names[0] if asked.names in [[name] for name in LONG] else "figures"
    if asked.write and asked.names and part == "figures":
        parser.error("--write needs a whole run, so that all figures are of one machine")
    console = Console(width=None if sys.stdout.isatty() else 120)
    before = others()
    usual = [name for name in NAMES if name not in LONG]
    measures, failed = measure(asked.names or usual, console)
    show(measures, console)
    taken = circumstances(max(before, others()))
    keep(as_text(measures, taken), taken["date"])
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")
    if asked.write:
        text = placed(DOCUMENT.read_text("utf-8"), markdown(measures, taken), part)
        DOCUMENT.write_text(text, "utf-8")


def measure(
    names: list[str] | tuple[str, ...], console: Console
) -> tuple[list[Measure], list[str]]:
    """What each bench found, and the names of those that broke (the reason is printed)."""
    measures, failed = [], []
    with stage() as played:
        for name in names:
            with console.status(f"{name} …"):
                try:
                    measures.append(importlib.import_module(f"bench.{name}").run(played))
                except Exception:  # noqa: BLE001 -- one broken bench must not hide the others
                    console.print_exception(max_frames=4)
                    failed.append(name)
    return measures, failed


def circumstances(busy: float) -> dict[str, str]:
    """When, of what, and on what kind of machine. Names no machine."""
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        "date": f"{datetime.now(BANGKOK):%Y-%m-%d}",
        "commit": commit.stdout.strip() or "unknown",
        "machine": f"{os.cpu_count()} cores, {system()}, Python {platform.python_version()}",
        "busy": f"{busy:.0f} % of it busy with other work before or after",
    }


def others() -> float:
    """The percentage of the processors that other work takes, over a second."""
    return float(psutil.cpu_percent(interval=1.0))


def system() -> str:
    """The operating system's own short name, such as `Debian 12`."""
    try:
        said = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return f"{said.get('NAME', 'Linux').split()[0]} {said.get('VERSION_ID', '')}".strip()


def keep(text: str, date: str) -> Path:
    """Write a run's figures into the folder of results, under the next free number."""
    RESULTS.mkdir(exist_ok=True)
    number = 1 + len(list(RESULTS.glob(f"{date}-*.json")))
    path = RESULTS / f"{date}-{number:03}.json"
    path.write_text(text, "utf-8")
    return path


if __name__ == "__main__":
    main()
