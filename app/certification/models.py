"""Tables of approvals, decisions, appeals, certificates and the keys that sign them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.certification.rules.standing import MOVES
from app.kit.history import never_altered, never_inserted_where

_OUTCOME = "outcome IN ('calculated', 'lower', 'none')"
_LOWER = "outcome = 'calculated' OR length(reason) > 0"


class Approval(SQLModel, table=True):
    """What one approver says of a proposal; theirs to take back until it is decided."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(_OUTCOME, name="approval_outcome"),
        CheckConstraint(_LOWER, name="approval_reason"),
        CheckConstraint("outcome <> 'none' OR level IS NULL", name="approval_no_level"),
        Index(
            "approval_one_standing",
            "proposal_id",
            "by",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    proposal_id: str = Field(foreign_key="proposal.id", index=True, max_length=36)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    outcome: str = Field(max_length=12)
    level: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", max_length=2000)
    resolution_no: str | None = Field(default=None, max_length=80)
    resolution_on: date | None = None
    withdrawn_at: datetime | None = None


class Decision(SQLModel, table=True):
    """What was decided, by whom; a later one names it and leaves it as it was."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(_OUTCOME, name="decision_outcome"),
        CheckConstraint(_LOWER, name="decision_reason"),
        CheckConstraint("outcome <> 'none' OR level IS NULL", name="decision_no_level"),
        CheckConstraint(
            "second IS NULL OR second <> first", name="decision_two_different_people"
        ),
        CheckConstraint(
            "second IS NOT NULL OR (resolution_no IS NOT NULL AND resolution_on IS NOT NULL)",
            name="decision_two_or_committee",
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    audit_id: str = Field(foreign_key="audit.id", index=True, max_length=36)
    proposal_id: str = Field(foreign_key="proposal.id", unique=True, max_length=36)
    outcome: str = Field(max_length=12)
    level: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", max_length=2000)
    first: str = Field(foreign_key="person.id", max_length=36)
    second: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    resolution_no: str | None = Field(default=None, max_length=80)
    resolution_on: date | None = None
    at: datetime
    supersedes: str | None = Field(
        default=None, foreign_key="decision.id", unique=True, max_length=36
    )


class Appeal(SQLModel, table=True):
    """An office's one objection to a decision."""

    __tablename__ = "appeal"
    __table_args__ = (CheckConstraint("length(reasons) > 0", name="appeal_reasons"),)

    id: str = Field(primary_key=True, max_length=36)
    decision_id: str = Field(foreign_key="decision.id", unique=True, max_length=36)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    reasons: str = Field(max_length=4000)
    answered_by: str | None = Field(
        default=None, foreign_key="decision.id", max_length=36, description="the later decision"
    )


class AppealEvidence(SQLModel, table=True):
    """A photo that an office sent with its appeal, kept in the evidence room."""

    __tablename__ = "appeal_evidence"

    appeal_id: str = Field(primary_key=True, foreign_key="appeal.id", max_length=36)
    sha256: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=200)


class IssuingKey(SQLModel, table=True):
    """The public half of a key that signs certificates; the other half is a file."""

    __tablename__ = "issuing_key"
    __table_args__ = (
        CheckConstraint(
            "retired_at IS NULL OR compromised_at IS NULL OR retired_at <= compromised_at",
            name="issuing_key_order",
        ),
    )

    kid: str = Field(primary_key=True, max_length=16, description="of the SHA-256 of the key")
    public: str = Field(max_length=44, description="Ed25519, 32 bytes, base64")
    made_at: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None
    reason: str = Field(default="", max_length=500)


