"""The result page: every criterion with what was said of it, by whom, and its photos."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.models import Device
from app.audits.models import KeptChange
from app.audits.queries.finding import Found
from app.audits.queries.pieces import files_of, links_of
from app.audits.queries.reading import Reading, edition_of
from app.audits.rules.fold import Mark, Photo, Standing, State
from app.audits.rules.seeing import covered
from app.checklists.rules import Criterion, Edition, Measurement, Part, verdict
from app.evidence.queries import received

Names = Mapping[str, dict[str, str]]


def result(session: Session, found: Found, read: Reading) -> dict[str, Any]:
    """What the template draws, in the edition's order. Words in both languages, values raw."""
    edition = edition_of(session, found.edition_sha256)
    state, card = read.state, read.scorecard
    brought = [
        (kind, criterion, one)
        for kind in ("photos", "attachments")
        for criterion, added in state[kind].items()
        for one in added
        if kind == "photos" or not one["removed"]
    ]
    here = received(session, [one["value"]["sha256"] for _, _, one in brought])
    away = [each for each in brought if each[2]["value"]["sha256"] not in here]
    phones = _phones(session, [one["id"] for _, _, one in away])
    walkers = {section.code: _walkers(state, section.code) for section in edition.sections}
    names = accounts.names(session, _authors(state).union(*walkers.values()))
    view = _View(edition, state, names, here)
    levels = {level.code: level for level in edition.levels}
    level, next_level = (levels.get(card[key] or "") for key in ("level", "next_level"))
    return {
        "edition": edition,
        "card": card,
        "level": level.model_dump(mode="json") if level else None,
        "next_level": next_level.model_dump(mode="json") if next_level else None,
        "marks": [each.min for each in edition.levels],
        "criteria": edition.by_code,
        "sections": [
            {
                **scored,
                "title": section.title,
                "kind": section.kind,
                "walkers": [names[who] for who in walkers[section.code] if who in names],
                "groups": [
                    {
                        **sums,
                        "title": group.title,
                        "criteria": [view.criterion(each) for each in group.criteria],
                    }
                    for group, sums in zip(section.groups, scored["groups"], strict=True)
                ],
            }
            for section, scored in zip(edition.sections, card["sections"], strict=True)
        ],
        "waiting": [
            {
                "kind": kind,
                "criterion": criterion,
                "author": names.get(one["author"]),
                "phone": phones.get(one["id"], ""),
                "made_at": one["made_at"],
                "bytes": one["value"]["bytes"],
            }
            for kind, criterion, one in away
        ],
        "unknown": len(state["unknown"]),
    }


def one_criterion(
    session: Session, found: Found, read: Reading, code: str
) -> dict[str, Any] | None:
    """The same of a single criterion; None where the edition has no such code."""
    edition = edition_of(session, found.edition_sha256)
    criterion = edition.by_code.get(code)
    if criterion is None:
        return None
    brought = [
        *read.state["photos"].get(code, []),
        *read.state["attachments"].get(code, []),
    ]
    here = received(session, [one["value"]["sha256"] for one in brought])
    names = accounts.names(session, _authors(read.state))
    return _View(edition, read.state, names, here).criterion(criterion)


