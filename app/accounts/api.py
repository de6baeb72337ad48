"""Devices join here, with the session of the person they will speak for."""

from fastapi import APIRouter, Response

from app.accounts import actions
from app.accounts.guards import ByDevice, SignedIn
from app.accounts.rules import Caller, device_label
from app.accounts.schemas import (
    DeviceOwner,
    EnrolledDevice,
    EnrolledSigningKey,
    NewDevice,
    NewSigningKey,
    Words,
)
from app.kit.clock import Now, wire
from app.kit.database import Db

router = APIRouter(prefix="/api")


@router.post("/devices", status_code=201)
def enrol(session: Db, person: SignedIn, now: Now, new: NewDevice) -> EnrolledDevice:
    """A device key for the signed-in person."""
    device, key = actions.enrol(
        session,
        person=person.id,
        label=device_label(new.label),
        device=new.device,
        at=now,
    )
    return EnrolledDevice(device=device.id, key=key, person=_owner(person))


@router.post("/devices/signing-keys", status_code=201)
def enrol_key(
    call: ByDevice, session: Db, now: Now, new: NewSigningKey, response: Response
) -> EnrolledSigningKey:
    """The key with which this device signs from now on; 200 when it is known already."""
    key, fresh = actions.enrol_key(
        session, device=call.device, spki=new.spki, proof=new.proof, at=now
    )
    if not fresh:
        response.status_code = 200
    return EnrolledSigningKey(kid=key.kid, enrolled_at=wire(key.enrolled_at))


@router.get("/person")
def who(person: SignedIn) -> DeviceOwner:
    """Who holds this browser's session: a phone asks before it opens anybody's vault."""
    return _owner(person)


def _owner(person: Caller) -> DeviceOwner:
    return DeviceOwner(id=person.id, name=Words(**person.name), username=person.username)
