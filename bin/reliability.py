"""Writes the figures that harnesses told into docs/reliability.md: run by bin/reliability."""

import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def table(told: Path) -> list[str]:
    """A row for each harness: the sums of what its parts told."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in told.read_text("utf-8").splitlines():
        one = json.loads(line)
        harness = one.pop("harness")
        for name, count in one.items():
            sums[harness][name] += count
    rows = ["| harness | what it did |", "|---|---|"]
    for harness, counts in sorted(sums.items()):
        did = " · ".join(
            f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()
        )
        rows.append(f"| {harness} | {did} |")
    return rows


def main() -> None:
    """Take the file of figures and the seconds they took; rewrite the page between marks."""
    told, seconds = Path(sys.argv[1]), int(sys.argv[2])
    git = ["git", "rev-parse", "--short=12", "HEAD"]
    commit = subprocess.check_output(git, text=True).strip()  # noqa: S603 -- no text of others
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    large = (
        "as large as `just torture`" if os.environ.get("GECC_TORTURE") else "as in every run"
    )
    said = (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, {machine}, Python "
        f"{platform.python_version()}; {large}, {seconds} s. Seeds count from 0 and are the "
        "same in every run. All promises held, and all planted mistakes were found."
    )
    page = PAGE.read_text("utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(
        f"{before}{BEGIN}\n{said}\n\n" + "\n".join(table(told)) + f"\n{END}{after}", "utf-8"
    )


if __name__ == "__main__":
    main()
