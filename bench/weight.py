"""Bytes of the visit page as they travel: each module, page, style and font by itself."""

import gzip
import http.client
import posixpath
import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from bench.report import Figure, Measure
from bench.stage import Stage

PAGE = "/walk"
IMPORTS = re.compile(
    r"""(?:^|[\s;}])(?:import|export)\s[^'"();]*?from\s*["']([^"']+)["']"""  # from "…"
    r"""|(?:^|[\s;}])import\s*["']([^"']+)["']"""  # import "…"
    r"""|import\(\s*["']([^"']+)["']"""  # import("…")
    r"""|new\s+URL\(\s*["']([^"']+\.js)["']\s*,\s*import\.meta\.url""",  # workers
    re.MULTILINE,
)
WORKER = re.compile(r"""serviceWorker\s*\.\s*register\(\s*["']([^"']+)["']""")
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
TAG = re.compile(r"<(?:script|link)\b[^>]*>")
ATTRIBUTE = re.compile(r"""(src|href|rel|type)="([^"]*)\"""")
STYLES = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s]+)""")
FONTS = re.compile(r"""url\(["']?([^"')]+\.woff2)["']?\)""")


def run(stage: Stage) -> Measure:
    """Walk from the page through every import, worker, style sheet and font it names."""
    site = Site(stage.server.port)
    page = site.fetch(PAGE)
    scripts, styles = _named(page)
    modules = _follow(site, scripts, _imports)
    sheets = _follow(site, styles, lambda text: STYLES.findall(text))
    fonts = {
        urljoin(sheet, name) for sheet in sheets for name in FONTS.findall(site.fetch(sheet))
    }
    for font in sorted(fonts):
        site.fetch(font)
    rows = sorted(
        (
            (site.sizes[path], site.whole[path], path)
            for path in {PAGE, *modules, *sheets, *fonts}
        ),
        reverse=True,
    )
    script, style = site.sum(modules), site.sum(sheets)
    return Measure(
        "weight",
        "What the visit page weighs, gzipped, largest first",
        "as the server sends them, each file compressed on its own",
        [
            Figure(f"JavaScript, {len(modules)} modules", script, "kB", 35),
            Figure("HTML and CSS", site.sum({PAGE}) + style, "kB", 25),
            Figure("HTML", site.sum({PAGE}), "kB"),
            Figure(f"CSS, {len(sheets)} files", style, "kB"),
            Figure(f"fonts, {len(fonts)} files", site.sum(fonts), "kB"),
            Figure(
                "JavaScript before gzip", sum(site.whole[one] for one in modules) / 1000, "kB"
            ),
        ],
        ("file", "gzipped", "whole"),
        [(_shown(path), f"{small:,} B", f"{whole:,} B") for small, whole, path in rows],
    )


class Site:
    """Fetches each address once, as a browser does, and remembers what it weighed."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.sizes: dict[str, int] = {}
        self.whole: dict[str, int] = {}
        self.texts: dict[str, str] = {}

    def fetch(self, path: str) -> str:
        """The text at an address; its bytes on the wire are counted."""
        if path in self.texts:
            return self.texts[path]
        self.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = self.connection.getresponse()
        sent = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        zipped = answer.headers["Content-Encoding"] == "gzip"
        body = gzip.decompress(sent) if zipped else sent
        self.sizes[path], self.whole[path] = len(sent), len(body)
        self.texts[path] = body.decode("utf-8", "replace")
        return self.texts[path]

    def sum(self, paths: set[str]) -> float:
        """Kilobytes of these addresses on the wire."""
        return sum(self.sizes[path] for path in paths) / 1000


def _named(page: str) -> tuple[set[str], set[str]]:
    """The scripts (preloaded ones too) and style sheets a page names."""
    scripts, styles = set(), set()
    for tag in TAG.findall(page):
        said = dict(ATTRIBUTE.findall(tag))
        if "src" in said:
            scripts.add(urljoin(PAGE, said["src"]))
        elif said.get("rel") == "modulepreload":
            scripts.add(urljoin(PAGE, said["href"]))
        elif said.get("rel") == "stylesheet":
            styles.add(urljoin(PAGE, said["href"]))
    return scripts, styles


def _imports(text: str) -> list[str]:
    code = COMMENT.sub("", text)
    found = [name for groups in IMPORTS.findall(code) for name in groups if name]
    return found + WORKER.findall(code)


def _follow(site: Site, begin: set[str], names: Callable[[str], list[str]]) -> set[str]:
    """Everything reached from these addresses."""
    reached: set[str] = set()
    waiting = list(begin)
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [urlsplit(urljoin(path, name)).path for name in names(site.fetch(path))]
    return reached


def _shown(path: str) -> str:
    """The address without the release in it."""
    return posixpath.join(*path.split("/")[3:]) if path.startswith("/static/") else path
