"""Invented photos of offices that never were: drawn, noisy, turned, with a camera's EXIF."""

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

MODELS = [
    ("Samsung", "SM-A245F"),
    ("OPPO", "CPH2579"),
    ("Apple", "iPhone 12"),
    ("vivo", "V2250"),
]
SIZES = [(1600, 1200), (2048, 1536), (1280, 960), (3000, 2250)]


def photo(seed: int, size: tuple[int, int] | None = None) -> bytes:
    """A JPEG of its own for each seed, like a phone's: grain, EXIF, sometimes turned."""
    chance = random.Random(seed)
    width, height = size or chance.choice(SIZES)
    image = Image.new("RGB", (width, height), _tint(chance, 170, 235))
    draw = ImageDraw.Draw(image)
    floor = int(height * chance.uniform(0.6, 0.8))
    draw.rectangle((0, floor, width, height), fill=_tint(chance, 90, 160))
    for _ in range(chance.randint(4, 9)):  # counters, boards, doors, seats
        left, top = chance.randrange(width), chance.randrange(height)
        box = (
            left,
            top,
            left + chance.randrange(80, width // 2),
            top + chance.randrange(60, height // 2),
        )
        draw.rounded_rectangle(
            box, radius=chance.randrange(2, 30), fill=_tint(chance, 30, 240), width=0
        )
    for row in range(chance.randint(3, 12)):  # lettering on a sign
        top = int(height * 0.1) + row * 26
        draw.rectangle(
            (width // 8, top, width // 8 + chance.randrange(60, width // 2), top + 12),
            fill=(30, 30, 60),
        )
    grain = (
        Image.effect_noise((width // 2, height // 2), 38).resize((width, height)).convert("RGB")
    )
    image = Image.blend(image.filter(ImageFilter.GaussianBlur(1.2)), grain, 0.12)
    return _encoded(image, chance, seed)


def write(folder: Path, seeds: range) -> list[str]:
    """Photos in files, as a gallery holds them; their paths."""
    paths = []
    for seed in seeds:
        path = folder / f"IMG_{20261123_080000 + seed}.jpg"
        path.write_bytes(photo(seed))
        paths.append(str(path))
    return paths


def _encoded(image: Image.Image, chance: random.Random, seed: int) -> bytes:
    turn = {
        1: None,
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    orientation = chance.choice(list(turn))
    step = turn[orientation]
    stored = image.transpose(step) if step is not None else image
    exif = Image.Exif()
    make, model = chance.choice(MODELS)
    exif[0x010F], exif[0x0110], exif[0x0112] = make, model, orientation
    detail = exif.get_ifd(0x8769)
    detail[0x9003] = f"2026:11:23 {8 + seed % 8:02d}:{seed % 60:02d}:{chance.randrange(60):02d}"
    detail[0x9011] = "+07:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (18.0, 50.0, chance.uniform(0, 59))
    place[3], place[4] = "E", (98.0, 58.0, chance.uniform(0, 59))
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=chance.randrange(78, 92), exif=exif)
    return out.getvalue()


def _tint(chance: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)
