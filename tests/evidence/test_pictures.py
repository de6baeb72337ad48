"""Strange bytes are told apart; what is drawn from them is upright and bare."""

import random
import struct
import zlib

import pytest
from PIL import Image

from app.evidence.pictures import draw, identify
from app.evidence.rules import Facts, Limits
from app.kit.errors import Refusal
from tests.evidence.files import (
    DATA,
    corner,
    encoded,
    heavy,
    heic,
    jpeg,
    metadata,
    opened,
    scene,
)

LIMITS = Limits(25 * 1024 * 1024, 50_000_000)


def code(data: bytes, limits: Limits = LIMITS) -> str:
    found = identify(data, limits)
    return found.code if isinstance(found, Refusal) else found.type


def mpo() -> bytes:
    return encoded("MPO", scene(), save_all=True, append_images=[scene(320, 240)])


def animated(kind: str) -> bytes:
    return encoded(kind, scene(), save_all=True, append_images=[scene(), scene(noise=9)])


KINDS = {
    "jpeg": (jpeg(), "image/jpeg"),
    "progressive": (jpeg(progressive=True), "image/jpeg"),
    "restarts": (encoded("JPEG", restart_marker_rows=1), "image/jpeg"),
    "grey": (encoded("JPEG", scene().convert("L")), "image/jpeg"),
    "cmyk": (encoded("JPEG", scene().convert("CMYK")), "image/jpeg"),
    "trailer": (jpeg() + b"SEFT maker's own words", "image/jpeg"),
    "mpo": (mpo(), "image/jpeg"),
    "png": (encoded("PNG"), "image/png"),
    "palette": (encoded("PNG", scene().convert("P")), "image/png"),
    "see-through": (encoded("PNG", scene().convert("RGBA")), "image/png"),
    "sixteen": (encoded("PNG", scene().convert("I;16")), "image/png"),
    "apng": (animated("PNG"), "image/png"),
    "webp": (encoded("WEBP"), "image/webp"),
    "lossless": (encoded("WEBP", lossless=True), "image/webp"),
    "moving webp": (animated("WEBP"), "image/webp"),
    "heic": (heic(), "image/heic"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_known_drawn_and_bare(name: str) -> None:
    data, kind = KINDS[name]
    facts = identify(data, LIMITS)
    assert isinstance(facts, Facts)
    assert (facts.type, facts.bytes) == (kind, len(data))
    assert facts.width
    assert facts.height
    drawn = draw(data, [200, 800])
    assert drawn is not None
    for size, picture in drawn.items():
        image = opened(picture)
        assert image.format == "JPEG"
        assert max(image.size) == min(size, max(facts.width, facts.height))
        assert image.mode == "RGB"
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not image.getexif()


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"heic"}))
def test_a_file_cut_anywhere_is_not_taken(name: str) -> None:
    data, _kind = KINDS[name]
    if name in {"trailer", "mpo"}:  # what comes after the picture may be cut
        data = (
            data[: data.rindex(b"\xff\xd9", 0, len(jpeg())) + 2] if name == "trailer" else data
        )
    places = [0, 1, 10, 100, len(data) // 3, len(data) // 2, len(data) - 1]
    if name == "mpo":
        places = places[:-3]
    for place in {min(place, len(data) - 1) for place in places}:
        assert code(data[:place]) in {"photo.truncated", "photo.not-an-image"}, place


def test_a_cut_heic_is_not_taken() -> None:
    for place in (0, 20, 100, 300, 599):
        assert code(heic()[:place]) in {"photo.truncated", "photo.not-an-image"}, place


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        encoded("GIF"),
        encoded("TIFF"),
        encoded("BMP"),
        b"\0" * 1000,
    ],
)
def test_what_is_no_photo_is_not_taken(data: bytes) -> None:
    assert code(data) == "photo.not-an-image"


def test_pixels_are_counted_before_anything_is_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    # 144 megapixels in a few bytes; decoding it would need 430 MB.
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", 12000, 12000, 8, 2, 0, 0, 0)
    )
    assert code(bomb + chunk(b"IDAT", b"") + chunk(b"IEND", b"")) == "photo.too-many-pixels"
    wide = bytearray(jpeg())
    at = wide.index(b"\xff\xc0") + 5
    wide[at : at + 4] = struct.pack(">HH", 9000, 9000)
    assert code(bytes(wide)) == "photo.too-many-pixels"
    assert code(jpeg(), Limits(10**9, 640 * 480 - 1)) == "photo.too-many-pixels"
    assert code(jpeg(), Limits(10**9, 640 * 480)) == "image/jpeg"


@pytest.mark.parametrize("turn", range(1, 9))
def test_pictures_are_upright(turn: int) -> None:
    # What the camera stored so that, turned as EXIF says, red is at the top left.
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = scene(400, 300)
    if turn in undo:
        stored = stored.transpose(Image.Transpose(undo[turn]))
    drawn = draw(jpeg(stored, turn=turn), [200])
    assert drawn is not None
    image = opened(drawn[200])
    assert image.size == (200, 150)
    assert corner(image) == (True, True)


def test_a_heic_is_upright() -> None:
    drawn = draw(heic(), [200])
    assert drawn is not None
    image = opened(drawn[200])
    assert image.size == (32, 48)
    assert corner(image) == (False, True)


def test_nothing_of_the_original_but_its_light_is_drawn() -> None:
    for data in (jpeg(), encoded("WEBP", exif=metadata()), encoded("PNG", exif=metadata())):
        drawn = draw(data, [200, 800, 2048])
        assert drawn is not None
        for picture in drawn.values():
            assert b"Secret" not in picture
            assert b"Exif" not in picture


def test_see_through_becomes_white() -> None:
    drawn = draw(encoded("PNG", Image.new("RGBA", (50, 50), (255, 0, 0, 0))), [200])
    assert drawn is not None
    assert opened(drawn[200]).getpixel((25, 25)) == (255, 255, 255)


def test_damaged_files_never_do_harm() -> None:
    random.seed(7)
    seeds = [
        jpeg(scene(96, 64)),
        jpeg(scene(96, 64), progressive=True),
        encoded("PNG", scene(96, 64)),
        encoded("WEBP", scene(96, 64)),
    ]
    taken = 0
    for _ in range(600):
        data = bytearray(random.choice(seeds))
        for _ in range(random.randint(1, 6)):
            data[random.randrange(len(data))] = random.randrange(256)
        if random.random() < 0.3:
            del data[random.randrange(len(data)) :]
        if isinstance(identify(bytes(data), LIMITS), Facts):
            taken += 1
            draw(bytes(data), [200])  # a picture or None, never an error
    assert taken


def test_a_heic_that_crashes_its_decoder_crashes_nothing_else() -> None:
    random.seed(3)  # among these are some that end the child with a segmentation fault
    for _ in range(12):
        data = bytearray(heic())
        for _ in range(4):
            data[random.randrange(40, len(data))] = random.randrange(256)
        assert code(bytes(data)) in {"image/heic", "photo.truncated", "photo.too-many-pixels"}
    for path in sorted(DATA.glob("crash*.heic")):
        assert code(path.read_bytes()) == "photo.truncated"
        assert draw(path.read_bytes(), [200]) is None


def test_endless_markers_end() -> None:
    assert code(jpeg()[:2] + b"\xff\xfe\x00\x02" * 200_000) == "photo.truncated"


def test_a_real_photo_keeps_its_detail() -> None:
    drawn = draw(heavy(), [800, 200])
    assert drawn is not None
    assert opened(drawn[800]).size == (800, 600)
    assert opened(drawn[200]).size == (200, 150)
