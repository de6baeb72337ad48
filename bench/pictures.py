"""Photos as a phone sends them: 2048 px, about 735 kB of detail, each with its own bytes."""

import io
import secrets

from PIL import Image, ImageChops, ImageFilter

SIZE = (2048, 1536)
WEIGHT = 735_000


def photos(count: int) -> list[bytes]:
    """As many JPEG files that look alike to the eye and differ in a comment."""
    picture = scene()
    whole = min((_jpeg(picture, quality) for quality in range(50, 97, 3)), key=_off)
    return [_named(whole, f"{secrets.token_hex(8)} {number}") for number in range(count)]


def scene() -> Image.Image:
    """Light from one corner, shapes of every size, and the noise of a small sensor."""
    light = Image.linear_gradient("L").resize(SIZE)
    coarse = Image.effect_noise((128, 96), 90).resize(SIZE, Image.Resampling.BICUBIC)
    middle = Image.effect_noise((512, 384), 60).resize(SIZE, Image.Resampling.BICUBIC)
    fine = Image.effect_noise(SIZE, 24).filter(ImageFilter.GaussianBlur(0.6))
    grey = Image.blend(Image.blend(light, coarse, 0.5), Image.blend(middle, fine, 0.5), 0.5)
    return Image.merge("RGB", (grey, ImageChops.offset(grey, 3, 2), ImageChops.invert(coarse)))


def _off(data: bytes) -> int:
    return abs(len(data) - WEIGHT)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality)
    return made.getvalue()


def _named(data: bytes, comment: str) -> bytes:
    """The same picture with a comment segment after its start marker."""
    said = comment.encode()
    return data[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + data[2:]
