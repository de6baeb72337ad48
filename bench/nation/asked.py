"""What people open, by what they are: page after page, and the files they take with them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bench.nation.knowing import YEARS, Nation, name

BY_TOKEN: Final = "/odata/"
ROUND: Final = name(2, YEARS - 1)


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `listed`: it shows what there is, up to a page, or compares the country."""

    name: str
    who: str
    path: Callable[[Nation], str]
    listed: bool = False


def _fixed(name: str, who: str, path: str, *, listed: bool = False) -> Page:
    return Page(name, who, lambda _made: path, listed)


def _audit(made: Nation, stage: str = "decided", kind: str = "visit") -> str:
    """An audit of this year at this stage."""
    return next(
        one.id
        for one in made.walked
        if one.year == YEARS - 1 and one.stage == stage and one.kind == kind
    )


def _part(_made: Nation) -> str:
    return name(3, (YEARS - 1) * len(_made.places))


def _unvisited(made: Nation) -> str:
    """An office without a visit this year: the ninth, by the code that the product gave it."""
    return made.codes[8]


WORDS: Final = quote("น้ำดื่ม")
FILTER: Final = quote("stands eq 'not_met' and kind eq 'visit'")
PAGES: Final = (
    _fixed("home: central reviewer", "reviewer", "/"),
    _fixed("home: approver", "approver", "/"),
    _fixed("home: administrator", "administrator", "/"),
    _fixed("home: auditor", "auditor", "/"),
    _fixed("home: lead assessor", "lead", "/"),
    _fixed("home: office editor", "editor", "/"),
    _fixed("home: office head", "head", "/"),
    _fixed("national board", "approver", "/national", listed=True),
    _fixed("national board, one region", "approver", "/national?region=South", listed=True),
    _fixed("national board, one level", "approver", "/national?level=BASIC", listed=True),
    _fixed("readiness, all offices", "reviewer", "/readiness", listed=True),
    Page("readiness of one office", "reviewer", lambda made: f"/readiness/{_part(made)}"),
    Page("readiness of one's own office", "head", lambda made: f"/readiness/{_part(made)}"),
    _fixed("calendar of visits", "reviewer", "/planning", listed=True),
    _fixed("calendar of one's own visits", "lead", "/planning"),
    _fixed("suggested visits", "reviewer", "/planning/suggestions", listed=True),
    _fixed("planning by spreadsheet", "reviewer", "/planning/bulk"),
    _fixed("interests", "reviewer", "/planning/interests", listed=True),
    _fixed("rounds", "reviewer", "/rounds"),
    _fixed("board of a round", "reviewer", f"/rounds/{ROUND}", listed=True),
    _fixed("board of a closed round", "reviewer", f"/rounds/{name(2, 2)}", listed=True),
    _fixed("board of a round, by a lead", "lead", f"/rounds/{ROUND}", listed=True),
    Page(
        "planning a visit",
        "reviewer",
        lambda made: f"/rounds/{ROUND}/visits/new?office={_unvisited(made)}",
        listed=True,  # whoever may be sent is there to choose from
    ),
    Page("result of an audit", "reviewer", lambda made: f"/audits/{_audit(made)}"),
    _fixed("offices", "reviewer", "/offices", listed=True),
    Page("one office", "reviewer", lambda made: f"/offices/{made.codes[0]}"),
    _fixed("queue of reviewers", "reviewer", "/review", listed=True),
    _fixed("queue: being reviewed", "reviewer", "/review?show=in_review", listed=True),
    Page("review of an audit", "reviewer", lambda made: f"/review/{_audit(made, 'in_review')}"),
    _fixed("queue of approvers", "approver", "/decisions", listed=True),
    Page("one decision", "approver", lambda made: f"/decisions/{_audit(made, 'proposed')}"),
    _fixed("certificates", "approver", "/certificates", listed=True),
    _fixed("public register", "", "/register", listed=True),
    _fixed("plans of all offices", "reviewer", "/plans", listed=True),
    Page("plan of one office", "head", lambda made: f"/plans/{made.codes[0]}"),
    _fixed("surveys of all offices", "reviewer", "/surveys", listed=True),
    _fixed("surveys of one office", "editor", "/surveys"),
    _fixed("search", "reviewer", f"/search?q={WORDS}"),
    _fixed("search among notes", "reviewer", f"/search?q={WORDS}&kind=note"),
    _fixed("search by an office", "editor", f"/search?q={WORDS}"),
    _fixed("what waits, anywhere", "reviewer", "/held", listed=True),
    _fixed("trail", "auditor", "/trail"),
    _fixed("log", "auditor", "/log"),
    _fixed("people", "administrator", "/people", listed=True),
    _fixed("tables to take", "reviewer", "/feeds"),
    _fixed("reminders", "approver", "/reminders", listed=True),
    _fixed(
        "OData: 100 rows of a filter", "program", f"/odata/v4/Items?$filter={FILTER}&$top=100"
    ),
    _fixed(
        "OData: 100 audits in an order",
        "program",
        "/odata/v4/Audits?$orderby=percent%20desc&$top=100",
    ),
    _fixed("JSON: 100 audits", "program", "/api/v1/audits?limit=100"),
    _fixed("a phone's list", "phone", "/api/sync/audits"),
    Page(
        "a phone's pull of a visit",
        "phone",
        lambda made: (
            f"/api/sync/pull?audit={name(9, (YEARS - 1) * len(made.places))}&after=0&limit=500"
        ),
    ),
)
EXPORTS: Final = {
    "workbook of a round": f"/feeds/rounds/{ROUND}.xlsx",
    "audits as a workbook": "/feeds/audits.xlsx",
    "criteria as CSV": "/feeds/items.csv",
    "all audits by OData": "/odata/v4/Audits",
}
