"""A proposal's bytes: the scorecard with all that it was computed from, frozen. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.audits.rules import canonical
from app.audits.rules.answers import Answers
from app.checklists.rules import Edition


class Named(NamedTuple):
    """Which audit it is of."""

    audit: str
    office_code: str
    office_name: dict[str, str]
    round_name: dict[str, str]


def frozen(
    about: Named,
    edition: Edition,
    scorecard: Mapping[str, Any],
    inputs: Answers,
    *,
    head: int,
    log_size: int,
    log_root: str,
    submission: str | None,
    signatures: Sequence[str],
    returns: Sequence[Mapping[str, Any]],
) -> str:
    """Canonical JSON, so that the same things are always the same bytes.

    In: the scorecard and inputs at `head`; the log as it was; the changes that submitted and
    signed; every return, the first first. Whoever has the edition computes the scorecard again.
    """
    return canonical(
        {
            "format": 1,
            "audit": about.audit,
            "office": {"code": about.office_code, "name": about.office_name},
            "round": about.round_name,
            "edition": {
                "slug": edition.slug,
                "edition": edition.edition,
                "sha256": edition.sha256,
            },
            "rules_version": scorecard["rules_version"],
            "head": head,
            "log": {"size": log_size, "root": log_root},
            "scorecard": dict(scorecard),
            "inputs": dict(inputs),
            "submission": submission,
            "signatures": list(signatures),
            "returns": [dict(one) for one in returns],
        }
    )
