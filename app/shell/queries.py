"""The shell as it is on disk: its pages, its files and their hashes, for one release."""

import hashlib
from functools import lru_cache

from app.kit.assets import served
from app.kit.html import environment
from app.kit.release import STATIC, release
from app.kit.words import js_catalogue
from app.shell.rules import OFFLINE_PAGE, PICTURES, STYLES, WALK_PAGES, preloaded, reached


def address(path: str) -> str:
    """Where a file of `static/` is served in this release."""
    return f"/static/{release()}/{path}"


@lru_cache
def _sources() -> dict[str, str]:
    return {
        path.relative_to(STATIC).as_posix(): path.read_text("utf-8")
        for path in (STATIC / "js").rglob("*.js")
    }


@lru_cache
def assets() -> tuple[str, ...]:
    """Every file of `static/` the walk needs, pages apart."""
    scripts = reached("js/app.js", _sources())
    return ("js/theme.js", *scripts, *STYLES, *PICTURES)


def shell_urls() -> list[str]:
    """Everything the device must hold before a visit may be called ready."""
    return [*WALK_PAGES, OFFLINE_PAGE, *map(address, assets())]


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
            modules=[address(each) for each in preloaded("js/app.js", _sources())[1:]],
            words=js_catalogue() if lang == "en" else {},
            shell_files=shell_urls(),
        )
    )


@lru_cache
def offline_page() -> str:
    """The page shown when another page cannot be fetched."""
    return environment("th").get_template("shell/offline.html").render(path=OFFLINE_PAGE)


@lru_cache
def shell_files() -> tuple[tuple[str, str], ...]:
    """Each address of the shell with the SHA-256 of exactly what is served there."""
    pages = {path: walk_page(path) for path in WALK_PAGES} | {OFFLINE_PAGE: offline_page()}
    hashed = [(url, hashlib.sha256(text.encode()).hexdigest()) for url, text in pages.items()]
    files = [(address(path), hashlib.sha256(served(path)).hexdigest()) for path in assets()]
    return (*hashed, *files)


@lru_cache
def service_worker() -> str:
    """The worker that keeps this release."""
    return (
        environment("th")
        .get_template("shell/sw.js.j2")
        .render(files=shell_files(), walk_pages=list(WALK_PAGES), offline_page=OFFLINE_PAGE)
    )


@lru_cache
def manifest() -> str:
    """What the phone shows when the app is installed."""
    return environment("th").get_template("shell/manifest.webmanifest.j2").render()
