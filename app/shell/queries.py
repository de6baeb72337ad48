"""The shell as it is on disk: its pages, its files and their hashes, for one release."""

import hashlib
from functools import lru_cache

from app.kit.assets import served
from app.kit.html import environment
from app.kit.release import STATIC, release
from app.kit.words import js_catalogue
from app.shell.rules import (
    OFFLINE_PAGE,
    PICTURES,
    STYLES,
    VERIFY_PAGES,
    VERIFY_STYLES,
    WALK_PAGES,
    preloaded,
    reached,
)

WALK = "js/app.js"
VERIFY = "js/verify/page.js"


def address(path: str) -> str:
    """Where a file of `static/` is served in this release."""
    return f"/static/{release()}/{path}"


@lru_cache
def _sources() -> dict[str, str]:
    return {
        path.relative_to(STATIC).as_posix(): path.read_text("utf-8")
        for folder in ("js", "vendor")
        for path in (STATIC / folder).rglob("*.js")
    }


@lru_cache
def assets() -> tuple[str, ...]:
    """Every file of `static/` the walk and the checking of certificates need, pages apart."""
    scripts = dict.fromkeys([*reached(WALK, _sources()), *reached(VERIFY, _sources())])
    return ("js/theme.js", *scripts, *STYLES, *VERIFY_STYLES, *PICTURES)


def checking_urls() -> list[str]:
    """What checking certificates needs of that, and the page that says one is offline."""
    scripts = reached(VERIFY, _sources())
    files = ("js/theme.js", *scripts, *STYLES[:5], *VERIFY_STYLES, *PICTURES)
    return [*VERIFY_PAGES, OFFLINE_PAGE, *map(address, files)]


def shell_urls() -> list[str]:
    """Everything the device must hold before a visit may be called ready."""
    return [*WALK_PAGES, *VERIFY_PAGES, OFFLINE_PAGE, *map(address, assets())]


@lru_cache
def walk_page(path: str) -> str:
    """The page of the walk in the language of its address: the same for everyone."""
    lang = WALK_PAGES[path]
    return (
        environment(lang)
        .get_template("walk/visit.html")
        .render(
            path=path,
            styles=[address(style) for style in STYLES[5:]],
            modules=[address(each) for each in preloaded(WALK, _sources())[1:]],
            words=js_catalogue() if lang == "en" else {},
            shell_files=shell_urls(),
        )
    )


@lru_cache
def verify_page(path: str) -> str:
    """The page that checks a certificate on the device, in the language of its address."""
    lang = VERIFY_PAGES[path]
    return (
        environment(lang)
        .get_template("shell/verify.html")
        .render(
            path=path,
            other=next(each for each in VERIFY_PAGES if each != path),
            modules=[address(each) for each in preloaded(VERIFY, _sources())[1:]],
            words=_spoken(VERIFY) if lang == "en" else {},
        )
    )


def _spoken(start: str) -> dict[str, str]:
    """English for the sentences in the modules a page loads, and no others."""
    text = "".join(_sources()[path] for path in preloaded(start, _sources()))
    return {thai: english for thai, english in js_catalogue().items() if thai in text}


@lru_cache
def offline_page() -> str:
    """The page shown when another page cannot be fetched."""
    return environment("th").get_template("shell/offline.html").render(path=OFFLINE_PAGE)


@lru_cache
def shell_files() -> tuple[tuple[str, str], ...]:
    """Each address of the shell with the SHA-256 of exactly what is served there."""
    pages = {path: walk_page(path) for path in WALK_PAGES}
    pages |= {path: verify_page(path) for path in VERIFY_PAGES}
    pages |= {OFFLINE_PAGE: offline_page()}
    hashed = [(url, hashlib.sha256(text.encode()).hexdigest()) for url, text in pages.items()]
    files = [(address(path), hashlib.sha256(served(path)).hexdigest()) for path in assets()]
    return (*hashed, *files)


@lru_cache
def service_worker() -> str:
    """The worker that keeps this release."""
    return (
        environment("th")
        .get_template("shell/sw.js.j2")
        .render(
            files=shell_files(),
            checking=checking_urls(),
            walk_pages=list(WALK_PAGES),
            verify_pages={lang: path for path, lang in VERIFY_PAGES.items()},
            offline_page=OFFLINE_PAGE,
        )
    )


@lru_cache
def manifest() -> str:
    """What the phone shows when the app is installed."""
    return environment("th").get_template("shell/manifest.webmanifest.j2").render()