class Certificate(SQLModel, table=True):
    """A certificate as it was issued; what became of it is in its events."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "serial", name="certificate_number_once"),
        UniqueConstraint("decision_id", "kid", name="certificate_of_decision_once"),
        CheckConstraint("valid_from <= valid_until", name="certificate_validity"),
        CheckConstraint("serial > 0 AND status_index >= 0", name="certificate_counts"),
    )

    number: str = Field(primary_key=True, max_length=24, description="GECC-2570-00001")
    fiscal_year: int
    serial: int
    status_index: int = Field(unique=True, description="its place in the status list")
    decision_id: str = Field(foreign_key="decision.id", max_length=36)
    office_id: str = Field(foreign_key="office.id", index=True, max_length=36)
    level: str = Field(max_length=32)
    level_th: str = Field(max_length=4000, description="as long as editions may name it")
    level_en: str = Field(max_length=4000)
    office_th: str = Field(max_length=160, description="its name on the day of issue")
    office_en: str = Field(max_length=160)
    edition: str = Field(max_length=65, description="slug/edition")
    edition_sha256: str = Field(foreign_key="edition.sha256", max_length=64)
    issuer_th: str = Field(max_length=200)
    issuer_en: str = Field(max_length=200)
    issued_at: datetime
    valid_from: date
    valid_until: date = Field(description="the last day on which it holds")
    cose: bytes = Field(sa_type=LargeBinary)
    kid: str = Field(foreign_key="issuing_key.kid", max_length=16)
    replaces: str | None = Field(
        default=None, foreign_key="certificate.number", unique=True, max_length=24
    )


class CertificateStep(SQLModel, table=True):
    """What became of a certificate: suspended, withdrawn … who, when, why."""

    __tablename__ = "certificate_step"
    __table_args__ = (
        CheckConstraint(
            "action || ' ' || before || ' ' || after IN ({})".format(
                ", ".join(f"'{one.action} {one.before} {one.after}'" for one in MOVES)
            ),
            name="certificate_step_known",
        ),
        CheckConstraint("n > 0", name="certificate_step_counts"),
        CheckConstraint("length(reason) > 0", name="certificate_step_reason"),
    )

    number: str = Field(primary_key=True, foreign_key="certificate.number", max_length=24)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    action: str = Field(max_length=20)
    before: str = Field(max_length=20)
    after: str = Field(max_length=20)
    by: str = Field(foreign_key="person.id", max_length=36)
    at: datetime
    reason: str = Field(max_length=1000)


class CertificateEntry(SQLModel, table=True):
    """Where in the log a certificate's issue (`n` is 0) or its n-th step is written."""

    __tablename__ = "certificate_entry"

    number: str = Field(primary_key=True, foreign_key="certificate.number", max_length=24)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    index: int = Field(foreign_key="log_entry.index", unique=True, sa_type=BigInteger)


