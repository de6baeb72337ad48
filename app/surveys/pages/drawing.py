"""The public form's address, and its QR code."""

import io

import segno
from fastapi import Request


def address_of(request: Request, code: str) -> str:
    """Where visitors answer: the whole address, for paper."""
    origin = request.app.state.settings.origin or str(request.base_url).rstrip("/")
    return f"{origin}/s/{code}"


def qr_of(text: str) -> str:
    """A QR code as SVG for a page: 15 % of it may be lost; the quiet zone is part of it."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(
        drawn, kind="svg", border=4, light="white", xmldecl=False, svgns=False, omitsize=True
    )
    return drawn.getvalue().decode()
