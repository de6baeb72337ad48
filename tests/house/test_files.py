"""Laws read off the files: locks, colours, scripts, vendored code, words, settings."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|lch|lab|oklab)\(")


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "uv.txt"])
def test_every_locked_package_has_a_version_and_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert "://" not in text
    packages = re.findall(r"^([a-z0-9][^\s=]*)==\S+(.*)$", text, re.MULTILINE)
    assert packages
    assert text.count("--hash=sha256:") >= len(packages)


def test_the_node_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_raw_colours_stand_in_tokens_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "static" / "css").rglob("*.css")
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if RAW_COLOUR.search(line)
    ]
    assert found == []


def test_templates_carry_no_inline_style_script_or_handler() -> None:
    inline = re.compile(
        r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(?:src=|application/json))"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in inline.finditer(path.read_text())
    ]
    assert found == []


def test_vendored_files_are_the_ones_written_down() -> None:
    folder = ROOT / "static" / "vendor"
    table = (folder / "README.md").read_text()
    scripts = [path for path in folder.iterdir() if path.suffix == ".js"]
    assert scripts
    for path in scripts:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in table, path.name


def test_every_word_has_its_english() -> None:
    done = subprocess.run(
        [sys.executable, "bin/words", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    wanted = {f"GECC_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"`(GECC_[A-Z_]+)`", text)) == wanted


def test_the_map_in_the_readme_is_the_contract() -> None:
    readme = (ROOT / "README.md").read_text()
    block = readme.split("<!-- map -->")[1].split("<!-- /map -->")[0]
    listed = re.findall(r"^\| `([a-z]+)` \|", block, re.MULTILINE)
    contract = (ROOT / "pyproject.toml").read_text().split("layers = [")[1].split("]")[0]
    rooms = [
        name.strip() for line in re.findall(r'"([^"]+)"', contract) for name in line.split("|")
    ]
    assert sorted(listed) == sorted(rooms)


def test_no_file_speaks_of_a_machine() -> None:
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    home = str(ROOT.parent) + "/"
    texts = [
        ROOT / name for name in files if not name.endswith((".woff2", ".png", ".jpg", ".mo"))
    ]
    found = [
        str(path)
        for path in texts
        if path.is_file() and len(home) > 2 and home in path.read_text("utf-8", "ignore")
    ]
    assert found == []
