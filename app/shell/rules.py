"""Which modules a page's script reaches; pure, so that the list can be proved."""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

WALK_PAGES: Final = {"/walk": "th", "/en/walk": "en"}
OFFLINE_PAGE: Final = "/offline"
VERIFY_PAGES: Final = {"/v/offline": "th", "/en/v/offline": "en"}
VERIFY_STYLES: Final = ("css/desk.css", "css/verify.css")
STYLES: Final = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components/controls.css",
    "css/components/words.css",
    "css/walk/frame.css",
    "css/walk/lists.css",
    "css/walk/level.css",
    "css/walk/ways.css",
    "css/walk/outbox.css",
    "css/walk/criterion.css",
    "css/walk/photos.css",
    "css/walk/pieces.css",
    "css/walk/marking.css",
    "css/walk/checks.css",
    "css/walk/submit.css",
    "css/walk/tasks.css",
    "css/walk/carried.css",
    "css/walk/surveys.css",
    "css/walk/receipt.css",
)
PICTURES: Final = (
    "fonts/sarabun-regular.woff2",
    "fonts/sarabun-bold.woff2",
    "icons/sprite.svg",
    "icons/app.svg",
    "icons/app-192.png",
)
_IMPORT: Final = re.compile(
    r"""^(?:import|export)\b[^;]*?["'](\.[^"']+\.js)["']""", re.MULTILINE
)
_LATER: Final = re.compile(r"""\bimport\(\s*["'](\.[^"']+\.js)["'],?\s*\)""")
_WORKER: Final = re.compile(r"""new URL\(\s*["'](\.[^"']+\.js)["'],\s*import\.meta\.url""")


def reached(start: str, sources: Mapping[str, str]) -> list[str]:
    """Every module reached from `start`, itself first, with workers and what comes late.

    `sources` maps a path to its text. Raises KeyError for a module that does not exist.
    """
    return _walk(start, sources, late=True)


def preloaded(start: str, sources: Mapping[str, str]) -> list[str]:
    """The modules the page itself loads at once, without those only a worker or a tap needs."""
    return _walk(start, sources, late=False)


def _walk(start: str, sources: Mapping[str, str], *, late: bool) -> list[str]:
    found = [start]
    for path in found:
        text = sources[path]
        named = _IMPORT.findall(text)
        if late:
            named += _LATER.findall(text) + _WORKER.findall(text)
        for name in named:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if target not in found:
                found.append(target)
    return found
