"""What a photo may be and how it travels: sizes, chunks, and every reason for a no. Pure.

Documents and videos (`files`) travel on the same road, in chunks under their SHA-256.
"""

from dataclasses import dataclass
from typing import Final

from app.evidence.rules.files import ENDINGS, TYPE, TYPES, file_too_large
from app.kit.errors import Conflict, Invalid, Missing, Refusal, TooLarge

CHUNK: Final = 256 * 1024
SIZES: Final = (200, 800, 2048)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken of one photo, one document, one video; the endings taken."""

    bytes: int
    pixels: int
    document: int = 25 * 1024 * 1024
    video: int = 100 * 1024 * 1024
    endings: frozenset[str] = frozenset(ENDINGS)

    def takes(self, media: str) -> bool:
        """Whether the operator takes files of this type."""
        return media in TYPES and not self.endings.isdisjoint(TYPES[media].endings)

    def most(self, wanted: "Wanted") -> int:
        """The most bytes of whatever these names promise; zero where none of it is taken."""
        files = [
            self.video if TYPES[media].video else self.document
            for media in wanted.types
            if self.takes(media)
        ]
        return max([*files, self.bytes if wanted.photo else 0])

    @property
    def largest(self) -> int:
        """The most bytes of anything."""
        return max(self.bytes, self.document, self.video)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What changes say that the bytes of a name are: a photo, files of these types, or both."""

    photo: bool = True
    types: frozenset[str] = frozenset()


PHOTO: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Facts:
    """What bytes turned out to be; of a photo its size as it is stored, before any turning."""

    bytes: int
    type: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a photo as it is announced: the `index`th of `total`, with its SHA-256.

    `by` sends it. Everybody's pieces lie apart until a photo is whole and checked: whoever
    knows the name of another's photo must not be able to spoil it on its way. `proving`: the
    photo is here from somebody else, and this sender shows that they have its bytes too.
    """

    sha256: str
    index: int
    total: int
    sum: str
    by: str = ""
    proving: bool = False
    wanted: Wanted = PHOTO


UNKNOWN: Final = Missing(
    "photo.unknown",
    "ยังไม่มีรายการใดอ้างถึงภาพนี้ ต้องส่งรายการก่อนส่งภาพ",
    "No change speaks of this photo yet; its change comes first.",
)
BAD_SUM: Final = Invalid(
    "photo.chunk-sum",
    "ชิ้นส่วนของภาพเสียหายระหว่างทาง กรุณาส่งใหม่",
    "This piece of the photo was damaged on its way. Send it again.",
)
TOTAL_CHANGED: Final = Conflict(
    "photo.total-changed",
    "จำนวนชิ้นส่วนของภาพไม่ตรงกับที่เริ่มส่งไว้ ต้องเริ่มส่งภาพนี้ใหม่",
    "The number of pieces differs from what was begun. This photo starts anew.",
)
OTHER_BYTES: Final = Invalid(
    "photo.other-bytes",
    "เนื้อภาพที่ส่งมาไม่ตรงกับรหัสของภาพ จึงไม่รับไว้",
    "The bytes are not those that the photo's name stands for, so they were not kept.",
)
NOT_AN_IMAGE: Final = Invalid(
    "photo.not-an-image",
    "ไฟล์นี้ไม่ใช่ภาพ JPEG PNG WebP หรือ HEIC",
    "This file is no JPEG, PNG, WebP or HEIC picture.",
)
TRUNCATED: Final = Invalid(
    "photo.truncated",
    "ภาพนี้ไม่ครบหรือเสียหาย กรุณาถ่ายหรือเลือกใหม่",
    "This picture is incomplete or damaged. Take or choose it again.",
)
UNDRAWABLE: Final = Missing(
    "photo.undrawable",
    "เก็บภาพนี้ไว้ครบแล้ว แต่ระบบเปิดดูไม่ได้",
    "This photo is kept, but no picture can be drawn from it.",
)
# The lines of the trail that say: this person sent every byte of it.
SENT: Final = ("photo.received", "photo.sent-too")
# Said of what one sender sent, not of bytes that are what the name says: no affair of others.
OWN_FAULT: Final = frozenset({"photo.other-bytes", "photo.too-large", "attachment.too-large"})
# What will be no better when it is sent again: the phone is told so when it asks.
REMEMBERED: Final = frozenset(
    {
        "photo.other-bytes",
        "photo.not-an-image",
        "photo.truncated",
        "photo.too-large",
        "photo.too-many-pixels",
        "attachment.type",
        "attachment.too-large",
        "attachment.other-type",
        "attachment.macros",
    }
)


def refusal_of_chunk(chunk: Chunk, size: int, limits: Limits) -> Refusal | None:
    """Why this piece cannot be part of a photo we take; every piece but the last is full."""
    if not 0 <= chunk.index < chunk.total:
        return Invalid(
            "photo.chunk-number",
            "ลำดับชิ้นส่วนของภาพไม่ถูกต้อง",
            "There is no such piece of this photo.",
        )
    if (chunk.total - 1) * CHUNK >= limits.most(chunk.wanted):
        return larger(chunk.wanted, limits)
    full = chunk.index < chunk.total - 1
    if size == 0 or size > CHUNK or (full and size != CHUNK):
        return Invalid(
            "photo.chunk-size",
            f"ชิ้นส่วนของภาพต้องยาว {CHUNK} ไบต์ เว้นชิ้นสุดท้าย",
            f"Every piece but the last is {CHUNK} bytes long.",
        )
    return None


def larger(wanted: Wanted, limits: Limits) -> Refusal:
    """The refusal of more bytes than what was promised may have."""
    if wanted.photo:
        return too_large(limits)
    most = limits.most(wanted)
    return file_too_large(most) if most else TYPE


def too_large(limits: Limits) -> TooLarge:
    """The refusal of too many bytes."""
    megabytes = max(limits.bytes // (1024 * 1024), 1)
    return TooLarge(
        "photo.too-large",
        f"ภาพนี้ใหญ่เกิน {megabytes} MB กรุณาเลือกภาพที่เล็กกว่า",
        f"This photo is larger than {megabytes} MB. Choose a smaller one.",
    )


def too_many_pixels(limits: Limits) -> TooLarge:
    """The refusal of too many pixels."""
    millions = max(limits.pixels // 1_000_000, 1)
    return TooLarge(
        "photo.too-many-pixels",
        f"ภาพนี้ละเอียดเกิน {millions} ล้านพิกเซล กรุณาย่อก่อน",
        f"This photo has more than {millions} million pixels. Make it smaller first.",
    )