class _View:
    """One audit's state seen criterion by criterion."""

    def __init__(self, edition: Edition, state: State, names: Names, here: set[str]) -> None:
        self.edition = edition
        self.state = state
        self.registers = state["registers"]
        self.photos = state["photos"]
        self.conflicts = set(state["conflicts"])
        self.names = names
        self.here = here
        self.covered = covered(
            (photo["value"]["sha256"], photo["value"].get("of"))
            for taken in state["photos"].values()
            for photo in taken
        )

    def criterion(self, criterion: Criterion) -> dict[str, Any]:
        """A criterion with everything that stands about it."""
        code = criterion.code
        parts: Iterable[Part | None] = criterion.parts or [None]
        photos = beside([self._photo(photo) for photo in self.photos.get(code, [])])
        files = files_of(self.state, code, self.names, self.here)
        links = links_of(self.state, code, self.names)
        return {
            "criterion": criterion,
            "parts": [self._part(criterion, part) for part in parts],
            "measurements": self._measurements(criterion),
            "notes": self._notes(code),
            "photos": [one for one in photos if not one["removed"] and not one["covered"]],
            "removed": [one for one in photos if one["removed"] or one["covered"]],
            "files": [one for one in files if not one["removed"]],
            "links": [one for one in links if not one["removed"]],
            "withdrawn": [one for one in (*files, *links) if one["removed"]],
        }

    def _part(self, criterion: Criterion, part: Part | None) -> dict[str, Any]:
        target = criterion.target_of(part.code) if part else criterion.code
        register = f"answer {target}"
        return {
            "part": part,
            "standing": [
                {**answer_words(part, one["value"]), "said": self._said(one)}
                for one in self.registers.get(register, [])
            ],
            "conflict": register in self.conflicts,
        }

    def _measurements(self, criterion: Criterion) -> list[dict[str, Any]]:
        taken = {
            measurement.key: self.registers.get(
                f"measurement {criterion.code}:{measurement.key}", []
            )
            for measurement in criterion.measurements
        }
        agreed = {
            key: standing[0]["value"] for key, standing in taken.items() if len(standing) == 1
        }
        return [
            {
                "measurement": measurement,
                "conflict": len(taken[measurement.key]) > 1,
                "standing": [
                    self._measured(measurement, one, agreed) for one in taken[measurement.key]
                ],
            }
            for measurement in criterion.measurements
        ]

    def _measured(
        self, measurement: Measurement, one: Standing, agreed: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "value": one["value"],
            "verdict": verdict(measurement, one["value"], agreed),
            "said": self._said(one),
        }

    def _notes(self, code: str) -> list[dict[str, Any]]:
        return [
            {"text": one["value"], "said": self._said(one)}
            for register, standing in self.registers.items()
            if register.startswith(f"note {code} ")
            for one in standing
            if one["value"]
        ]

    def _photo(self, photo: Photo) -> dict[str, Any]:
        removed = photo["removed"]
        return {
            **photo,
            "name": self.names.get(photo["author"]),
            "here": photo["value"]["sha256"] in self.here,
            # A masked photo stands for it: it is shown to few, and only when they ask.
            "covered": photo["value"]["sha256"] in self.covered,
            "of": (photo["value"].get("of") or {}).get("how"),
            "captions": [
                {"text": one["value"], "said": self._said(one)}
                for one in photo["caption"]
                if one["value"]
            ],
            "removed": removed and {**removed, "name": self.names.get(removed["author"])},
        }

    def _said(self, one: Standing) -> list[dict[str, Any]]:
        return [self._voice(mark) for mark in one["changes"]]

    def _voice(self, mark: Mark) -> dict[str, Any]:
        return {"name": self.names.get(mark["author"]), "made_at": mark["made_at"]}


def beside(photos: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same photos, each annotated one right after what it was drawn on."""
    told: list[dict[str, Any]] = []
    for photo in photos:
        source = photo["value"]["of"]["sha256"] if photo["of"] == "annotated" else None
        place = next(
            (i for i, one in enumerate(told, 1) if one["value"]["sha256"] == source), len(told)
        )
        while place < len(told) and told[place]["of"] == "annotated":
            place += 1
        told.insert(place, photo)
    return told


def answer_words(part: Part | None, value: Any) -> dict[str, Any]:
    """An answer taken apart for a sentence: its kind, points, step and reason."""
    if value is None:
        return {"kind": "cleared"}
    if isinstance(value, dict):
        return {"kind": "na", "reason": value["na"]}
    if isinstance(value, str):
        return {"kind": value}
    points = round(value * 100)
    steps = part.steps if part else ()
    step = next((step.title for step in steps if step.points == points), None)
    return {"kind": "points", "points": points, "of": part.points if part else 0, "step": step}


def _walkers(state: State, section: str) -> list[str]:
    """Who took a section; several when they took it without having seen each other."""
    standing = state["registers"].get(f"assignment {section}", [])
    return [one["value"] for one in standing if one["value"]]


def _authors(state: State) -> set[str]:
    people = {
        mark["author"]
        for standing in state["registers"].values()
        for one in standing
        for mark in one["changes"]
    }
    for kind in ("photos", "attachments", "links"):
        for added in state[kind].values():
            for one in added:
                people.add(one["author"])
                if one["removed"]:
                    people.add(one["removed"]["author"])
    return people


def _phones(session: Session, change_ids: list[str]) -> dict[str, str]:
    """On which phone each of these photos still waits."""
    found = (
        select(KeptChange.id, Device.label)
        .join(Device, col(Device.id) == KeptChange.device)
        .where(col(KeptChange.id).in_(change_ids))
    )
    return dict(session.exec(found).all())
