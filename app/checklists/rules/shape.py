"""Shape: pydantic's findings about a draft, told as sentences with a place."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.checklists.rules.draft import PATTERNS, Draft
from app.checklists.rules.mistakes import TYPE_NAMES, Mistake, Path, mistake

_TYPES = {
    "string_type": "text",
    "int_type": "whole",
    "int_from_float": "whole",
    "float_type": "number",
    "finite_number": "number",
    "bool_type": "yesno",
    "list_type": "list",
    "dict_type": "map",
    "model_type": "map",
    "model_attributes_type": "map",
}
# pydantic's name for a bound -> ours, and where pydantic keeps it
_BOUNDS = {
    "greater_than_equal": ("too-small", "ge"),
    "less_than_equal": ("too-large", "le"),
    "too_short": ("too-short", "min_length"),
    "string_too_short": ("too-short", "min_length"),
    "string_too_long": ("too-long", "max_length"),
}


def shape_mistakes(document: object) -> list[Mistake]:
    """Every place where a document is not shaped like a `Draft`."""
    try:
        Draft.model_validate(document)
    except ValidationError as error:
        return list(_told(document, error.errors(include_url=False, include_context=True)))
    return []


def _told(document: object, errors: list[ErrorDetails]) -> Iterator[Mistake]:
    seen: set[tuple[str, Path]] = set()
    for error in errors:
        path = _place(document, error["loc"])
        found = _tell(path, error)
        if (found.kind, path) not in seen:
            seen.add((found.kind, path))
            yield found


def _tell(path: Path, error: ErrorDetails) -> Mistake:
    kind, context = error["type"], error.get("ctx", {})
    key = _name(path)
    if kind == "missing":
        return mistake("key-missing", path, key=error["loc"][-1])
    if kind == "extra_forbidden":
        return mistake("unknown-key", path, key=key)
    if kind in _TYPES:
        th, en = TYPE_NAMES[_TYPES[kind]]
        return mistake("type", path, key=key, th=th, en=en)
    if kind in _BOUNDS:
        ours, bound = _BOUNDS[kind]
        return mistake(ours, path, key=key, bound=context[bound])
    if kind == "string_pattern_mismatch":
        th, en = PATTERNS[context["pattern"]]
        return mistake("pattern", path, key=key, value=_short(error["input"]), th=th, en=en)
    if kind == "literal_error":
        bound = str(context["expected"]).replace("'", "")
        return mistake("choice", path, key=key, value=_short(error["input"]), bound=bound)
    return mistake("odd", path, key=key, why=error["msg"])


def _place(document: object, loc: tuple[int | str, ...]) -> Path:
    """The longest part of pydantic's place that is a place in the document."""
    path: list[int | str] = []
    here: Any = document
    for step in loc:
        inside = isinstance(here, Mapping) and step in here
        if not inside and not (isinstance(here, list) and isinstance(step, int)):
            break
        here = here[step]
        path.append(step)
    return tuple(path)


def _name(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "edition")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
