"""Devices join here, with the session of the person they will speak for."""

from fastapi import APIRouter

from app.accounts import actions
from app.accounts.guards import SignedIn
from app.accounts.rules import Caller, device_label
from app.accounts.schemas import DeviceOwner, EnrolledDevice, NewDevice, Words
from app.kit.clock import Now
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


@router.get("/person")
def who(person: SignedIn) -> DeviceOwner:
    """Who holds this browser's session: a phone asks before it opens anybody's vault."""
    return _owner(person)


def _owner(person: Caller) -> DeviceOwner:
    return DeviceOwner(id=person.id, name=Words(**person.name), username=person.username)
