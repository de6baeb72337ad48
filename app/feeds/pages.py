"""What people fetch: every table as CSV and workbook, audits, rounds, the map, photos."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, BinaryIO, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlmodel import Session, col, select

from app.accounts.guards import to
from app.accounts.rules import Caller, scopes
from app.audits import queries as audits
from app.audits.queries import edition_of
from app.feeds import queries
from app.feeds.current import bring_up
from app.feeds.guards import refusal_to_fetch
from app.feeds.queries import Asked
from app.feeds.queries.board import audit_ids, seats
from app.feeds.queries.found import told
from app.feeds.queries.photos import Photo, photos_of
from app.feeds.queries.reaching import reaches_office
from app.feeds.rules import TABLES, Table
from app.feeds.writing.audits import write_audit, write_audit_csv
from app.feeds.writing.media import zipped
from app.feeds.writing.places import write_geojson
from app.feeds.writing.rounds import write_round
from app.feeds.writing.sheets import write_csv, write_table
from app.kit import files
from app.kit.clock import Now
from app.kit.database import Db, open_session
from app.kit.errors import missing, refuse
from app.kit.html import BANGKOK, page
from app.kit.turns import Workplace, aside
from app.kit.web import AS_IT_IS
from app.offices.models import Office
from app.rounds.models import Participation, Round
from app.rounds.queries import rounds

router = APIRouter(include_in_schema=False)
Reader = Annotated[Caller, Depends(to("tables.read"))]
Named = Annotated[str, Path(pattern="^[a-z]{2,20}$")]
Kind = Annotated[str, Query(pattern="^(visit|self)$")]
PIECE: Final = 1 << 18
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
Write = Callable[[Session, BinaryIO], None]


@router.get("/feeds")
def feeds(request: Request, session: Db, person: Reader) -> HTMLResponse:
    """Everything that can be fetched, and how programs are connected."""
    origin = request.app.state.settings.origin or str(request.base_url)
    return page(
        request,
        "feeds/feeds.html",
        tables=[one for one in TABLES.values() if refusal_to_fetch(person, one) is None],
        rounds=_rounds(session, person),
        origin=origin.rstrip("/"),
    )


@router.get("/feeds/offices.geojson")
def places(
    request: Request, _work: Workplace, session: Db, person: Reader, now: Now
) -> Response:
    """The offices that have a position, with their certified level."""
    table = TABLES["offices"]
    refuse(refusal_to_fetch(person, table))
    today = _today(now)

    def write(own: Session, file: BinaryIO) -> None:
        write_geojson(file, queries.rows(own, table, person, Asked(), today=today))

    return _sent(request, session, write, f"offices-{today}.geojson", "application/geo+json")


@router.get("/feeds/{table}.csv")
def as_csv(
    request: Request, _work: Workplace, session: Db, person: Reader, now: Now, table: Named
) -> Response:
    """A table as CSV, every row of it."""
    about, today = _known(request, session, person, table), _today(now)

    def write(own: Session, file: BinaryIO) -> None:
        rows = queries.rows(own, about, person, Asked(), today=today)
        write_csv(file, [field.th for field in about.fields], ([*row.values()] for row in rows))

    return _sent(request, session, write, f"{table}-{today}.csv", CSV)


@router.get("/feeds/{table}.xlsx")
def as_workbook(
    request: Request, _work: Workplace, session: Db, person: Reader, now: Now, table: Named
) -> Response:
    """A table as a workbook, every row of it."""
    about, today = _known(request, session, person, table), _today(now)
    folder = request.app.state.settings.data_dir

    def write(own: Session, file: BinaryIO) -> None:
        rows = queries.rows(own, about, person, Asked(), today=today)
        write_table(file, about, rows, folder)

    return _sent(request, session, write, f"{table}-{today}.xlsx", XLSX)


@router.get("/feeds/rounds/{round_id}.xlsx")
def round_workbook(
    request: Request,
    _work: Workplace,
    session: Db,
    person: Reader,
    now: Now,
    round_id: str,
    kind: Kind = "visit",
) -> Response:
    """A round: an office in each row, and a sheet for each section."""
    found = _round(session, person, round_id)
    edition = edition_of(session, found.edition_sha256)
    folder = request.app.state.settings.data_dir

    def write(own: Session, file: BinaryIO) -> None:
        write_round(file, edition, seats(own, found, person, kind=kind), folder)

    name = f"round-{found.fiscal_year}-{kind}-{_today(now)}.xlsx"
    return _sent(request, session, write, name, XLSX)


@router.get("/feeds/rounds/{round_id}/media.zip")
def round_media(session: Db, request: Request, person: Reader, round_id: str) -> Response:
    """The photos of a round that this person may see."""
    found = _round(session, person, round_id)
    ids = audit_ids(session, found.id, person)
    session.rollback()
    return _photos(request, person, ids, f"round-{found.fiscal_year}-media.zip")


@router.get("/feeds/audits/{audit_id}.xlsx")
def audit_workbook(
    request: Request, _work: Workplace, session: Db, person: Reader, audit_id: str
) -> Response:
    """One audit: its level, and a sheet for each section."""
    about = _audit(session, person, audit_id)
    origin = (request.app.state.settings.origin or str(request.base_url)).rstrip("/")
    folder = request.app.state.settings.data_dir

    def write(own: Session, file: BinaryIO) -> None:
        again = _audit(own, person, audit_id)
        address = f"{origin}/audits/{audit_id}"
        write_audit(file, told(own, again), address, folder)

    return _sent(request, session, write, f"{_name(about)}.xlsx", XLSX)


@router.get("/feeds/audits/{audit_id}.csv")
def audit_csv(
    request: Request, _work: Workplace, session: Db, person: Reader, audit_id: str
) -> Response:
    """One audit as CSV, a line for each question."""
    about = _audit(session, person, audit_id)

    def write(own: Session, file: BinaryIO) -> None:
        write_audit_csv(file, told(own, _audit(own, person, audit_id)))

    return _sent(request, session, write, f"{_name(about)}.csv", CSV)


@router.get("/feeds/audits/{audit_id}/media.zip")
def audit_media(session: Db, request: Request, person: Reader, audit_id: str) -> Response:
    """The photos of one audit."""
    about = _audit(session, person, audit_id)
    session.rollback()
    return _photos(request, person, [audit_id], f"{_name(about)}-media.zip")


def _sent(
    request: Request, session: Session, write: Write, name: str, kind: str
) -> StreamingResponse:
    """What `write` writes, made in a file without a name and sent from there.

    It reads one moment of the database in a session of its own and holds nobody up.
    """
    settings = request.app.state.settings
    session.rollback()
    with aside(request):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(dir=settings.data_dir)  # noqa: SIM115  # sent later
        try:
            with files.room(), open_session(request.app.state.engine, reads=True) as own:
                write(own, file)
                own.rollback()
            size = file.seek(0, 2)
            file.seek(0)
        except BaseException:
            file.close()
            raise
    headers = _headers(name) | {"Content-Length": str(size)}
    return StreamingResponse(_pieces(file), media_type=kind, headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _photos(request: Request, person: Caller, ids: list[str], name: str) -> Response:
    """The photos of these audits, zipped while they are sent."""
    engine = request.app.state.engine

    def each() -> Iterator[Photo]:
        for audit_id in ids:
            with open_session(engine, reads=True) as own:
                found = list(photos_of(own, audit_id, person))
                own.rollback()  # nothing is held while bytes are on their way
            yield from found

    pieces = zipped(each(), request.app.state.settings.data_dir)
    return StreamingResponse(pieces, media_type="application/zip", headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {
        **AS_IT_IS,
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def _known(request: Request, session: Session, person: Caller, name: str) -> Table:
    """The table of this name, if it is for this person; with its cards written."""
    table = TABLES.get(name)
    if table is None:
        missing("table")
    refuse(refusal_to_fetch(person, table))
    session.rollback()
    bring_up(request.app.state.engine, table)
    return table


def _rounds(session: Session, person: Caller) -> list[Round]:
    """The rounds whose workbook has a row for this person, the newest first."""
    found = rounds(session)
    if "all" in scopes(person.roles, "tables.read"):
        return found
    mine = select(Participation.round_id).join(
        Office, col(Office.id) == Participation.office_id
    )
    reached = set(session.exec(mine.where(reaches_office(person))))
    return [one for one in found if one.id in reached]


def _round(session: Session, person: Caller, round_id: str) -> Round:
    found = next((one for one in _rounds(session, person) if one.id == round_id), None)
    if found is None:
        missing("round")
    return found


def _audit(session: Session, person: Caller, audit_id: str) -> audits.Found:
    found = audits.find(session, audit_id)
    if found is None or not audits.may_read(session, person, found):
        missing("audit")
    return found


def _name(found: audits.Found) -> str:
    day: Any = found.planned_on or found.id[:8]
    return f"{found.office.code}-{found.round.fiscal_year}-{found.kind}-{day}"


def _today(now: Now) -> date:
    return now.astimezone(BANGKOK).date()
