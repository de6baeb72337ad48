"""Every route and who may enter, as read from its guards, against the list people agreed on.

`python -m tests.house.test_routes > tests/house/routes.txt` writes the list anew; what changed
in it is then read by whoever looks at the change.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from inspect import getclosurevars
from pathlib import Path
from typing import Any, Final

from fastapi.dependencies.models import Dependant
from fastapi.security.base import SecurityBase

from app.accounts import guards, tokens
from app.main import create_app
from app.settings import Settings

LIST: Final = Path(__file__).with_name("routes.txt")
RENEW: Final = "python -m tests.house.test_routes > tests/house/routes.txt"

PUBLIC: Final = {  # open to everyone, each for a reason
    "GET /healthz": "says only that the server lives",
    "GET /api/openapi.json": "describes the doors, opens none",
    "GET /static/{stamp}/{path:path}": "files of the release",
    "GET /sign-in": "the way in",
    "POST /sign-in": "the way in",
    "POST /sign-out": "ends a sign-in, if there is one",
    "POST /language": "a choice of this browser",
    "GET /walk": "the empty shell; what fills it is on the device",
    "GET /en/walk": "the same in English",
    "GET /offline": "what the device shows without network",
    "GET /v/offline": "checks certificates on the device; nothing of anybody is in it",
    "GET /en/v/offline": "the same in English",
    "GET /sw.js": "the shell's worker",
    "GET /manifest.webmanifest": "the name and icon to install",
    "GET /calendar/{token}.ics": "opened by a secret address, as calendars need it",
    "GET /log/checkpoint": "a size and a hash, for anybody to hold against us later",
    "GET /log/key": "what proves that checkpoint",
    "GET /v": "anybody may ask what a certificate is",
    "GET /en/v": "the same in English",
    "GET /v/{text:certificate}": "where the QR code of a certificate leads",
    "GET /V/{text:certificate}": "the same, as the QR code writes it",
    "GET /en/v/{text:certificate}": "the same in English",
    "GET /v/status": "what became of every certificate, signed",
    "GET /v/keys.json": "the public keys that sign certificates",
    "GET /s/{code}": "the survey that an office asks its visitors",
    "GET /en/s/{code}": "the same in English",
    "POST /s/{code}": "a visitor answers, without a name",
    "POST /en/s/{code}": "the same in English",
    "GET /s/{code}/thanks": "says that the answer was received",
    "GET /en/s/{code}/thanks": "the same in English",
    "GET /register": "the public register of certificates",
    "GET /en/register": "the same in English",
    "GET /register.json": "the same for programs",
    "GET /register.csv": "the same for spreadsheets",
}
BY: Final[dict[Callable[..., Any], str]] = {
    guards.signed_in: "session",
    guards.by_device: "device",
    guards.device_even_if_disabled: "device, closed account too",
    guards.session_or_device: "session or device",
    tokens.by_token: "personal token",
}
HOLDS_ROLE: Final = guards.require().__qualname__


def routes() -> list[str]:
    """One line for each method and path: who may enter."""
    app = create_app(Settings(_env_file=None))
    found = [
        f"{method} {route.path}  {entry(getattr(route, 'dependant', None))}"
        for route in _flat(app.routes)
        for method in sorted(route.methods - {"HEAD"})
    ]
    return sorted(found, key=lambda line: (line.split()[1], line))


def entry(dependant: Dependant | None) -> str:
    """Who may enter a route with these dependencies, `anyone` when nothing guards it."""
    asked = list(_asked(dependant)) if dependant else []
    ways = [name for guard, name in BY.items() if guard in asked]
    # by_device rests on device_even_if_disabled and is the narrower of the two
    if "device" in ways:
        ways.remove(BY[guards.device_even_if_disabled])
    if not ways:
        return "anyone"
    wanted = [_roles(each) for each in asked if each.__qualname__ == HOLDS_ROLE]
    if wanted:
        ways.append("with role " + ", ".join(sorted(frozenset.intersection(*wanted))))
    finders = {
        each.__name__
        for each in asked
        if each.__module__.endswith(".guards") and each.__module__ != guards.__name__
    }
    shown = {"the_audit", "may_see_photo", "may_download", "the_plan", "the_task"}
    ways += [f"and {name}" for name in sorted(finders & shown)]
    return " ".join(ways)


def _roles(guard: Callable[..., Any]) -> frozenset[str]:
    return frozenset(getclosurevars(guard).nonlocals["wanted"])


def _asked(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        assert each.call is not None
        if isinstance(each.call, SecurityBase):
            continue  # describes a door in the OpenAPI document, and lets nobody in
        yield each.call
        yield from _asked(each)


def _flat(found: Iterable[Any]) -> Iterator[Any]:
    for route in found:
        if hasattr(route, "original_router"):
            yield from _flat(route.original_router.routes)
        else:
            yield route


def test_every_route_is_guarded_or_public_for_a_reason() -> None:
    open_to_all = {line.split("  ")[0] for line in routes() if line.endswith("  anyone")}
    unguarded = sorted(open_to_all - PUBLIC.keys())
    assert unguarded == [], "no guard, and not in PUBLIC with its reason"
    assert sorted(PUBLIC.keys() - open_to_all) == [], "in PUBLIC, but gone or guarded now"


def test_no_address_is_served_twice() -> None:
    times = Counter(line.split("  ")[0] for line in routes())
    assert [name for name, number in times.items() if number > 1] == []


def test_the_list_of_routes_is_the_one_people_agreed_on() -> None:
    agreed = LIST.read_text("utf-8").splitlines()
    now = routes()
    changed = [f"- {line}" for line in agreed if line not in now]
    changed += [f"+ {line}" for line in now if line not in agreed]
    assert agreed == now, "\n".join(["tests/house/routes.txt is old:", *changed, RENEW])


if __name__ == "__main__":
    sys.stdout.write("\n".join([*routes(), ""]))
