"""What an edition is, how it is checked and compiled, and what its measurements mean. Pure."""

from app.checklists.rules.assembling import Preview, preview
from app.checklists.rules.authoring import document_of
from app.checklists.rules.canonical import canonical, sha256_of
from app.checklists.rules.compile import BadEdition, compile_edition
from app.checklists.rules.differing import Difference, differences
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
from app.checklists.rules.refused import Place, Refused
from app.checklists.rules.tables import tables

__all__ = [
    "BadEdition",
    "BadMeasurement",
    "Criterion",
    "Difference",
    "Draft",
    "Edition",
    "Group",
    "Level",
    "Measurement",
    "Mistake",
    "Part",
    "Place",
    "Preview",
    "Provenance",
    "Refused",
    "Section",
    "Source",
    "Step",
    "Text",
    "Tier",
    "canonical",
    "check_measurement",
    "compile_edition",
    "differences",
    "document_of",
    "parse_measurement",
    "preview",
    "read_compiled",
    "sha256_of",
    "tables",
    "verdict",
]
