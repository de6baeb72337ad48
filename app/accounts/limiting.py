"""How often strangers may ask the public pages: so many a minute from one network."""

import math
import time
from typing import Final

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.accounts.rules import network_of
from app.kit.errors import Refused, TooMany

TOO_OFTEN: Final = TooMany(
    "public.too-often",
    "เปิดหน้าสาธารณะถี่เกินไปจากเครือข่ายนี้ กรุณารอสักครู่แล้วลองใหม่",
    "Too many public pages were opened from this network. Please wait a moment and try again.",
)


def in_measure(request: Request) -> None:
    """Count one request of this network; refuse it with `Retry-After` where it is too many.

    A minute begins with a network's first request, and what was counted is forgotten with it:
    a moving window would keep the name of every network that ever asked.
    """
    limiter = getattr(request.app.state, "public_limiter", None)
    if limiter is None:
        limiter = FixedWindowRateLimiter(MemoryStorage())
        request.app.state.public_limiter = limiter
    item = RateLimitItemPerMinute(request.app.state.settings.public_per_minute)
    network = network_of(request.client.host if request.client else "")
    if not limiter.hit(item, network):
        reset = limiter.get_window_stats(item, network).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise Refused(TOO_OFTEN, {"Retry-After": str(wait)})
