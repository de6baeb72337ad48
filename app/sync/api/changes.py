"""Changes and packs: `/api/sync/…` and `/api/packs/…`. docs/protocol.md has it all."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from app.accounts import queries as accounts
from app.accounts.guards import ByDevice, ByDeviceEvenIfDisabled
from app.accounts.rules import Caller
from app.audits import actions, queries
from app.kit.clock import Now, wire
from app.kit.database import Db
from app.kit.errors import Invalid, missing, refuse
from app.kit.html import BANGKOK
from app.kit.release import release
from app.readiness import queries as readiness
from app.surveys import queries as surveys
from app.sync.api.log import said_of, seen_in
from app.sync.guards import PrepareBody, PushBody
from app.sync.schemas import SHA256, Prepare, Push, body_of

router = APIRouter()
IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


@router.get("/api/sync/audits")
def audits(call: ByDevice, session: Db, now: Now) -> JSONResponse:
    """The audits this person walks, and who they are to the server today."""
    person = call.person
    mine = queries.of_person(session, person)
    return _fresh(
        {
            "person": {**_person(person), "roles": sorted(person.roles)},
            "audits": queries.listed(session, person, mine),
            "release": release(),
            "now": wire(now),
        }
    )


@router.post("/api/sync/prepare", openapi_extra=body_of(Prepare))
def prepare(
    request: Request, body: PrepareBody, call: ByDevice, session: Db, now: Now
) -> JSONResponse:
    """Make the pack of an audit as things stand; answer its name."""
    found = _readable(session, call.person, body.audit)
    settings = request.app.state.settings
    sha256 = actions.prepare(session, found, settings, by=call.person, at=now)
    return _fresh({"pack": sha256})


@router.get("/api/packs/{sha256}")
def pack(sha256: Annotated[str, Path(pattern=SHA256)], call: ByDevice, session: Db) -> Response:
    """The exact bytes of a pack; they never change."""
    made = queries.pack(session, sha256)
    if made is None:
        missing("pack")
    _readable(session, call.person, made.audit_id)
    return Response(made.body.encode(), media_type="application/json", headers=IMMUTABLE)


@router.post("/api/sync/push", openapi_extra=body_of(Push))
def push(
    request: Request, body: PushBody, call: ByDeviceEvenIfDisabled, session: Db, now: Now
) -> JSONResponse:
    """Take a batch of changes. 200 is sent after the commit; anything else kept nothing."""
    if not all(isinstance(line, str) for line in body.changes):
        refuse(
            Invalid("push.lines", "changes ต้องเป็นข้อความ", "changes must be a list of texts.")
        )
    if body.signatures is not None and len(body.signatures) != len(body.changes):
        refuse(
            Invalid(
                "push.signatures",
                "signatures ต้องยาวเท่า changes",
                "signatures must be as long as changes.",
            )
        )
    device, person = call
    if body.device != call.device.id:
        # One's earlier device, whose key ran out before all was sent, or somebody else's whose
        # lines are carried here; a device nobody knows is none, and its lines are held.
        device, person = accounts.caller_of_device(session, body.device) or call
    own = person.id == call.person.id
    verdicts = actions.receive(
        session,
        body.audit,
        body.changes,
        sender=person,
        device=device.id,
        at=now,
        signatures=body.signatures,
        through=call.device.id if own else None,
        carrier=None if own else actions.Carrier(call.person),
    )
    want = []
    if own and body.device == device.id:
        first = max(body.first, 1)
        want = queries.gaps(session, body.audit, device.id, person.id, first, body.upto)
    seen = (body.seen.epoch, body.seen.size) if body.seen else None
    leaves = [(one.id, one.leaf) for one in verdicts if one.leaf is not None]
    return _fresh(
        {
            "results": [verdict.as_json() for verdict in verdicts],
            "want": want,
            "log": {**said_of(session, request.app.state.settings, seen), "leaves": leaves},
            "now": wire(now),
            **_standing(session, call.person, body.audit),
        }
    )


@router.get("/api/sync/pull")
def pull(
    request: Request,
    call: ByDevice,
    session: Db,
    now: Now,
    audit: Annotated[str, Query(max_length=36)],
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
    seen: Annotated[str | None, Query(max_length=40, description="<epoch>.<size>")] = None,
) -> JSONResponse:
    """The changes after a number, the latest pack, and the level at a stated head."""
    found = _readable(session, call.person, audit)
    lines = queries.lines_after(session, audit, after, limit)
    last = lines[-1].seq if lines else after
    read = queries.reading(session, found)
    return _fresh(
        {
            "changes": lines,
            "next": last,
            "more": last < found.head,
            "pack": queries.latest_pack(session, audit),
            **queries.standing(session, found, call.person),
            "scorecard": {**read.scorecard, "head": read.head},
            "tasks": readiness.for_phone(session, found, today=now.astimezone(BANGKOK).date()),
            "surveys": surveys.offers(session, found),
            "log": said_of(session, request.app.state.settings, seen_in(seen)),
        }
    )


def _readable(session: Db, person: Caller, audit: str) -> queries.Found:
    """An audit that this person may read; to others it does not exist."""
    found = queries.find(session, audit)
    if found is None or not queries.may_read(session, person, found):
        missing("audit")
    return found


def _standing(session: Db, person: Caller, audit: str) -> dict[str, Any]:
    """Where an audit stands now, told to whoever may read it."""
    found = queries.find(session, audit)
    if found is None or person.disabled or not queries.may_read(session, person, found):
        return {}
    return queries.standing(session, found, person)


def _person(person: Caller) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "username": person.username}


def _fresh(said: dict[str, Any]) -> JSONResponse:
    return JSONResponse(said, headers={"Cache-Control": "no-store"})
