"""The look keeps its promises: readable in every theme, one home for raw values, real icons."""

import hashlib
import math
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from app.kit.assets import served
from app.kit.release import STATIC
from app.settings import ROOT

TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
Rgb = tuple[int, int, int]

THEMES = {"light": ":root", "dark": '[data-theme="dark"]', "field": '[data-theme="field"]'}
STATES = ("met", "unmet", "partly", "waiting", "held")
WORDS = ("ink", "quiet", "accent", *STATES)
GROUNDS = ("paper", "card", "sunk")


@cache
def hexes() -> dict[str, Rgb]:
    """Each raw colour by its hex twin."""
    found = re.findall(r"--raw-([\w-]+): #([0-9a-f]{6});", TOKENS)
    return {name: (int(h[:2], 16), int(h[2:4], 16), int(h[4:], 16)) for name, h in found}


def theme(name: str) -> dict[str, Rgb]:
    """Meant colours of a theme as numbers; what a theme leaves unsaid is light's."""
    colours: dict[str, Rgb] = {}
    for selector in (THEMES["light"], THEMES[name]):
        for _, body in re.findall(
            rf"\n( +){re.escape(selector)} \{{(.*?)\n\1\}}", TOKENS, re.DOTALL
        ):
            for meant, raw in re.findall(r"--color-([\w-]+): var\(--raw-([\w-]+)\);", body):
                colours[meant] = hexes()[raw]
    return colours


def luminance(colour: Rgb) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "least"), [("light", 4.5), ("dark", 4.5), ("field", 7.0)])
def test_every_word_can_be_read_on_every_ground(name: str, least: float) -> None:
    colours = theme(name)
    pairs = [
        *product(WORDS, GROUNDS),
        *((state, f"{state}-soft") for state in (*STATES, "accent")),
        *(("ink", f"{state}-soft") for state in (*STATES, "accent")),
        ("on-accent", "accent"),
        ("on-bar", "bar"),
    ]
    poor = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("name", THEMES)
def test_the_shapes_of_levels_and_the_edges_of_fields_can_be_seen(name: str) -> None:
    colours = theme(name)
    for shape, ground in product(("basic", "advanced", "excellence", "edge"), GROUNDS[:2]):
        assert contrast(colours[shape], colours[ground]) >= 3


def test_each_hex_twin_is_its_oklch_colour() -> None:
    found = re.findall(r"--raw-([\w-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\);", TOKENS)
    assert {name for name, *_ in found} == set(hexes())
    for name, light, chroma, hue in found:
        drawn = srgb(float(light) / 100, float(chroma), float(hue))
        assert all(abs(a - b) <= 1 for a, b in zip(drawn, hexes()[name], strict=True)), name


def srgb(light: float, chroma: float, hue: float) -> Rgb:
    """Oklch to sRGB, Björn Ottosson's matrices."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )

    def channel(value: float) -> int:
        value = min(1.0, max(0.0, value))
        lit = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        return round(lit * 255)

    red, green, blue = map(channel, linear)
    return red, green, blue


def test_raw_colours_stand_in_tokens_only() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        if path.name != "tokens.css":
            text = path.read_text("utf-8")
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b|oklch\(|hsl\(|\brgb\(", text), path


def test_every_style_waits_in_its_layer() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        outside = re.findall(r"^(?!@layer|\}|\s|$).+", text, re.MULTILINE)
        assert outside == [], path


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons" / "sprite.svg").read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r'icon\("([\w-]+)"\)', text))
        named |= set(re.findall(r'icon_name="([\w-]+)"', text))
    for path in (STATIC / "js").rglob("*.js"):
        named |= set(re.findall(r'draw\([^)]*?"([\w-]+)"\);', path.read_text("utf-8")))
    assert named - drawn == set()


def test_what_others_wrote_is_what_they_wrote() -> None:
    told = (STATIC / "vendor" / "README.md").read_text("utf-8")
    for path in (STATIC / "vendor").glob("*.js"):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        assert re.search(rf"\| {re.escape(path.name)} \|.*\| {sha256} \|", told), path.name


@pytest.mark.parametrize(
    "path", sorted(STATIC.glob("css/**/*.css")), ids=lambda path: path.stem
)
def test_what_is_served_asks_of_a_descendant_what_the_file_asks_of_it(path: Path) -> None:
    wanted = len(re.findall(r"(?<=[\w)\]])\s:(?=[a-z])", path.read_text("utf-8")))
    assert served(path.relative_to(STATIC).as_posix()).decode().count(" *:") == wanted
