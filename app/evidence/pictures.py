"""Strange bytes: told apart, checked for wholeness, and drawn anew. The only place with Pillow.

What is drawn carries no metadata: no position, no camera, no thumbnail of what was cropped.
"""

import io
import re
import subprocess
import sys
import threading
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from PIL import Image, ImageCms

from app.evidence import heic
from app.evidence.rules import (
    NOT_AN_IMAGE,
    TRUNCATED,
    Facts,
    Limits,
    too_many_pixels,
)
from app.kit.errors import Refusal

# The outer wall; the limit in the settings is looked at before this one.
Image.MAX_IMAGE_PIXELS = 60_000_000
warnings.simplefilter("error", Image.DecompressionBombWarning)

FORMATS: Final = ("JPEG", "PNG", "WEBP")
TYPES: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
}
MAGIC: Final = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP", re.DOTALL)
HEIC: Final = re.compile(rb".{4}ftyp(hei[cfmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)
# In entropy-coded data FF is followed by 00 or a restart marker; anything else ends the scan.
SCAN_END: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# What undoes each orientation that EXIF knows (tag 0x0112); 1 is upright.
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
MOST_SEGMENTS: Final = 4096
# A scan may be of a few bytes and still costs its decoder a look at every pixel. Cameras and
# image programs write ten at most; thousands would keep us busy for minutes.
MOST_SCANS: Final = 50
# One picture in memory at a time: 50 megapixels are 150 MB.
_one_at_a_time = threading.BoundedSemaphore(1)


def identify(data: bytes, limits: Limits) -> Facts | Refusal:
    """Say what a photo is, having checked that it is whole; or why it is not taken.

    Pixels are counted before anything is decoded. A JPEG is walked from marker to marker to its
    end, which finds a cut anywhere at the price of reading it once; decoding it costs twenty
    times that and finds no more. The rarer formats are decoded.
    """
    if HEIC.match(data):
        return _heic_facts(data, limits)
    try:
        with _opened(data) as image:
            kind, (width, height) = image.format or "", image.size
            if width * height > limits.pixels:
                return too_many_pixels(limits)
            if not _whole(data, image, kind):
                return TRUNCATED
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return too_many_pixels(limits)
    except Exception:  # noqa: BLE001 -- a decoder fed strange bytes may raise anything at all
        return TRUNCATED if MAGIC.match(data) else NOT_AN_IMAGE
    return Facts(len(data), TYPES[kind], width, height)


def draw(data: bytes, sizes: Sequence[int]) -> dict[int, bytes] | None:
    """Draw a photo with its long side at most each of these sizes, upright, never enlarged.

    None when it cannot be decoded after all. JPEG, quality 82, sRGB, no metadata.
    """
    drawn = {}
    if HEIC.match(data):
        done = _heic("draw", max(sizes), data)
        if done.returncode != 0:
            return None
        data = done.stdout
    try:
        with _one_at_a_time, _opened(data) as image:
            turn = _turn(image)
            profile = image.info.get("icc_profile")
            picture = _smooth(image)
            for size in sorted(sizes, reverse=True):
                # Shrinking first makes turning cheap; the next size is drawn from this one.
                picture.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
                picture = _plain(picture, profile)
                profile = None
                drawn[size] = _jpeg(_upright(picture, turn))
    except Exception:  # noqa: BLE001 -- as above
        return None
    return drawn


def _heic_facts(data: bytes, limits: Limits) -> Facts | Refusal:
    done = _heic("facts", limits.pixels, data)
    if done.returncode == heic.TOO_MANY_PIXELS:
        return too_many_pixels(limits)
    if done.returncode != 0:
        return TRUNCATED
    width, height = map(int, done.stdout.split())
    return Facts(len(data), "image/heic", width, height)


def _heic(task: str, number: int, data: bytes) -> subprocess.CompletedProcess[bytes]:
    """Have a child look at it (see `heic`). One that takes too long is as good as crashed."""
    command = [sys.executable, "-I", heic.__file__, task, str(number)]
    with _one_at_a_time:
        try:
            return subprocess.run(  # noqa: S603 -- our own file, no shell, no text of strangers
                command, input=data, capture_output=True, timeout=2 * heic.SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, b"")


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        yield image


def _whole(data: bytes, image: Image.Image, kind: str) -> bool:
    if kind in {"JPEG", "MPO"}:
        return _jpeg_ends(data)
    if kind == "WEBP" and int.from_bytes(data[4:8], "little") + 8 > len(data):
        return False
    if kind == "PNG" and not _png_ends(data):
        return False
    with _one_at_a_time:
        image.load()
    return True


def _jpeg_ends(data: bytes) -> bool:
    """Walk the markers: whether there is a scan and, after the last, the end of the image.

    What follows the end (a second picture of an MPO, a maker's trailer) is left alone.
    """
    at, scans = 2, 0
    for _ in range(MOST_SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if len(data) < at + 2 or data[at] != 0xFF:
            return False
        marker = data[at + 1]
        at += 2
        if marker == 0xD9:
            return scans > 0
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        at += length
        if length < 2 or at >= len(data):
            return False
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                return False
            end = SCAN_END.search(data, at)
            if end is None:
                return False
            at = end.start()
    return False


def _png_ends(data: bytes) -> bool:
    """Walk the chunks, each with its own checksum, to the last byte of the one that ends it."""
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            return False
        if kind == b"IEND":
            return True
        at = end
    return False


def _turn(image: Image.Image) -> int:
    """The orientation that EXIF tells; upright when it is damaged."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 -- as above
        return 1


def _smooth(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be shrunk smoothly; photos already are."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA", "1"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same picture in plain sRGB, on white where it was see-through."""
    if image.mode in {"LA", "La"}:
        image = image.convert("RGBA")
    if image.mode in {"RGBA", "RGBa"}:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        image = _in_srgb(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        return (
            ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            or image
        )
    except (ImageCms.PyCMSError, OSError):  # a damaged profile: the colours stay as they are
        return image


def _upright(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(TURNS[turn]) if turn in TURNS else image


def _jpeg(image: Image.Image) -> bytes:
    image.info = {}  # Pillow would write a comment it finds there
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, exif=b"")
    return out.getvalue()
