"""Invented photos: plainly drawings, so that nobody takes them for real evidence."""

import hashlib
import io
import random
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from sqlmodel import Session

from app.evidence import actions
from app.evidence.chunks import take
from app.evidence.rules import CHUNK, Chunk, Facts, Limits
from app.kit.html import BANGKOK

WALLS = ("#e8e2d4", "#dfe7ea", "#efe6e0", "#e2e8dc")
SIGNS = ("#1d4f91", "#2f6b4f", "#7a3b2e", "#4b3f72")


def photo(
    scene: str, *, seed: int, taken_at: datetime, upright: bool = False, long_side: int = 1280
) -> bytes:
    """A room with a sign, a counter, a ramp or a queue; a JPEG with EXIF as phones write it.

    `long_side`: in pixels, a multiple of four.
    """
    chance = random.Random(seed)  # noqa: S311 -- the same picture each time
    short = long_side * 3 // 4
    size = (short, long_side) if upright else (long_side, short)
    image = _room(size, chance)
    _DRAWN.get(scene, _sign)(ImageDraw.Draw(image), size, chance)
    image = image.filter(ImageFilter.BoxBlur(0.8))
    grain = ImageChops.offset(_grain(size), chance.randrange(short), chance.randrange(short))
    image = Image.blend(image, grain, 0.06)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Demo", "Invented camera"
    exif[0x0132] = taken_at.astimezone(BANGKOK).strftime("%Y:%m:%d %H:%M:%S")
    if upright:  # stored lying down, as phones do, with the word to turn it
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, exif=exif)
    return out.getvalue()


def receive(
    session: Session, data_dir: Path, data: bytes, *, by: str, at: datetime
) -> tuple[str, Facts]:
    """Take a photo in the way a phone's arrives; its SHA-256 and what it is."""
    sha256 = hashlib.sha256(data).hexdigest()
    pieces = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    limits = Limits(len(data), 50_000_000)
    for index, piece in enumerate(pieces):
        chunk = Chunk(sha256, index, len(pieces), hashlib.sha256(piece).hexdigest())
        taken = take(data_dir, chunk, piece, limits)
    if not isinstance(taken, Facts):
        raise TypeError(f"the invented photo was not taken: {taken}")
    actions.keep(session, sha256, taken, by=by, at=at)
    return sha256, taken


def _room(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A wall, a floor, light from one side."""
    width, height = size
    image = Image.new("RGB", size, chance.choice(WALLS))
    floor = int(height * 0.72)
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((0, floor, width, height), fill="#a89f91")
    for step in range(6):
        x = width * step // 5
        drawing.line((width // 2, floor, x * 3 - width, height), fill="#978e80", width=3)
    return Image.composite(image, Image.new("RGB", size, "#6f6a62"), _light(size))


@lru_cache(4)
def _light(size: tuple[int, int]) -> Image.Image:
    return Image.linear_gradient("L").rotate(90).resize(size).point(_dim)


@lru_cache(4)
def _grain(size: tuple[int, int]) -> Image.Image:
    """A sensor's noise: slow to make, and as good once it is moved along."""
    return Image.effect_noise(size, 18).convert("RGB")


def _dim(value: float) -> float:
    return 140 + value * 115 / 255


def _sign(draw: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    w, h = size
    draw.rounded_rectangle(
        (w * 0.2, h * 0.15, w * 0.8, h * 0.45), 24, fill=chance.choice(SIGNS)
    )
    for row in range(3):
        y = h * (0.21 + row * 0.075)
        right = w * (0.45 + chance.random() * 0.28)
        draw.rounded_rectangle((w * 0.27, y, right, y + h * 0.03), 8, fill="#f5f2ea")


def _counter(draw: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    w, h = size
    draw.rectangle((w * 0.08, h * 0.5, w * 0.92, h * 0.76), fill="#8a5a36")
    draw.rectangle((w * 0.06, h * 0.47, w * 0.94, h * 0.52), fill="#5e3b22")
    for place in range(3):
        x = w * (0.2 + place * 0.27)
        draw.ellipse((x, h * 0.27, x + w * 0.08, h * 0.38), fill="#c99d78")
        draw.rounded_rectangle(
            (x - w * 0.03, h * 0.37, x + w * 0.11, h * 0.48), 20, fill=chance.choice(SIGNS)
        )


def _ramp(draw: ImageDraw.ImageDraw, size: tuple[int, int], _chance: random.Random) -> None:
    w, h = size
    draw.polygon(
        ((w * 0.1, h * 0.86), (w * 0.85, h * 0.55), (w * 0.85, h * 0.86)), fill="#c9c4ba"
    )
    draw.line((w * 0.1, h * 0.66, w * 0.85, h * 0.36), fill="#3d4a57", width=14)
    for post in range(5):
        x = w * (0.12 + post * 0.175)
        top = h * (0.66 - 0.3 * (post * 0.175) / 0.75)
        draw.line((x, top, x, top + h * 0.2), fill="#3d4a57", width=9)


def _seats(draw: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    w, h = size
    colour = chance.choice(SIGNS)
    for row in range(2):
        for seat in range(5):
            x, y = w * (0.1 + seat * 0.165), h * (0.5 + row * 0.18)
            draw.rounded_rectangle((x, y, x + w * 0.13, y + h * 0.12), 14, fill=colour)
            draw.rectangle((x, y + h * 0.12, x + w * 0.13, y + h * 0.145), fill="#2e2e33")


_DRAWN = {"sign": _sign, "counter": _counter, "ramp": _ramp, "seats": _seats}
SCENES = tuple(_DRAWN)
