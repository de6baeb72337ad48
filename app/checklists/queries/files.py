"""Editions in files: read one, or explain every mistake in it with its line."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from app.checklists.queries.lines import Lined, read_lines
from app.checklists.rules import BadEdition, Edition, Mistake, compile_edition
from app.checklists.rules.mistakes import mistake

CHECKLISTS = Path(__file__).resolve().parents[3] / "checklists"
LARGEST = 1_000_000


def read_file(path: Path) -> Edition:
    """Return the compiled edition of a YAML file.

    Raises BadEdition with every mistake, in the order of their lines, whatever the file holds.
    """
    return _compiled(_lined(path))


def read_text(data: bytes) -> tuple[object, Edition]:
    """The document in an edition's YAML and what it compiles to.

    Raises BadEdition as `read_file` does.
    """
    lined = _decoded(data)
    return lined.document, _compiled(lined)


def _compiled(lined: Lined) -> Edition:
    edition: Edition | None = None
    mistakes = list(lined.mistakes)
    if not mistakes or lined.document is not None:
        try:
            edition = compile_edition(lined.document)
        except BadEdition as bad:
            mistakes += bad.mistakes
    if edition is None or mistakes:
        raise BadEdition(sorted((_lined_mistake(m, lined) for m in mistakes), key=_order))
    return edition


def explain(path: Path) -> list[Mistake]:
    """Every mistake in an edition's file, by line; none when it is good."""
    try:
        read_file(path)
    except BadEdition as bad:
        return list(bad.mistakes)
    return []


@lru_cache(maxsize=32)
def read_shipped(name: str, root: Path = CHECKLISTS) -> Edition:
    """Return the edition `<slug>/<edition>` that came with the product.

    Raises KeyError when there is none of that name, BadEdition when its file has mistakes or
    says that it is another one.
    """
    if name not in shipped(root):
        raise KeyError(name)
    edition = read_file(root / f"{name}.yaml")
    says = f"{edition.slug}/{edition.edition}"
    if says != name:
        told = mistake("place", ("edition",), path=f"{name}.yaml", name=says)
        raise BadEdition([replace(told, line=1)])
    return edition


def shipped(root: Path = CHECKLISTS) -> list[str]:
    """The names `<slug>/<edition>` of all editions that came with the product."""
    return sorted(_names(root))


def _names(root: Path) -> Iterator[str]:
    for path in root.glob("*/*.yaml"):
        yield f"{path.parent.name}/{path.stem}"


def _lined(path: Path) -> Lined:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return _refused("file-missing")
    except OSError as error:
        return _refused("file-unreadable", why=error.strerror or type(error).__name__)
    return _decoded(data)


def _decoded(data: bytes) -> Lined:
    if len(data) > LARGEST:
        return _refused("file-large", limit=LARGEST)
    try:
        return read_lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _refused("not-utf8", line=data[: error.start].count(b"\n") + 1)


def _refused(kind: str, line: int = 1, **fields: object) -> Lined:
    return Lined(mistakes=[replace(mistake(kind, (), **fields), line=line)])


def _lined_mistake(found: Mistake, lined: Lined) -> Mistake:
    other = lined.line_of(found.other) if found.other is not None else None
    line = lined.line_of(found.path) if found.line is None else found.line
    return replace(found, line=line, other_line=other)


def _order(found: Mistake) -> tuple[int, str, str]:
    return found.line or 0, found.kind, found.sentence("en")
