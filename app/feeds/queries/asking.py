"""What is asked of a table, and the rows that answer: a page of them, or one after another."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, not_, or_, select
from sqlmodel import Session

from app.accounts.rules import Caller
from app.audits.queries import edition_of
from app.feeds.queries.views import view
from app.feeds.rules.filters import Among, BadQuestion, Both, Compare, Matches, Not, Tree
from app.feeds.rules.tables import Field, Table

AT_ONCE: Final = 500
"""Rows that are held at a time, however many are asked for."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: which rows, in which order, from where on, how many."""

    tree: Tree | None = None
    order: tuple[tuple[str, bool], ...] = ()
    """Fields, each with whether it goes downwards; the key comes last in any case."""
    after: tuple[str, ...] | None = None
    """The key after which to go on; only without an order."""
    skip: int = 0
    top: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and whether there are more."""

    rows: list[Row]
    more: bool


def ask(session: Session, table: Table, person: Caller, asked: Asked, *, today: date) -> Page:
    """At most `asked.top` rows, and whether more would follow."""
    assert asked.top is not None
    wider = replace(asked, top=asked.top + 1)
    found = session.connection().execute(_selection(session, table, person, wider, today))
    told = [_told(session, table, row) for row in found.mappings()]
    return Page(told[: asked.top], len(told) > asked.top)


def rows(
    session: Session, table: Table, person: Caller, asked: Asked, *, today: date
) -> Iterator[Row]:
    """Every row that answers, read from the database in pieces of `AT_ONCE`."""
    wanted = _selection(session, table, person, asked, today)
    connection = session.connection()
    with connection.execution_options(yield_per=AT_ONCE).execute(wanted) as found:
        for row in found.mappings():
            yield _told(session, table, row)


def count(session: Session, table: Table, person: Caller, asked: Asked, *, today: date) -> int:
    """How many rows answer, whatever page is looked at."""
    whole = Asked(tree=asked.tree)
    wanted = _selection(session, table, person, whole, today, ordered=False)
    counted = select(func.count()).select_from(wanted.subquery())
    number: int = session.connection().execute(counted).scalar_one()
    return number


def one(
    session: Session, table: Table, person: Caller, key: Sequence[str], *, today: date
) -> Row | None:
    """The row with this key, if this person may see it."""
    same = tuple(Compare(name, "eq", value) for name, value in zip(table.key, key, strict=True))
    found = ask(session, table, person, Asked(tree=Both("and", same), top=1), today=today)
    return found.rows[0] if found.rows else None


def _selection(
    session: Session,
    table: Table,
    person: Caller,
    asked: Asked,
    today: date,
    *,
    ordered: bool = True,
) -> Select[Any]:
    seen = view(session, table.name, person, today).subquery("t")
    wanted = select(seen)
    if asked.tree is not None:
        wanted = wanted.where(_condition(asked.tree, seen))
    if asked.after is not None:
        wanted = wanted.where(_beyond(asked.after, [seen.c[name] for name in table.key]))
    if ordered:
        for name, downwards in asked.order:
            column = seen.c[name]
            # OData: null comes before every value, going up (URL Conventions, 5.1.4).
            wanted = wanted.order_by(
                column.desc().nulls_last() if downwards else column.asc().nulls_first()
            )
        wanted = wanted.order_by(*(seen.c[name] for name in table.key))
    if asked.skip:
        wanted = wanted.offset(asked.skip)
        if asked.top is None:
            wanted = wanted.limit(2**62)  # SQLite takes no OFFSET alone
    if asked.top is not None:
        wanted = wanted.limit(asked.top)
    return wanted


def _beyond(key: Sequence[str], columns: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    """After this key in the order of the columns."""
    if len(key) != len(columns):
        raise BadQuestion("this is no place to go on from")
    found: ColumnElement[bool] = columns[-1] > key[-1]
    for value, column in zip(reversed(key[:-1]), reversed(columns[:-1]), strict=True):
        found = or_(column > value, and_(column == value, found))
    return found


def _condition(tree: Tree, seen: Subquery) -> ColumnElement[bool]:
    match tree:
        case Both(how="and", of=parts):
            return and_(*(_condition(each, seen) for each in parts))
        case Both(of=parts):
            return or_(*(_condition(each, seen) for each in parts))
        case Not(of=inner):
            # What is not known to be so is not so: null never comes out of a comparison here.
            return not_(func.coalesce(_condition(inner, seen), False))
        case Among(field=name, values=values):
            # Among whole numbers a broken one would be rounded: it is compared by itself.
            named = [one for one in values if one is not None and not isinstance(one, float)]
            alone = [one for one in values if one is None or isinstance(one, float)]
            return or_(
                seen.c[name].in_(named),
                *(_comparison(seen.c[name], "eq", one) for one in alone),
            )
        case Matches(field=name, how="contains", text=text):
            return seen.c[name].contains(text, autoescape=True)
        case Matches(field=name, how="startswith", text=text):
            return seen.c[name].startswith(text, autoescape=True)
        case Matches(field=name, text=text):
            return seen.c[name].endswith(text, autoescape=True)
        case Compare(field=name, how=how, value=value):
            return _comparison(seen.c[name], how, value)


def _comparison(column: ColumnElement[Any], how: str, value: Any) -> ColumnElement[bool]:
    if value is None:
        return column.is_(None) if how == "eq" else column.is_not(None)
    if how == "ne":
        return or_(column != value, column.is_(None))
    found: ColumnElement[bool] = _COMPARE[how](column, value)
    return found


_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def _told(session: Session, table: Table, row: Mapping[Any, Any]) -> Row:
    """A row of the database as feeds tell it."""
    known: dict[str, Any] = {}
    if table.name in {"items", "tasks"}:
        known = _of_criterion(session, row["edition_sha256"], row["criterion"])
    return {
        field.name: known[field.name] if field.name in known else _value(field, row)
        for field in table.fields
    }


def _value(field: Field, row: Mapping[Any, Any]) -> Any:
    value = row[field.name]
    if value is None:
        return None
    return _OUTSIDE.get(field.kind, _as_is)(value)


def _as_is(value: Any) -> Any:
    return value


def _moment(value: Any) -> datetime:
    # A moment that SQLite reckoned comes back as the text in which it keeps moments.
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


_OUTSIDE: Final[dict[str, Callable[[Any], Any]]] = {
    "hundredths": lambda value: round(value / 100, 2),
    "yes": bool,
    "moment": _moment,
    "day": lambda value: date.fromisoformat(value) if isinstance(value, str) else value,
}


def _of_criterion(session: Session, edition: str, code: str) -> Row:
    """What only the edition knows of a criterion."""
    return _criteria(session, edition)[code]


_known: dict[str, dict[str, Row]] = {}  # a handful of editions in the life of a process


def _criteria(session: Session, sha256: str) -> dict[str, Row]:
    found = _known.get(sha256)
    if found is None:
        edition = edition_of(session, sha256)
        found = _known[sha256] = {
            criterion.code: {
                "criterion_th": criterion.title.th,
                "criterion_en": criterion.title.en,
                "section": section.code,
                "gate": criterion.kind == "gate",
            }
            for section in edition.sections
            for group in section.groups
            for criterion in group.criteria
        }
    return found
