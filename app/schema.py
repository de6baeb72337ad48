"""Every table, in the order the data meets them. Alembic and the tests read this."""

from sqlmodel import SQLModel

from app.accounts.models import (
    Device,
    KnownBrowser,
    Person,
    RoleGrant,
    SignInFailure,
    SignInSession,
)
from app.audits.models import (
    Audit,
    Closing,
    HeldChange,
    KeptChange,
    Pack,
    PhotoReference,
)
from app.checklists.models import StoredEdition
from app.evidence.models import Blob, PhotoRefusal
from app.offices.models import Membership, Office
from app.rounds.models import Assignment, Participation, Round, Visit
from app.trail.models import TrailLine

metadata = SQLModel.metadata

__all__ = [
    "Assignment",
    "Audit",
    "Blob",
    "Closing",
    "Device",
    "HeldChange",
    "KeptChange",
    "KnownBrowser",
    "Membership",
    "Office",
    "Pack",
    "Participation",
    "Person",
    "PhotoReference",
    "PhotoRefusal",
    "RoleGrant",
    "Round",
    "SignInFailure",
    "SignInSession",
    "StoredEdition",
    "TrailLine",
    "Visit",
    "metadata",
]
