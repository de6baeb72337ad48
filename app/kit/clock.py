"""Time is handed in: actions and rules take it as an argument, doors ask here."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def now(request: Request) -> datetime:
    """The moment this request happens, by the app's clock (tests set their own)."""
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()


def wire(moment: datetime) -> str:
    """A moment as it travels: ISO 8601, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Now = Annotated[datetime, Depends(now)]