never_altered("approval", but=["withdrawn_at"])
never_altered("decision")
never_altered("appeal", but=["answered_by"])
never_altered("appeal_evidence")
never_altered("issuing_key", but=["retired_at", "compromised_at", "reason"])
never_altered("certificate")
never_altered("certificate_step")
never_altered("certificate_entry")
# Separation of duties, whoever writes the row: docs/lifecycle.md.
never_inserted_where(
    "approval",
    "not_own_work",
    "EXISTS (SELECT 1 FROM proposal p JOIN assignment a ON a.visit_id = p.audit_id "
    'WHERE p.id = NEW.proposal_id AND a.person_id = NEW."by") '
    "OR EXISTS (SELECT 1 FROM proposal p JOIN change c ON c.audit_id = p.audit_id "
    'WHERE p.id = NEW.proposal_id AND c.author = NEW."by")',
    "nobody approves what they assessed",
)
never_inserted_where(
    "approval",
    "not_reviewed",
    "EXISTS (SELECT 1 FROM proposal p JOIN review r ON r.audit_id = p.audit_id "
    'WHERE p.id = NEW.proposal_id AND r.reviewer = NEW."by")',
    "nobody approves what they reviewed",
)
never_inserted_where(
    "approval",
    "not_own_office",
    "EXISTS (SELECT 1 FROM proposal p JOIN audit u ON u.id = p.audit_id "
    "JOIN membership m ON m.office_id = u.office_id "
    'WHERE p.id = NEW.proposal_id AND m.person_id = NEW."by")',
    "nobody approves for their own office",
)
# Of levels only the edition knows which is the higher, and the databases read JSON each its own
# way. Without a level on either side nothing is found, and what is not found is refused.
_LOWER_LEVEL = (
    "NEW.outcome = 'lower' AND NOT EXISTS (SELECT 1 FROM proposal p "
    "JOIN audit u ON u.id = p.audit_id JOIN edition e ON e.sha256 = u.edition_sha256 "
    "{levels} WHERE p.id = NEW.proposal_id "
    "AND {code_of_old} = p.level AND {code_of_new} = NEW.level AND {min_of_new} < {min_of_old})"
)
never_inserted_where(
    "approval",
    "as_calculated",
    "NEW.outcome = 'calculated' AND COALESCE(NEW.level, '') <> "
    "COALESCE((SELECT p.level FROM proposal p WHERE p.id = NEW.proposal_id), '')",
    "what was calculated is approved as it is",
)
never_inserted_where(
    "approval",
    "never_higher",
    {
        "sqlite": _LOWER_LEVEL.format(
            levels="JOIN json_each(e.body, '$.levels') o JOIN json_each(e.body, '$.levels') n",
            code_of_old="json_extract(o.value, '$.code')",
            code_of_new="json_extract(n.value, '$.code')",
            min_of_old="json_extract(o.value, '$.min')",
            min_of_new="json_extract(n.value, '$.min')",
        ),
        "postgresql": _LOWER_LEVEL.format(
            levels="CROSS JOIN jsonb_array_elements(e.body::jsonb -> 'levels') o "
            "CROSS JOIN jsonb_array_elements(e.body::jsonb -> 'levels') n",
            code_of_old="(o.value ->> 'code')",
            code_of_new="(n.value ->> 'code')",
            min_of_old="(o.value ->> 'min')::numeric",
            min_of_new="(n.value ->> 'min')::numeric",
        ),
    },
    "another level than calculated is a lower one",
)
never_inserted_where(
    "decision",
    "of_newest",
    "NOT EXISTS (SELECT 1 FROM proposal p "
    "WHERE p.id = NEW.proposal_id AND p.audit_id = NEW.audit_id) "
    "OR EXISTS (SELECT 1 FROM proposal p JOIN proposal q ON q.audit_id = p.audit_id "
    "AND q.n > p.n WHERE p.id = NEW.proposal_id)",
    "the newest proposal of an audit is decided",
)
never_inserted_where(
    "decision",
    "follows",
    "COALESCE(NEW.supersedes, '') <> COALESCE((SELECT d.id FROM decision d "
    "WHERE d.audit_id = NEW.audit_id "
    "AND NOT EXISTS (SELECT 1 FROM decision e WHERE e.supersedes = d.id)), '')",
    "a decision names the one before it",
)
never_inserted_where(
    "decision",
    "impartial",
    "EXISTS (SELECT 1 FROM assignment a "
    "WHERE a.visit_id = NEW.audit_id AND a.person_id IN (NEW.first, NEW.second)) "
    "OR EXISTS (SELECT 1 FROM change c "
    "WHERE c.audit_id = NEW.audit_id AND c.author IN (NEW.first, NEW.second)) "
    "OR EXISTS (SELECT 1 FROM review r "
    "WHERE r.audit_id = NEW.audit_id AND r.reviewer IN (NEW.first, NEW.second)) "
    "OR EXISTS (SELECT 1 FROM membership m JOIN audit u ON u.office_id = m.office_id "
    "WHERE u.id = NEW.audit_id AND m.person_id IN (NEW.first, NEW.second))",
    "nobody decides what they assessed, reviewed, or for their own office",
)
never_inserted_where(
    "appeal",
    "once",
    "EXISTS (SELECT 1 FROM decision d JOIN decision e ON e.audit_id = d.audit_id "
    "JOIN appeal a ON a.decision_id = e.id WHERE d.id = NEW.decision_id)",
    "an office appeals once",
)
never_inserted_where(
    "appeal",
    "own_office",
    "NOT EXISTS (SELECT 1 FROM decision d JOIN audit u ON u.id = d.audit_id "
    "JOIN membership m ON m.office_id = u.office_id "
    'WHERE d.id = NEW.decision_id AND m.person_id = NEW."by")',
    "an office appeals for itself",
)
never_inserted_where(
    "review",
    "appeal_not_approved",
    "NEW.kind = 'appeal' AND EXISTS (SELECT 1 FROM proposal p "
    "JOIN approval a ON a.proposal_id = p.id "
    "WHERE p.audit_id = NEW.audit_id AND a.by = NEW.reviewer)",
    "nobody hears an appeal against what they approved",
    once="approval",
)
never_inserted_where(
    "assignment",
    "not_approved",
    "EXISTS (SELECT 1 FROM proposal p JOIN approval a ON a.proposal_id = p.id "
    "WHERE p.audit_id = NEW.visit_id AND a.by = NEW.person_id)",
    "nobody assesses what they approved",
    once="approval",
)
never_inserted_where(
    "decision",
    "approved",
    "NOT EXISTS (SELECT 1 FROM approval a WHERE a.proposal_id = NEW.proposal_id "
    "AND a.withdrawn_at IS NULL AND a.by = NEW.first AND a.outcome = NEW.outcome "
    "AND COALESCE(a.level, '') = COALESCE(NEW.level, '')) "
    "OR (NEW.second IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approval a "
    "WHERE a.proposal_id = NEW.proposal_id "
    "AND a.withdrawn_at IS NULL AND a.by = NEW.second AND a.outcome = NEW.outcome "
    "AND COALESCE(a.level, '') = COALESCE(NEW.level, '')))",
    "a decision is what its approvers approved",
)
never_inserted_where(
    "certificate",
    "decided",
    "NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id "
    "AND d.level = NEW.level AND d.outcome <> 'none')",
    "a certificate says what was decided",
)
never_inserted_where(
    "certificate_step",
    "follows",
    "NEW.before <> COALESCE((SELECT s.after FROM certificate_step s "
    "WHERE s.number = NEW.number AND s.n = NEW.n - 1), 'valid') "
    "OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM certificate_step s "
    "WHERE s.number = NEW.number AND s.n = NEW.n - 1))",
    "a step begins where the one before it led",
)
never_inserted_where(
    "certificate_step",
    "second_person",
    "NEW.action IN ('withdraw', 'reinstate') AND EXISTS (SELECT 1 FROM certificate_step s "
    'WHERE s.number = NEW.number AND s.n = NEW.n - 1 AND s.by = NEW."by")',
    "another person confirms",
)
never_inserted_where(
    "certificate_step",
    "not_own_office",
    "EXISTS (SELECT 1 FROM certificate c JOIN membership m ON m.office_id = c.office_id "
    'WHERE c.number = NEW.number AND m.person_id = NEW."by")',
    "nobody moves the certificate of their own office",
)
