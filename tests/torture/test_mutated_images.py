"""Ten thousand damaged pictures: none is a crash, and none is taken for what it is not."""

import hashlib
import io
import random
from collections import Counter

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from app.evidence import chunks, pictures
from app.evidence.rules import Facts, Limits
from app.settings import Settings
from tests.audits.world import Phone, World, push
from tests.evidence.files import scene
from tests.sync.photos import put, sha
from tests.torture import figures
from tests.torture.scale import SCALE

SHARDS = 4
EACH = 2_500 * SCALE
BATCH = 100
FORMATS = ("JPEG", "PNG", "WEBP")


def _sound() -> list[bytes]:
    """Small pictures of every kind that goes through our own hands."""
    made = []
    for side, kind, more in (
        (96, "JPEG", {"quality": 60}),
        (64, "JPEG", {"quality": 90, "progressive": True}),
        (48, "PNG", {}),
        (64, "WEBP", {"quality": 60}),
    ):
        out = io.BytesIO()
        picture = scene(side, side * 3 // 4)
        exif = picture.getexif()
        exif[0x0112] = 6
        picture.save(out, kind, exif=exif, **more)
        made.append(out.getvalue())
    return made


def _mutated(chance: random.Random, sound: list[bytes]) -> bytes:
    """One picture, hurt once or several times; now and then two grown together."""
    data = bytearray(chance.choice(sound))
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        at = chance.randrange(len(data))
        match chance.randrange(8):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + chance.randrange(1, 5)] = chance.randbytes(chance.randrange(5))
            case 2:
                del data[at:]
            case 3:
                del data[at : at + chance.randrange(1, 64)]
            case 4:
                data[at:at] = data[at : at + chance.randrange(1, 64)]
            case 5:
                data[at : at + 2] = chance.choice(
                    (b"\xff\xff", b"\0\0", b"\xff\xd9", b"\xff\xda")
                )
            case 6:
                data += chance.choice(sound)[chance.randrange(32) :]
            case 7:
                head = chance.choice((b"GIF89a", b"%PDF-", b"<svg ", b"MZ", b"\xff\xd8\xff"))
                data[: len(head)] = head
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_damaged_picture_is_refused_or_is_a_picture(
    app: FastAPI, world: World, settings: Settings, shard: int
) -> None:
    chance = random.Random(f"pictures {shard}")
    answers = _send(app, world, settings, chance, EACH)
    refused = EACH - answers["all"]
    figures.tell("damaged pictures", pictures=EACH, taken=answers["all"], refused=refused)
    # The harness sees both outcomes, or it shows nothing.
    assert answers["all"] > EACH // 20, answers
    assert answers["unshowable"] < EACH // 5, answers
    assert answers["photo.not-an-image"] + answers["photo.truncated"] > EACH // 20, answers


def test_taking_anything_for_a_picture_would_be_found(
    app: FastAPI, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the look at the bytes believes the first three of them."""
    whole = pictures.identify

    def hasty(data: bytes, limits: Limits) -> object:
        if data.startswith(b"\xff\xd8\xff"):
            return Facts(len(data), "image/jpeg", 96, 72)
        return whole(data, limits)

    monkeypatch.setattr(pictures, "identify", hasty)
    with pytest.raises(AssertionError, match="no such picture"):
        _send(app, world, settings, random.Random("hasty"), 400)


def _send(
    app: FastAPI, world: World, settings: Settings, chance: random.Random, number: int
) -> Counter[str]:
    sound = _sound()
    answers: Counter[str] = Counter()
    with TestClient(app, raise_server_exceptions=False) as door:
        phone = world.phone("lead")
        for _ in range(number // BATCH):
            pictures_now = {
                sha(data): data for data in (_mutated(chance, sound) for _ in range(BATCH))
            }
            _name(door, phone, world, list(pictures_now.values()))
            for name, data in pictures_now.items():
                answer = put(door, phone, name, 0, data)
                assert answer.status_code < 500, (answer.status_code, data[:40])
                said = answer.json()
                answers[str(said.get("have") or said["code"])] += 1
                if said.get("have") == "all":
                    path = chunks.blob_path(settings.data_dir, name)
                    shown = door.get(f"/photos/{name}/200.jpg", headers=phone.key)
                    _is_a_picture(path.read_bytes(), name, shown=shown.status_code == 200)
                    answers["unshowable"] += shown.status_code != 200
                else:
                    assert not chunks.blob_path(settings.data_dir, name).exists()
    return answers


def _name(door: TestClient, phone: Phone, world: World, photos: list[bytes]) -> None:
    push(door, phone, world.visit, [phone.photo(world.visit, data) for data in photos])


def _is_a_picture(data: bytes, name: str, *, shown: bool) -> None:
    """What was taken is there to the bit and is a picture; what cannot be shown says so."""
    assert hashlib.sha256(data).hexdigest() == name
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            assert image.width > 0 < image.height
            if shown:
                image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise AssertionError(f"no such picture: {error} {data[:60]!r}") from error
