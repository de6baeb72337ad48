"""The doorstep: what no route should ever have to think of is refused before any route runs.

Bodies without end or without hurry, addresses with NUL, and forms in alphabets that hide half
characters. The limits are for what strangers may make us hold; rooms have tighter ones.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import Invalid, Refusal, TooLarge

MOST_BYTES: Final = 1024 * 1024
PATIENCE: Final = 30.0
"""Seconds a body may stand still. A phone on a weak link is slow, but it moves."""

# Python decodes a part of a form in whatever alphabet its sender names; some of them (utf-7,
# unicode_escape) hold half characters, which no database and no answer can.
ALPHABET: Final = re.compile(r"charset\s*=\s*\"?\s*([^\s;\"]+)", re.IGNORECASE)
Answer = Callable[[Request, Refusal], Response]

TOO_LARGE: Final = TooLarge(
    "request.too-large", "ข้อมูลที่ส่งมาใหญ่เกินไป", "What was sent is too large."
)
NOT_TEXT: Final = Invalid(
    "request.invalid",
    "ที่อยู่หรือข้อมูลที่ส่งมามีอักขระที่ใช้ไม่ได้",
    "The address or what was sent holds signs that cannot be used.",
)


class Doorstep:
    """Refuses what is wrong with a request before it is known what it asks for."""

    def __init__(
        self, app: ASGIApp, *, answer: Answer, larger: Mapping[str, int] | None = None
    ) -> None:
        """`larger`: addresses that take more than others, and how much."""
        self.app = app
        self.answer = answer
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body watched, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.larger.get(scope["path"], MOST_BYTES)
        refusal = refusal_of(scope, Headers(scope=scope), most)
        if refusal is not None:
            await self.answer(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, _watched(receive, most), send)


def refusal_of(scope: Scope, headers: Headers, most: int = MOST_BYTES) -> Refusal | None:
    """What can be refused by looking at the head of a request."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return NOT_TEXT
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most:
        return TOO_LARGE
    alphabet = ALPHABET.search(headers.get("content-type", ""))
    if alphabet and alphabet[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        return NOT_TEXT
    return None


def _watched(receive: Receive, most: int = MOST_BYTES) -> Receive:
    """The same body, given up when it grows too large or stands still."""
    size = 0
    whole = False

    async def watched() -> Message:
        nonlocal size, whole
        if whole:  # whoever listens now waits for the visitor to leave, however long
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), PATIENCE)
        except TimeoutError as error:
            raise HTTPException(408) from error
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if size > most:
            raise HTTPException(413)
        return message

    return watched
