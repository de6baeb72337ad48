"""Sense of measurements: that a limit fits its comparison."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.checklists.rules.mistakes import TYPE_NAMES, Mistake, Path, mistake

Node = Mapping[str, Any]


def measurement_mistakes(found: list[tuple[Path, Node]], units: set[str]) -> Iterator[Mistake]:
    """Every mistake of one criterion's measurements, given the units that exist."""
    keys = {item.get("key") for _, item in found}
    for path, item in found:
        unit = item.get("unit")
        if isinstance(unit, str) and unit not in units:
            yield mistake("unit-unknown", (*path, "unit"), code=unit)
        yield from _limit(item, path)
        per = item.get("per")
        if isinstance(per, str) and (per not in keys or per == item.get("key")):
            yield mistake("per-unknown", (*path, "per"), code=per)
        rows = item.get("table")
        rows = rows if isinstance(rows, list) else []
        found_bounds = [row.get("up_to") for row in rows if isinstance(row, Mapping)]
        bounds = [bound for bound in found_bounds if isinstance(bound, int)]
        if bounds != sorted(set(bounds)):
            yield mistake("table-ascending", (*path, "table"))


def _limit(item: Node, path: Path) -> Iterator[Mistake]:
    op, value = item.get("op"), item.get("value")
    for key in ("per", "table"):
        if key in item and op != "count":
            yield mistake("op-extra", (*path, key), op=op or "op", key=key)
    if op is None:
        if "value" in item:
            yield mistake("op-extra", (*path, "value"), op="op", key="value")
        return
    at = (*path, "value") if "value" in item else path
    if op == "count" and ("per" in item or "table" in item):
        if "value" in item:
            yield mistake("op-extra", at, op=op, key="value")
        for key in {"per", "table"} - item.keys():
            yield mistake("key-missing", path, key=key)
    elif op == "count" and not (isinstance(value, int) and _number(value) and value >= 0):
        yield _needs(op, at, "whole")
    elif op in (">=", "<=") and not _number(value):
        yield _needs(op, at, "number")
    elif op == "=" and not isinstance(value, bool):
        yield _needs(op, at, "yesno")
    elif op == "between":
        if not (isinstance(value, list) and len(value) == 2 and all(map(_number, value))):
            yield _needs(op, at, "bounds")
        elif value[0] > value[1]:
            yield mistake("between-ascending", at)


def _needs(op: str, at: Path, kind: str) -> Mistake:
    th, en = TYPE_NAMES[kind]
    return mistake("op-value", at, op=op, th=th, en=en)


def _number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Three decimals is what a measurement holds; a finer limit could never be met exactly.
    return abs(value) < 1e9 and round(value, 3) == value
