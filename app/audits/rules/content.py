"""What is submitted and signed: the content of a state, and its digest. Pure.

The twin of static/js/domain/content.js; tests/cases/content/ holds both to the same truth.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NotRequired, TypedDict

from app.audits.rules.fold import Piece, Standing, State
from app.checklists.rules import canonical, sha256_of

# Who walks where, and what is said about the content itself, is none of it.
COUNTED: Final = frozenset({"answer", "measurement", "note", "caption"})


class Content(TypedDict):
    """Everything found, and nothing of who found it or when."""

    registers: dict[str, list[str]]
    photos: dict[str, list[str]]
    # Only where there are any: what was signed before there were keeps its digest.
    attachments: NotRequired[dict[str, list[str]]]
    links: NotRequired[dict[str, list[str]]]


def content_of(state: State) -> Content:
    """The standing values of each register as canonical JSON, sorted; what stands as evidence.

    Photos and files by their SHA-256, links by their address. What is empty (`null`, `""`, no
    value, no photo) is left out, so that a thing written and cleared again is the same as one
    never written.
    """
    registers = {
        register: values
        for register, standing in state["registers"].items()
        if register.partition(" ")[0] in COUNTED and (values := _values(standing))
    }
    photos = {
        criterion: names
        for criterion, taken in state["photos"].items()
        if (names := sorted(one["value"]["sha256"] for one in taken if one["removed"] is None))
    }
    content: Content = {"registers": registers, "photos": photos}
    if attachments := _pieces(state["attachments"], "sha256"):
        content["attachments"] = attachments
    if links := _pieces(state["links"], "url"):
        content["links"] = links
    return content


def digest_of(state: State) -> str:
    """SHA-256, in hex, of the canonical JSON of a state's content."""
    return sha256_of(canonical(content_of(state)))


def _values(standing: Iterable[Standing]) -> list[str]:
    said = (one["value"] for one in standing)
    return sorted(canonical(value) for value in said if value is not None and value != "")


def _pieces(added: Mapping[str, Sequence[Piece]], name: str) -> dict[str, list[str]]:
    return {
        criterion: named
        for criterion, pieces in added.items()
        if (named := sorted(one["value"][name] for one in pieces if one["removed"] is None))
    }
