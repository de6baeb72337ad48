"""What offices there are, and how they are found. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.kit.errors import Invalid, Refusal

REGIONS: Final[dict[str, dict[str, str]]] = {
    "North": {"th": "ภาคเหนือ", "en": "North"},
    "Northeast": {"th": "ภาคตะวันออกเฉียงเหนือ", "en": "Northeast"},
    "Central": {"th": "ภาคกลาง", "en": "Central"},
    "South": {"th": "ภาคใต้", "en": "South"},
}
KINDS: Final[dict[str, dict[str, str]]] = {
    "provincial": {"th": "สำนักงานยุติธรรมจังหวัด", "en": "Provincial Justice Office"},
    "central": {"th": "หน่วยงานส่วนกลาง", "en": "Central unit"},
}
BANGKOK: Final = "10"
UNKNOWN_OFFICE: Final = Invalid(
    "office.unknown", "ไม่พบสำนักงานที่เลือก", "The chosen office is not known."
)


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What is known of an office before it is in the database."""

    code: str
    name_th: str
    name_en: str
    kind: str
    province_code: str | None
    region: str | None
    pilot: bool


# The two central units among the pilots of 2564 (thaigov.go.th 49014).
CENTRAL: Final = (
    OfficeFacts(
        code="JSL",
        name_th="ศูนย์บริการร่วมกระทรวงยุติธรรม",
        name_en="Justice Ministry Service Link Centre",
        kind="central",
        province_code=None,
        region=None,
        pilot=True,
    ),
    OfficeFacts(
        code="JFO",
        name_th="สำนักงานกองทุนยุติธรรม",
        name_en="Justice Fund Office",
        kind="central",
        province_code=None,
        region=None,
        pilot=True,
    ),
)


def offices_from(provinces: Iterable[Mapping[str, str]]) -> list[OfficeFacts]:
    """Every office: one for each province but Bangkok, which central units serve, and those."""
    provincial = [
        OfficeFacts(
            code=f"PJO-{row['dopa_code']}",
            name_th=f"สำนักงานยุติธรรมจังหวัด{row['name_th']}",
            name_en=f"{row['name_en']} Provincial Justice Office",
            kind="provincial",
            province_code=row["dopa_code"],
            region=row["region4"],
            pilot=row["moj_gecc_pilot_2564"] == "1",
        )
        for row in provinces
        if row["dopa_code"] != BANGKOK
    ]
    return [*provincial, *CENTRAL]


def refusal_of_office(known: object | None) -> Refusal | None:
    """Why an office that was named cannot be meant."""
    return UNKNOWN_OFFICE if known is None else None
