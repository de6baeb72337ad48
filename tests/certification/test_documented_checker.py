"""The checker that docs/verification.md shows is run as it stands there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

GOLDEN = json.loads((ROOT / "tests/cases/certificates/certificates.json").read_text("utf-8"))
CASES = {case["name"]: case for case in GOLDEN["cases"]}


@pytest.fixture
def checker(tmp_path: Path) -> Path:
    """The lines of the document, as a file of their own."""
    text = (ROOT / "docs" / "verification.md").read_text("utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "check.py"
    path.write_text(lines, "utf-8")
    (tmp_path / "keys.json").write_text(json.dumps({"keys": GOLDEN["keys"]}), "utf-8")
    return path


def run(checker: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What the checker says of a text."""
    command = [sys.executable, "-X", "utf8", checker.name, text, "keys.json"]
    return subprocess.run(command, cwd=checker.parent, capture_output=True, text=True)


def test_the_checker_in_the_document_believes_a_genuine_certificate(checker: Path) -> None:
    case = CASES["genuine"]
    said = run(checker, case["text"])
    assert said.returncode == 0, said.stderr
    fields = case["expect"]["fields"]
    assert said.stdout.startswith(f"{fields['number']} {fields['level']} {fields['office_th']}")


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if case["expect"]["reason"] == "signature"]
)
def test_the_checker_in_the_document_refuses_what_is_forged(checker: Path, name: str) -> None:
    assert run(checker, CASES[name]["text"]).returncode != 0
