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
    Token,
)
from app.audits.models import (
    Audit,
    AuditCard,
    AuditStep,
    Closing,
    CriterionReturn,
    HeldChange,
    KeptChange,
    MaskedOriginal,
    Pack,
    PhotoReference,
)
from app.certification.models import (
    Appeal,
    AppealEvidence,
    Approval,
    Certificate,
    CertificateEntry,
    CertificateStep,
    Decision,
    IssuingKey,
)
from app.checklists.models import StoredEdition
from app.evidence.models import ArchivedBlob, Blob, PhotoRefusal
from app.log.models import LogEntry, LogEpoch, LogHead, LogNode
from app.notices.models import Feed, Mail
from app.offices.models import Membership, Office
from app.readiness.models import Task, TaskProof, TaskStep
from app.review.models import Proposal, ReportPhoto, Review, ReviewMark
from app.rounds.models import Assignment, Interest, Participation, Round, Visit
from app.search.models import SearchAudit, SearchText
from app.surveys.models import (
    Survey,
    SurveyAnswer,
    SurveyClosing,
    SurveyImport,
    SurveyQuestion,
)
from app.trail.models import TrailLine
from app.webhooks.models import Cursor, Delivery, Endpoint, Event, Try

metadata = SQLModel.metadata

__all__ = [
    "Appeal",
    "AppealEvidence",
    "Approval",
    "ArchivedBlob",
    "Assignment",
    "Audit",
    "AuditCard",
    "AuditStep",
    "Blob",
    "Certificate",
    "CertificateEntry",
    "CertificateStep",
    "Closing",
    "CriterionReturn",
    "Cursor",
    "Decision",
    "Delivery",
    "Device",
    "Endpoint",
    "Event",
    "Feed",
    "HeldChange",
    "Interest",
    "IssuingKey",
    "KeptChange",
    "KnownBrowser",
    "LogEntry",
    "LogEpoch",
    "LogHead",
    "LogNode",
    "Mail",
    "MaskedOriginal",
    "Membership",
    "Office",
    "Pack",
    "Participation",
    "Person",
    "PhotoReference",
    "PhotoRefusal",
    "Proposal",
    "ReportPhoto",
    "Review",
    "ReviewMark",
    "RoleGrant",
    "Round",
    "SearchAudit",
    "SearchText",
    "SignInFailure",
    "SignInSession",
    "SigningKey",
    "StoredEdition",
    "Survey",
    "SurveyAnswer",
    "SurveyClosing",
    "SurveyImport",
    "SurveyQuestion",
    "Task",
    "TaskProof",
    "TaskStep",
    "Token",
    "TrailLine",
    "Try",
    "Visit",
    "metadata",
]
