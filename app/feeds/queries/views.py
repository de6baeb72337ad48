"""Each table as a selection of rows that its reader may see: whoever asks starts from these.

Whom rows reach stands in `reaching`.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    null,
    select,
    true,
)
from sqlmodel import Session, col

from app.accounts.models import Person
from app.accounts.rules import Caller, scopes
from app.audits.models import Audit, AuditCard, AuditStep, KeptChange
from app.audits.queries import edition_of
from app.certification.models import Certificate
from app.certification.queries.register import state_of_row
from app.checklists.models import StoredEdition
from app.feeds.queries.reaching import reaches_audit, reaches_office, reaches_plan
from app.offices.models import Office
from app.readiness.models import Task, TaskProof, TaskStep
from app.rounds.models import Participation, Round, Visit

View = Callable[[Session, Caller, date], Select[Any]]


def view(session: Session, table: str, person: Caller, today: date) -> Select[Any]:
    """The rows of a table that this person may see, with the columns of its description."""
    return VIEWS[table](session, person, today)


def _offices(_session: Session, person: Caller, today: date) -> Select[Any]:
    newest = (
        select(col(Certificate.number))
        .where(col(Certificate.office_id) == col(Office.id), state_of_row(today) == "valid")
        .order_by(col(Certificate.fiscal_year).desc(), col(Certificate.serial).desc())
        .limit(1)
        .correlate(Office)
        .scalar_subquery()
    )
    return (
        _columns(
            col(Office.id).label("id"),
            col(Office.code).label("code"),
            col(Office.name_th).label("name_th"),
            col(Office.name_en).label("name_en"),
            col(Office.kind).label("kind"),
            col(Office.province_code).label("province_code"),
            col(Office.region).label("region"),
            col(Office.pilot).label("pilot"),
            col(Office.latitude).label("latitude"),
            col(Office.longitude).label("longitude"),
            col(Certificate.number).label("certificate"),
            col(Certificate.level).label("level"),
            col(Certificate.level_th).label("level_th"),
            col(Certificate.level_en).label("level_en"),
            col(Certificate.valid_until).label("valid_until"),
        )
        .select_from(Office)
        .outerjoin(Certificate, col(Certificate.number) == newest)
        .where(reaches_office(person))
    )


def _rounds(_session: Session, person: Caller, _today: date) -> Select[Any]:
    taking_part = (
        select(func.count())
        .where(col(Participation.round_id) == col(Round.id))
        .correlate(Round)
        .scalar_subquery()
    )
    mine = (
        select(col(Participation.round_id))
        .join(Office, col(Office.id) == col(Participation.office_id))
        .where(reaches_office(person))
    )
    seen = "all" in scopes(person.roles, "rounds.see")
    return (
        _columns(
            col(Round.id).label("id"),
            col(Round.fiscal_year).label("fiscal_year"),
            col(Round.name_th).label("name_th"),
            col(Round.name_en).label("name_en"),
            (col(StoredEdition.slug) + "/" + col(StoredEdition.edition)).label("edition"),
            col(Round.edition_sha256).label("edition_sha256"),
            col(Round.opens_on).label("opens_on"),
            col(Round.closes_on).label("closes_on"),
            taking_part.label("offices"),
            col(Round.closed_at).label("closed_at"),
        )
        .join(StoredEdition, col(StoredEdition.sha256) == col(Round.edition_sha256))
        .where(true() if seen else col(Round.id).in_(mine))
    )


def _audits(session: Session, person: Caller, _today: date) -> Select[Any]:
    level = col(AuditCard.level)
    return _with_card(
        person,
        col(Audit.id).label("id"),
        col(Audit.kind).label("kind"),
        *_ROUND,
        col(Round.name_th).label("round_th"),
        *_OFFICE,
        col(Office.province_code).label("province_code"),
        col(Visit.planned_on).label("planned_on"),
        col(Audit.stage).label("stage"),
        col(Visit.cancelled_at).is_not(None).label("cancelled"),
        level.label("level"),
        _level_named(session, "th").label("level_th"),
        _level_named(session, "en").label("level_en"),
        *(col(getattr(AuditCard, name)).label(name) for name in _COUNTS),
        col(Audit.edition_sha256).label("edition_sha256"),
        col(Audit.opened_at).label("opened_at"),
        _updated_at().label("updated_at"),
    ).outerjoin(Visit, col(Visit.id) == col(Audit.id))


def _items(session: Session, person: Caller, _today: date) -> Select[Any]:
    postgres = session.get_bind().dialect.name == "postgresql"
    outcomes = col(AuditCard.outcomes)
    # Both databases open an object into keys and values; a value they take apart differently.
    each = func.json_each(cast(outcomes, JSON) if postgres else outcomes).table_valued(
        "key", "value"
    )
    if postgres:
        taken: list[Any] = [cast(each.c.value, JSON).op("->>")(place) for place in range(3)]
        taken[1:] = [cast(one, Integer) for one in taken[1:]]
    else:
        taken = [func.json_extract(each.c.value, f"$[{place}]") for place in range(3)]
    return _with_card(
        person,
        col(Audit.id).label("audit_id"),
        each.c.key.label("criterion"),
        taken[0].label("stands"),
        taken[1].label("points"),
        taken[2].label("possible"),
        col(Audit.kind).label("kind"),
        *_ROUND,
        *_OFFICE,
        col(Audit.stage).label("stage"),
        col(AuditCard.level).label("level"),
        _updated_at().label("updated_at"),
        col(Audit.edition_sha256).label("edition_sha256"),
    ).join(each, true())


def _certificates(_session: Session, person: Caller, today: date) -> Select[Any]:
    same = ("number", "office_id", "office_th", "office_en", "level", "level_th", "level_en")
    rest = ("edition", "fiscal_year", "issued_at", "valid_from", "valid_until", "replaces")
    return (
        _columns(
            *(col(getattr(Certificate, name)).label(name) for name in (*same, *rest)),
            col(Office.code).label("office_code"),
            col(Office.region).label("region"),
            state_of_row(today).label("state"),
        )
        .join(Office, col(Office.id) == col(Certificate.office_id))
        .where(reaches_office(person))
    )


def _tasks(_session: Session, person: Caller, today: date) -> Select[Any]:
    newest = (
        select(col(TaskStep.task_id), func.max(col(TaskStep.n)).label("n"))
        .group_by(col(TaskStep.task_id))
        .subquery()
    )
    proofs = (
        select(func.count())
        .where(col(TaskProof.task_id) == col(Task.id))
        .correlate(Task)
        .scalar_subquery()
    )
    same = ("id", "audit_id", "criterion", "found", "what", "due", "effort", "made_at")
    return (
        _columns(
            *(col(getattr(Task, name)).label(name) for name in same),
            *_ROUND,
            *_OFFICE,
            col(Person.name_th).label("owner_th"),
            col(Person.name_en).label("owner_en"),
            col(TaskStep.after).label("state"),
            col(TaskStep.at).label("since"),
            and_(col(TaskStep.after) == "open", col(Task.due) < today).label("overdue"),
            proofs.label("proofs"),
            col(Task.edition_sha256).label("edition_sha256"),
        )
        .select_from(Task)
        .join(newest, newest.c.task_id == col(Task.id))
        .join(
            TaskStep,
            and_(col(TaskStep.task_id) == col(Task.id), col(TaskStep.n) == newest.c.n),
        )
        .join(Audit, col(Audit.id) == col(Task.audit_id))
        .join(Round, col(Round.id) == col(Audit.round_id))
        .join(Office, col(Office.id) == col(Task.office_id))
        .join(Person, col(Person.id) == col(Task.owner))
        .where(reaches_plan(person))
    )


_ROUND: Final[tuple[Any, ...]] = (
    col(Audit.round_id).label("round_id"),
    col(Round.fiscal_year).label("fiscal_year"),
)
_OFFICE: Final[tuple[Any, ...]] = (
    col(Audit.office_id).label("office_id"),
    col(Office.code).label("office_code"),
    col(Office.name_th).label("office_th"),
    col(Office.name_en).label("office_en"),
    col(Office.region).label("region"),
)
_COUNTS: Final = (
    "percent",
    "earned",
    "possible",
    "points_missing",
    "gates",
    "gates_met",
    "criteria",
    "answered",
    "conflicts",
    "evidence_missing",
)


def _columns(*columns: Any) -> Select[Any]:
    return select(*columns)


def _with_card(person: Caller, *columns: Any) -> Select[Any]:
    """Columns of audits with their card, round and office, as far as a person may read."""
    return (
        select(*columns)
        .select_from(Audit)
        .join(AuditCard, col(AuditCard.audit_id) == col(Audit.id))
        .join(Round, col(Round.id) == col(Audit.round_id))
        .join(Office, col(Office.id) == col(Audit.office_id))
        .where(reaches_audit(person))
    )


def _updated_at() -> ColumnElement[Any]:
    """When the newest change of an audit arrived, or its newest step was made."""
    change = (
        select(func.max(col(KeptChange.received_at)))
        .where(
            col(KeptChange.audit_id) == col(Audit.id), col(KeptChange.seq) == col(Audit.head)
        )
        .correlate(Audit)
        .scalar_subquery()
    )
    step = (
        select(func.max(col(AuditStep.at)))
        .where(col(AuditStep.audit_id) == col(Audit.id))
        .correlate(Audit)
        .scalar_subquery()
    )
    newest = case((step > func.coalesce(change, col(Audit.opened_at)), step), else_=change)
    return func.coalesce(newest, col(Audit.opened_at))


def _level_named(session: Session, lang: str) -> ColumnElement[Any]:
    """The name of a level, which only its edition knows."""
    named = [
        (
            and_(col(Audit.edition_sha256) == sha256, col(AuditCard.level) == level.code),
            level.name.th if lang == "th" else level.name.en,
        )
        for sha256 in _editions(session)
        for level in edition_of(session, sha256).levels
    ]
    return case(*named, else_=null()) if named else null()


def _editions(session: Session) -> Collection[str]:
    pinned = select(col(Round.edition_sha256)).distinct().order_by(col(Round.edition_sha256))
    return session.connection().execute(pinned).scalars().all()


VIEWS: Final[dict[str, View]] = {
    "offices": _offices,
    "rounds": _rounds,
    "audits": _audits,
    "items": _items,
    "certificates": _certificates,
    "tasks": _tasks,
}
