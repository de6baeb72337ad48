"""Invented photos of offices that never were: drawn, noisy, turned, with a camera's EXIF."""

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageOps

from app.evidence import demo
from app.kit.html import BANGKOK

MODELS = [
    ("Samsung", "SM-A245F"),
    ("OPPO", "CPH2579"),
    ("Apple", "iPhone 12"),
    ("vivo", "V2250"),
]
SIZES = [(1600, 1200), (2048, 1536), (1280, 960), (3000, 2250)]


def photo(seed: int, size: tuple[int, int] | None = None) -> bytes:
    """A JPEG of its own for each seed, like a phone's: just taken, large, grainy, EXIF."""
    chance = random.Random(seed)
    taken_at = datetime.now(UTC) - timedelta(seconds=seed % 60)
    scene = chance.choice(["sign", "counter", "seats", "ramp"])
    drawn = demo.photo(scene, seed=seed, taken_at=taken_at, upright=seed % 3 == 0)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(drawn)))
    width, height = size or chance.choice(SIZES)
    image = image.resize((height, width) if image.height > image.width else (width, height))
    grain = Image.effect_noise((image.width // 2, image.height // 2), 38)
    image = Image.blend(image, grain.resize(image.size).convert("RGB"), 0.1)
    return _encoded(image, chance, taken_at)


def write(folder: Path, seeds: range, size: tuple[int, int] | None = None) -> list[str]:
    """Photos in files, as a gallery holds them; their paths."""
    paths = []
    for seed in seeds:
        path = folder / f"IMG_{seed:05d}.jpg"
        path.write_bytes(photo(seed, size))
        paths.append(str(path))
    return paths


def _encoded(image: Image.Image, chance: random.Random, taken_at: datetime) -> bytes:
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
    detail[0x9003] = taken_at.astimezone(BANGKOK).strftime("%Y:%m:%d %H:%M:%S")
    detail[0x9011] = "+07:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (18.0, 50.0, chance.uniform(0, 59))
    place[3], place[4] = "E", (98.0, 58.0, chance.uniform(0, 59))
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=chance.randrange(78, 92), exif=exif)
    return out.getvalue()
