"""Devices join here, with the session of the person they will speak for."""

from fastapi import APIRouter

from app.accounts import actions
from app.accounts.guards import SignedIn
from app.accounts.schemas import DeviceOwner, EnrolledDevice, NewDevice, Words
from app.kit.clock import Now
from app.kit.database import Db

router = APIRouter(prefix="/api")


@router.post("/devices", status_code=201)
def enrol(session: Db, person: SignedIn, now: Now, new: NewDevice) -> EnrolledDevice:
    """A device key for the signed-in person."""
    device, key = actions.enrol(
        session, person=person.id, label=new.label[:80] or "เครื่องที่ไม่มีชื่อ", at=now
    )
    owner = DeviceOwner(id=person.id, name=Words(**person.name), username=person.username)
    return EnrolledDevice(device=device.id, key=key, person=owner)
