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
REGEX_AFTER = re.compile(
    r"(?:^|[(,=:\[!&|?{};+\-*%<>~^]|=>|\b(?:return|typeof|case|in|of))\s*$"
)
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


def nested_templates(text: str) -> list[int]:
    """The lines where a template string opens inside another's `${…}`."""
    found: list[int] = []
    open_braces: list[int] = []  # one count for each template string we are in the code of
    at, length = 0, len(text)

    def words(start: int) -> int:
        """Past a template's words: its end, or into the code of its next `${`."""
        while start < length and text[start] != "`":
            if text.startswith("${", start):
                open_braces.append(0)
                return start + 2
            start += 2 if text[start] == "\\" else 1
        return start + 1

    while at < length:
        sign = text[at]
        if text.startswith("//", at):
            at = text.find("\n", at) % (length + 1)  # -1, no more lines, is the end
        elif text.startswith("/*", at):
            at = text.index("*/", at) + 2
        elif sign in "\"'" or (sign == "/" and REGEX_AFTER.search(text[max(0, at - 40) : at])):
            quoted = re.compile(
                r"/(?:\[(?:\\.|[^\]\\])*\]|\\.|[^/\\\[])*/"
                if sign == "/"
                else rf"{sign}(?:\\.|[^{sign}\\])*{sign}"
            )
            whole = quoted.match(text, at)
            assert whole, (
                f"line {text.count(chr(10), 0, at) + 1}: nothing ends what starts here"
            )
            at = whole.end()
        elif sign == "`":
            if open_braces:
                found.append(text.count("\n", 0, at) + 1)
            at = words(at + 1)
        elif sign == "}" and open_braces and not open_braces[-1]:
            open_braces.pop()
            at = words(at + 1)
        else:
            if open_braces and sign in "{}":
                open_braces[-1] += 1 if sign == "{" else -1
            at += 1
    return found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("const a = `x ${b} y`;", []),
        ("const a = `x ${b ? `n  m` : c} y`;", [1]),
        ("const a = `\n${f({ a: `b` })}`;", [2]),
        ("const a = `${b}`; // `${`\nconst c = `d`;", []),
        ("const a = `${b({ c: {} })} ${/[`/]/.test(d)} ${'`'}`;", []),
        ("const a = `\\`${b}` + `c`;", []),
    ],
)
def test_the_scanner_sees_a_template_string_in_a_template_string(
    text: str, lines: list[int]
) -> None:
    assert nested_templates(text) == lines


def test_no_template_string_stands_inside_another() -> None:
    """What takes the comments out of served scripts would take spaces out of the inner one."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        for line in nested_templates(path.read_text())
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
