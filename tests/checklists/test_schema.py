"""The JSON Schema for editors says what the checker says about shape."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.checklists.queries import CHECKLISTS
from app.checklists.queries.lines import read_lines
from app.checklists.rules.schema import authoring_schema
from app.checklists.rules.shape import shape_mistakes

SCHEMA = json.loads((CHECKLISTS / "edition.schema.json").read_text("utf-8"))
FILES = sorted(CHECKLISTS.glob("*/*.yaml"))
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def test_the_schema_file_is_the_one_the_checker_is_made_of() -> None:
    text = (CHECKLISTS / "edition.schema.json").read_text("utf-8")
    assert text == authoring_schema()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_edition_names_the_schema_and_keeps_to_it(file: Any) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../edition.schema.json\n")
    assert fits(read_lines(text).document, SCHEMA)


def test_schema_and_checker_agree_on_thousands_of_broken_editions() -> None:
    document = read_lines((CHECKLISTS / "demo" / "mini.yaml").read_text("utf-8")).document
    seen = {True: 0, False: 0}
    for broken in _broken(document):
        good = fits(broken, SCHEMA)
        assert good == (shape_mistakes(broken) == []), broken
        seen[good] += 1
    assert seen[False] > 1000
    assert seen[True] > 100  # other values of the right shape


CHANGES: list[Any] = ["drop", "extra", None, True, 5, 0.5, -1, 10**9, "x", "a/b", "", [], {}]


def _broken(document: Any) -> Iterator[Any]:
    for path in list(_places(document)):
        for change in CHANGES:
            copied = copy.deepcopy(document)
            parent = copied
            for step in path[:-1]:
                parent = parent[step]
            if change == "drop":
                del parent[path[-1]]
            elif change == "extra" and isinstance(parent, dict):
                parent["never heard of"] = 1
            else:
                parent[path[-1]] = change
            yield copied


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inside:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _places(value, (*path, key))


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is valid by the part of JSON Schema 2020-12 that our schema uses."""
    known = {
        *("$ref", "$defs", "$schema", "title", "description", "default", "type", "enum"),
        *("const", "anyOf", "properties", "required", "additionalProperties", "items"),
        *("propertyNames", "patternProperties"),
        *("minimum", "maximum", "minItems", "minLength", "maxLength", "pattern"),
    }
    assert schema.keys() <= known, schema.keys() - known
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    if "anyOf" in schema:
        return any(fits(value, one) for one in schema["anyOf"])
    if "const" in schema:
        return type(value) is type(schema["const"]) and bool(value == schema["const"])
    if "enum" in schema:
        return isinstance(value, str) and value in schema["enum"]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_is(value, name) for name in types):
        return False
    return _object(value, schema) and _bounds(value, schema)


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _object(value: Any, schema: dict[str, Any]) -> bool:
    if isinstance(value, list) and "items" in schema:
        return all(fits(one, schema["items"]) for one in value)
    if not isinstance(value, dict):
        return True
    properties = schema.get("properties", {})
    names = schema.get("propertyNames", {})
    rest = schema.get("additionalProperties", {})
    patterns = schema.get("patternProperties", {})
    for key, inner in value.items():
        matching = [one for pattern, one in patterns.items() if re.search(pattern, key)]
        allowed = [properties[key]] if key in properties else matching or [rest]
        if not fits(key, names) or False in allowed:
            return False
        if not all(fits(inner, one) for one in allowed if one is not True):
            return False
    return all(key in value for key in schema.get("required", []))


def _bounds(value: Any, schema: dict[str, Any]) -> bool:
    if isinstance(value, str):
        length = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)
        matched = re.search(schema.get("pattern", ""), value)
        return bool(length) and matched is not None
    if isinstance(value, list):
        return len(value) >= int(schema.get("minItems", 0))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True
