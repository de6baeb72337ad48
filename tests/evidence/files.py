"""Real picture files, made on the spot: the red corner says which way is up."""

import io
import random
from pathlib import Path

from PIL import Image

DATA = Path(__file__).parent / "data"
GREEN, RED = (20, 120, 60), (220, 30, 30)


def scene(width: int = 640, height: int = 480, *, noise: int = 0) -> Image.Image:
    """Green, with a red quarter at the top left; with noise it weighs more."""
    image = Image.new("RGB", (width, height), GREEN)
    image.paste(RED, (0, 0, width // 2, height // 2))
    if noise:
        grain = Image.effect_noise((width, height), noise).convert("RGB")
        image = Image.blend(image, grain, 0.3)
    return image


def metadata(turn: int = 1) -> Image.Exif:
    """EXIF as phones write it: maker, orientation, position."""
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif[0x0112] = turn
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 47.0, 25.0), 3: "E", 4: (98.0, 59.0, 10.0)})
    return exif


def jpeg(image: Image.Image | None = None, *, turn: int = 1, **options: object) -> bytes:
    out = io.BytesIO()
    (image or scene()).save(
        out, "JPEG", quality=85, exif=metadata(turn), comment=b"SecretWords", **options
    )
    return out.getvalue()


def encoded(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or scene()).save(out, kind, **options)
    return out.getvalue()


def heavy(seed: int = 1, megabytes: float = 0.7) -> bytes:
    """A JPEG of several chunks."""
    random.seed(seed)
    data = jpeg(scene(1600, 1200, noise=40 + seed))
    assert len(data) > megabytes * 256 * 1024
    return data


def heic() -> bytes:
    """48 x 32, red at the top left, to be turned a quarter to the right (x265, 600 bytes)."""
    return (DATA / "turned.heic").read_bytes()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def corner(image: Image.Image) -> tuple[bool, bool]:
    """Where the red is: (left, top)."""
    rgb = image.convert("RGB")
    w, h = rgb.size
    for left in (True, False):
        for top in (True, False):
            pixel = rgb.getpixel(
                (w // 8 if left else w * 7 // 8, h // 8 if top else h * 7 // 8)
            )
            assert isinstance(pixel, tuple)
            if pixel[0] > 150 and pixel[1] < 100:
                return left, top
    raise AssertionError("no red corner")
