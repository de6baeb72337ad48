"""YAML as data with line numbers, and nothing else of YAML.

Plain scalars are read as YAML 1.2's core schema does (so `no` is a word and `1:30` is not a
number); anchors, aliases and tags are refused at the event that brings them, before anything
could be multiplied.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from app.checklists.rules.mistakes import Mistake, Path, mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 16
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as fast
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
_PLAIN: dict[str, object] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
}  # fmt: skip


@dataclass
class Lined:
    """A document, the line of each of its places, and what was wrong with the YAML itself."""

    document: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of a place, or of the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Refused(Exception):
    def __init__(self, kind: str, line: int, **fields: object) -> None:
        super().__init__(kind)
        self.kind, self.line, self.fields = kind, line, fields


def read_lines(text: str) -> Lined:
    """Return the one document in a YAML text. Never raises: what is wrong is in `mistakes`."""
    lined = Lined()
    try:
        _Reader(text, lined).read()
    except _Refused as refused:
        lined.document = None
        lined.mistakes.append(_at(refused.line, refused.kind, **refused.fields))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or "unknown"
        lined.document = None
        lined.mistakes.append(_at(mark.line + 1 if mark else 1, "yaml", why=why))
    except yaml.YAMLError as error:  # a character YAML does not take; it names a position
        before = text[: getattr(error, "position", 0)]
        why = getattr(error, "reason", "unreadable")
        lined.document = None
        lined.mistakes.append(_at(before.count("\n") + 1, "yaml", why=why))
    return lined


def _at(line: int, kind: str, **fields: object) -> Mistake:
    return Mistake(kind, (), tuple(fields.items()), line=line)


class _Reader:
    def __init__(self, text: str, lined: Lined) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self.lined = lined

    def read(self) -> None:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused("yaml-documents", _line(event))
                self.lined.document = self._value(next(self.events), ())
        if not documents:
            raise _Refused("empty", 1)

    def _value(self, event: yaml.Event, path: Path) -> object:
        self._refuse(event, path)
        self.lined.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else plain_value(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._map(path)

    def _refuse(self, event: yaml.Event, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused("yaml-anchor", _line(event))
        if getattr(event, "tag", None):
            raise _Refused("yaml-tag", _line(event))
        if len(path) > DEEPEST:
            raise _Refused("yaml-deep", _line(event))

    def _list(self, path: Path) -> list[object]:
        found: list[object] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, (*path, len(found))))
        return found

    def _map(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self._refuse(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused("yaml-key", _line(event))
            key, at = event.value, (*path, event.value)
            if key in found:
                first = self.lined.lines[at]
                told = mistake("key-twice", at, key=key, first=first)
                self.lined.mistakes.append(
                    Mistake(told.kind, told.path, told.fields, line=_line(event))
                )
                self._value(next(self.events), (*path, f"{key} again"))
                continue
            self.lined.lines[at] = _line(event)
            found[key] = self._value(next(self.events), at)
        return found


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def plain_value(text: str) -> object:
    """What a plain scalar means: none, true, false, a number, or its own text."""
    if text in _PLAIN:
        return _PLAIN[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
