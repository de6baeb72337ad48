"""The receipt of a visit: one page that the office has in hand when the team leaves.

A phone makes the same without network (static/js); both carry the same check code.
"""

from sqlmodel import Session

from app.accounts import queries as accounts
from app.audits import queries as audits
from app.audits.queries import Found
from app.audits.rules.content import digest_of
from app.kit.html import be_datetime
from app.reports.queries.paper import (
    Paper,
    as_of,
    heads,
    level_of,
    scores,
    signatures,
    tally,
)
from app.reports.rules import is_finding
from app.settings import Settings

CODE_LENGTH = 12


def receipt(session: Session, found: Found, settings: Settings) -> Paper:
    """What was found on this visit as it stands now, preliminary until it is decided."""
    read = audits.reading(session, found)
    shown = audits.result(session, found, read)
    digest = digest_of(read.state)
    items = [
        item
        for section in shown["sections"]
        for group in section["groups"]
        for item in group["criteria"]
    ]
    authors = {
        mark["author"]
        for register, standing in read.state["registers"].items()
        if register.startswith("signature ")
        for one in standing
        for mark in one["changes"]
    }
    at = as_of(session, found, read.head)
    data = {
        "title": f"ใบรับการตรวจ {found.office.name_th}",
        "sample": settings.demo,
        **heads(session, found),
        **scores(read.scorecard, shown["edition"], sum(len(item["photos"]) for item in items)),
        "level": level_of(shown["edition"], read.scorecard["level"]),
        "sections": [tally(one, one["title"].th) for one in shown["sections"]],
        "unmet": [
            {"code": item["criterion"].code, "title": item["criterion"].title.th}
            for item in items
            if is_finding(item)
        ],
        "blank": list(read.scorecard["blank"]),
        "signatures": signatures(read.state, accounts.names(session, authors), digest),
        "check": digest[:CODE_LENGTH],
        "head": read.head,
        "as_of": be_datetime(at),
        "edition": shown["edition"].title.th,
    }
    return Paper("receipt", f"receipt-{found.office.code}.pdf", at, data)
