"""Turns: requests wait for the database as coroutines, which cost no thread.

Forty writers that block in `BEGIN IMMEDIATE` would hold all forty threads, and the one that has
the lock would find none to commit on. So a few at once are at the database, on SQLite one
writer at a time; the others queue here.

Whoever has long work to do besides (a photo to look at, a password to hash) steps `aside`:
nobody else's answer waits for it. Those who may step aside are few as well (`Workplace`), for
each holds a thread.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

from anyio import Semaphore, from_thread
from anyio.lowlevel import RunVar
from fastapi import Depends, Request

READ_VERBS: Final = frozenset({"GET", "HEAD"})
PLACES: Final = 8
WORKPLACES: Final = 8


class Turns:
    """The queues of one app: for the pen (whoever writes), for a place, for a workplace."""

    def __init__(self, *, one_writer: bool) -> None:
        self.one_writer = one_writer
        # Waiting belongs to an event loop; a server has one, tests have many.
        self._queues: RunVar[tuple[Semaphore, Semaphore, Semaphore]] = RunVar("turns")

    def to_work(self) -> Semaphore:
        """The queue for long work."""
        return self._here()[2]

    def for_verb(self, verb: str) -> list[Semaphore]:
        """The queues a request of this verb stands in, one after the other."""
        pen, places, _ = self._here()
        return [pen, places] if self.one_writer and verb not in READ_VERBS else [places]

    def _here(self) -> tuple[Semaphore, Semaphore, Semaphore]:
        queues = self._queues.get(None)
        if queues is None:
            queues = (Semaphore(1), Semaphore(PLACES), Semaphore(WORKPLACES))
            self._queues.set(queues)
        return queues


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait until it is this request's turn at the database."""
    request.state.turn = []
    try:
        await _take(request)
        yield
    finally:
        _give_back(request)


async def workplace(request: Request) -> AsyncIterator[None]:
    """Wait for leave to do long work; ask for it before the session."""
    turns: Turns = request.app.state.turns
    async with turns.to_work():
        yield


@contextmanager
def aside(request: Request) -> Iterator[None]:
    """Do long work while others have their turn.

    Only with a `Workplace`, in a route's thread, and with the session's transaction ended.
    """
    from_thread.run_sync(_give_back, request)
    try:
        yield
    finally:
        from_thread.run(_take, request)


async def _take(request: Request) -> None:
    turns: Turns = request.app.state.turns
    for queue in turns.for_verb(request.method):
        await queue.acquire()
        request.state.turn.append(queue)


def _give_back(request: Request) -> None:
    while request.state.turn:
        request.state.turn.pop().release()


Workplace = Annotated[None, Depends(workplace, scope="function")]
