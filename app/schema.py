"""Every table, in the order the data meets them. Alembic and the tests read this."""

from sqlmodel import SQLModel

from app.accounts.models import (
    Device,
    KnownBrowser,
    Person,
    RoleGrant,
    SignInFailure,
    SigningKey,
    SignInSession,
)
from app.audits.models import (
    Audit,
    Closing,
    HeldChange,
    KeptChange,
    MaskedOriginal,
    Pack,
    PhotoReference,
)
from app.checklists.models import StoredEdition
from app.evidence.models import ArchivedBlob, Blob, PhotoRefusal
from app.log.models import LogEntry, LogEpoch, LogHead, LogNode
from app.offices.models import Membership, Office
from app.rounds.models import Assignment, Participation, Round, Visit
from app.trail.models import TrailLine

metadata = SQLModel.metadata

__all__ = [
    "ArchivedBlob",
    "Assignment",
    "Audit",
    "Blob",
    "Closing",
    "Device",
    "HeldChange",
    "KeptChange",
    "KnownBrowser",
    "LogEntry",
    "LogEpoch",
    "LogHead",
    "LogNode",
    "MaskedOriginal",
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
    "SigningKey",
    "StoredEdition",
    "TrailLine",
    "Visit",
    "metadata",
]
