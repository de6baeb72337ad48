"""What an edition is, how it is checked and compiled, and what its measurements mean. Pure."""

from app.checklists.rules.canonical import canonical, sha256_of
from app.checklists.rules.compile import BadEdition, compile_edition
from app.checklists.rules.draft import Draft
from app.checklists.rules.edition import (
    Criterion,
    Edition,
    Group,
    Level,
    Measurement,
    Part,
    Provenance,
    Section,
    Source,
    Step,
    Text,
    Tier,
    read_compiled,
)
from app.checklists.rules.measure import (
    BadMeasurement,
    check_measurement,
    parse_measurement,
    verdict,
)
from app.checklists.rules.mistakes import Mistake

__all__ = [
    "BadEdition",
    "BadMeasurement",
    "Criterion",
    "Draft",
    "Edition",
    "Group",
    "Level",
    "Measurement",
    "Mistake",
    "Part",
    "Provenance",
    "Section",
    "Source",
    "Step",
    "Text",
    "Tier",
    "canonical",
    "check_measurement",
    "compile_edition",
    "parse_measurement",
    "read_compiled",
    "sha256_of",
    "verdict",
]
