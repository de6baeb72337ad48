"""Signatures of an audit: who signed, and whether over what stands now."""

from typing import Any

from sqlmodel import Session

from app.accounts import queries as accounts
from app.audits.queries.reading import Reading
from app.audits.rules.content import digest_of
from app.audits.rules.fold import newest
from app.audits.rules.shapes import TYPED


def signatures(session: Session, read: Reading) -> list[dict[str, Any]]:
    """Every signature that stands, the assessors' first.

    `{"whose": "assessor" | "office", "value", "by", "made_at", "covers", "typed"}`; `by` is the
    person whose phone was signed on, `covers` whether it is over the content that stands,
    `typed` whether a name was typed rather than drawn.
    """
    over = digest_of(read.state)
    told = []
    for register, standing in read.state["registers"].items():
        last = newest(standing) if register.startswith("signature ") else None
        if last is not None and last.value is not None:
            told.append(
                {
                    "whose": register.split(" ")[1],
                    "value": last.value,
                    "by": last.mark["author"],
                    "made_at": last.mark["made_at"],
                    "covers": last.value["over"] == over,
                    "typed": last.value["strokes"] == TYPED,
                }
            )
    names = accounts.names(session, {one["by"] for one in told})
    told.sort(key=lambda one: (one["whose"], one["made_at"]))
    return [{**one, "by": names.get(one["by"])} for one in told]
