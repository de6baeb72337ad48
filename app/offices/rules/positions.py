"""Where an office stands: typed figures or a map's link become latitude and longitude. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from app.kit.errors import Invalid, Refused

MOST: Final = 2000
# Thailand with its islands, and a little sea around it.
SOUTH, NORTH, WEST, EAST = 5.5, 20.6, 97.2, 105.8
COARSEST: Final = 3
"""Decimals asked for: three are about a hundred metres."""

UNREADABLE: Final = Invalid(
    "position.unreadable",
    "อ่านพิกัดไม่ได้ พิมพ์ละติจูด เครื่องหมายจุลภาค แล้วลองจิจูด เช่น 18.7883, 98.9853 หรือวางลิงก์แผนที่แบบเต็ม",
    "No position can be read here. Type latitude, comma, longitude, such as 18.7883, 98.9853, "
    "or paste a map’s full link.",
)
SHORT_LINK: Final = Invalid(
    "position.short-link",
    "ลิงก์แผนที่แบบสั้นไม่มีพิกัดอยู่ข้างใน เปิดลิงก์ในเบราว์เซอร์ แล้ววางที่อยู่เต็มที่ได้ หรือกดค้างบนแผนที่เพื่อคัดลอกพิกัด",
    "A short map link holds no position. Open it in a browser and paste the long address, "
    "or press and hold on the map to copy the position.",
)
SWAPPED: Final = Invalid(
    "position.swapped",
    "ดูเหมือนละติจูดกับลองจิจูดสลับกัน ในประเทศไทยละติจูดอยู่ราว 5 ถึง 21 และมาก่อน",
    "Latitude and longitude seem to be swapped. In Thailand latitude is about 5 to 21, "
    "and comes first.",
)
ABROAD: Final = Invalid(
    "position.abroad",
    "พิกัดนี้อยู่นอกประเทศไทย ตรวจตัวเลขอีกครั้ง",
    "This position is outside Thailand. Please check the figures.",
)
COARSE: Final = Invalid(
    "position.coarse",
    "พิกัดหยาบเกินไป ใส่ทศนิยมอย่างน้อยสามตำแหน่ง (ราว 100 เมตร)",
    "This is too coarse. Give at least three decimals (about 100 metres).",
)

_NUMBER: Final = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_COMMA: Final = r"(?:,|%2[Cc]|&mlon=)\+?"
_LONG: Final = r"[+-]?\d{1,3}\.\d{1,15}"
# The place itself before the middle of the map that happened to be on screen.
_LINKS: Final = tuple(
    re.compile(each)
    for each in (
        rf"!3d({_LONG})!4d({_LONG})",
        rf"[?&](?:q|query|ll|destination|center|mlat)=(?:loc:)?({_LONG}){_COMMA}({_LONG})",
        rf"/search/({_LONG}),\+?({_LONG})",
        rf"@({_LONG}),({_LONG})",
        rf"#map=\d+(?:\.\d+)?/({_LONG})/({_LONG})",
        rf"^geo:({_LONG}),({_LONG})",
    )
)
_PLAIN: Final = re.compile(
    rf"\(?({_NUMBER})\s*°?\s*[Nn]?\s*[,;\s]\s*({_NUMBER})\s*°?\s*[Ee]?\)?"
)
_SECONDS: Final = re.compile(
    r"(\d{1,2})°\s*(\d{1,2})[′']\s*(\d{1,2}(?:\.\d+)?)[″\"]\s*[Nn][,\s]*"
    r"(\d{1,3})°\s*(\d{1,2})[′']\s*(\d{1,2}(?:\.\d+)?)[″\"]\s*[Ee]"
)
_THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True, slots=True)
class Position:
    """Latitude and longitude in degrees, at most six decimals."""

    lat: float
    lon: float


def position_in(text: str) -> Position | None:
    """The position somebody typed or pasted; None for a blank.

    Raises Refused with the reason when there is none, or one that no office can have.
    """
    told = text.strip().translate(_THAI_DIGITS)
    if not told:
        return None
    if len(told) > MOST:
        raise Refused(UNREADABLE)
    lat, lon, decimals = _read(told)
    if _inside(lon, lat) and not _inside(lat, lon):
        raise Refused(SWAPPED)
    if not _inside(lat, lon):
        raise Refused(ABROAD)
    if decimals < COARSEST:
        raise Refused(COARSE)
    return Position(round(lat, 6), round(lon, 6))


def exactness(position: Position) -> int:
    """About how many metres the written figures leave open: 100 for three decimals."""
    decimals = max(
        _decimals(f"{each:.6f}".rstrip("0")) for each in (position.lat, position.lon)
    )
    return int(max(1, 100_000 // 10**decimals))


def _read(told: str) -> tuple[float, float, int]:
    seconds = _SECONDS.fullmatch(told)
    if seconds:
        parts = [float(each) for each in seconds.groups()]
        lat, lon = (parts[at] + parts[at + 1] / 60 + parts[at + 2] / 3600 for at in (0, 3))
        return lat, lon, 5
    found = _PLAIN.fullmatch(told)
    if found is None:
        found = next((each for each in (link.search(told) for link in _LINKS) if each), None)
    if found is None:
        raise Refused(SHORT_LINK if "goo.gl" in told else UNREADABLE)
    return float(found[1]), float(found[2]), max(map(_decimals, found.groups()))


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _inside(lat: float, lon: float) -> bool:
    return SOUTH <= lat <= NORTH and WEST <= lon <= EAST
