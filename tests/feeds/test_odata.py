"""The OData feed: read over a socket by a client that is not ours, and asked strangely."""

import warnings
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.feeds.rules import TABLES
from app.feeds.rules.filters import BadQuestion, parse
from app.kit.database import open_session
from tests.feeds.conftest import Country
from tests.feeds.many import fill

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture
def many(country: Country) -> int:
    """Enough visits that their criteria are more than one page."""
    with open_session(country.engine) as session:
        fill(
            session,
            edition=country.world.edition,
            by=country.world.people["central"],
            audits=60,
            offices=20,
        )
        session.commit()
    return 60


def get(country: Country, headers: dict[str, str], address: str) -> Any:
    return country.client.get(f"/odata/v4/{address}", headers=headers)


def test_an_independent_client_reads_every_row_by_the_metadata_alone(
    country: Country, central: dict[str, str], many: int, served: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what that client does with its own libraries
        import requests
        from odata import ODataService

        session = requests.Session()
        session.trust_env = False
        session.auth = ("", central["Authorization"].removeprefix("Bearer "))
        service = ODataService(f"{served}/odata/v4/", session=session, reflect_entities=True)
        assert set(service.entities) == {t.entity_set for t in TABLES.values()}
        audit = service.entities["Audits"]
        everything = list(service.query(audit))
        assert len(everything) == many + 2
        assert len({one.id for one in everything}) == many + 2
        submitted = service.query(audit).filter(audit.stage == "submitted")
        assert {one.stage for one in submitted} == {"submitted"}
        best = next(iter(service.query(audit).order_by(audit.percent.desc()).limit(1)))
        assert float(best.percent) == max(float(one.percent) for one in everything)
        # More criteria than fit into one answer: it follows the links.
        item = service.entities["Items"]
        asked = 1
        for criterion in country.world.edition.criteria:
            asked += criterion.kind != "advisory"
        items = list(service.query(item))
        assert len(items) == (asked - 1) * (many + 2) > 1000
        assert len({(one.audit_id, one.criterion) for one in items}) == len(items)
        office = next(iter(service.query(service.entities["Offices"])))
        assert office.code
        session.close()


def test_the_metadata_describes_what_is_sent(country: Country, central: dict[str, str]) -> None:
    answer = get(country, central, "$metadata")
    assert answer.headers["odata-version"] == "4.0"
    tree = ElementTree.fromstring(answer.text)
    described = {
        each.get("Name"): [one.get("Name") for one in each.iter(f"{EDM}Property")]
        for each in tree.iter(f"{EDM}EntityType")
    }
    sets = {each.get("Name"): each.get("EntityType") for each in tree.iter(f"{EDM}EntitySet")}
    listed = get(country, central, "").json()["value"]
    assert {one["url"] for one in listed} == set(sets)
    for name, kind in sets.items():
        told = get(country, central, str(name)).json()
        assert told["@odata.context"].endswith(f"/odata/v4/$metadata#{name}")
        assert kind
        for row in told["value"]:
            assert list(row) == described[kind.removeprefix("gecc.")]


def test_pages_follow_each_other_without_a_gap(
    country: Country, central: dict[str, str], many: int
) -> None:
    for query in ("$top=1500", "$orderby=stands desc,points&$top=1500", ""):
        found: list[tuple[str, str]] = []
        link = f"/odata/v4/Items?{query}"
        pages = 0
        while link:
            told = country.client.get(link, headers=central).json()
            found += [(row["audit_id"], row["criterion"]) for row in told["value"]]
            link = told.get("@odata.nextLink", "")
            pages += 1
        assert pages > 1
        assert len(set(found)) == len(found)
        if query:
            assert len(found) == 1500


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Audits?$filter=kind eq 'visit'&$select=id,stage&$count=true", 1),
        ("Audits?$filter=kind eq 'self' or kind eq 'visit'", 2),
        ("Audits?$filter=not (kind eq 'self')", 1),
        ("Audits?$filter=not (level eq 'none')", 2),
        ("Audits?$filter=level eq null", 2),
        ("Audits?$filter=level ne null", 0),
        ("Audits?$filter=kind in ('self', 'visit') and percent lt 86.005", 2),
        ("Audits?$filter=contains(office_th,'เชียง')", 2),
        ("Audits?$filter=contains(office_th,'%25')", 0),
        ("Audits?$filter=startswith(office_code,'PJO_50')", 0),
        ("Audits?$filter=endswith(office_code,'-50')", 2),
        ("Audits?$filter=office_th eq 'it''s'", 0),
        ("Audits?$filter=planned_on ge 2026-11-24", 1),
        ("Audits?$filter=updated_at ge 2026-11-21T00:00:00Z", 2),
        ("Audits?$filter=updated_at gt 2026-11-21T02:00:00Z", 0),
        ("Audits?$filter=updated_at ge 2026-11-21T07:00:00%2B07:00", 2),
        ("Audits?$filter=cancelled eq false", 2),
        ("Audits?$filter=percent lt 999999999999", 2),
        ("Audits?$filter=percent in (999999999999,0.005,-0.004)", 0),
        ("Audits?$filter=percent in (999999999999) or gates in (1,999999999)", 0),
        ("Items?$filter=stands eq 'met'", 2),
        ("Items?$filter=criterion eq 'P02' and stands ne 'blank'", 1),
        ("Offices?$filter=pilot eq false", 2),
        ("Offices?$filter=latitude eq null&$orderby=code desc", 2),
        ("Rounds", 1),
        ("Certificates", 0),
        ("Audits?$top=0", 0),
        ("Audits?$top=2147483647", 2),
        ("Audits?$skip=1", 1),
        ("Audits?$skip=99", 0),
        ("Audits?x=1&other=2", 2),
    ],
)
def test_a_question_finds_the_rows_it_names(
    country: Country, central: dict[str, str], address: str, expected: int
) -> None:
    answer = get(country, central, address)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["value"]) == expected
    if "$count" in address:
        assert answer.json()["@odata.count"] == expected
        assert set(answer.json()["value"][0]) == {"id", "stage"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("Nothing", 404),
        ("offices", 404),
        ("Offices('nowhere')", 404),
        ("Offices(1)", 400),
        ("Offices(other='x')", 400),
        ("Items('x')", 400),
        ("Audits?$filter=secret eq 1", 400),
        ("Audits?$filter=percent eq 'x'", 400),
        ("Audits?$filter=office_code eq 5", 400),
        ("Audits?$filter=gates gt null", 400),
        ("Audits?$filter=gates gt 99999999999999999999", 400),
        ("Audits?$filter=percent gt 1e400", 400),
        ("Audits?$filter=planned_on eq 2026-13-01", 400),
        ("Audits?$filter=updated_at ge 0001-01-01T00:00:00%2B23:59", 400),
        ("Audits?$filter=kind eq 'visit", 400),
        ("Audits?$filter=kind eq", 400),
        ("Audits?$filter=kind eq 'a' extra", 400),
        ("Audits?$filter=id eq id", 400),
        ("Audits?$filter=length(kind) eq 4", 400),
        ("Audits?$filter=matchesPattern(kind,'(a*)*')", 400),
        ("Audits?$filter=kind eq 'visit'; drop table audit", 400),
        ("Items?$filter=section eq 'P'", 400),
        ("Items?$orderby=criterion_th", 400),
        ("Audits?$filter=" + "(" * 2000, 400),
        ("Audits?$filter=" + "not " * 500 + "kind eq 'a'", 400),
        ("Audits?$filter=" + " or ".join(["kind eq 'a'"] * 1000), 400),
        ("Audits?$top=-1", 400),
        ("Audits?$top=99999999999999999999", 400),
        ("Audits?$top=๑", 400),
        ("Audits?$top=1&$top=2", 400),
        ("Audits?$skip=x", 400),
        ("Audits?$skiptoken=x", 400),
        ("Audits?$skiptoken=WyJcdWQ4MDAiXQ", 400),
        ("Audits?$skiptoken=WyJcdTAwMDAiXQ", 400),
        ("Audits?$orderby=kind sideways", 400),
        ("Audits?$select=password", 400),
        ("Audits?$count=maybe", 400),
        ("Audits?$expand=Items", 501),
        ("Audits?$search=x", 501),
        ("Audits?$apply=aggregate(x)", 501),
        ("Audits?$format=xml", 501),
    ],
)
def test_what_cannot_be_answered_is_refused_in_the_words_of_odata(
    country: Country, central: dict[str, str], address: str, status: int
) -> None:
    answer = get(country, central, address)
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["odata-version"] == "4.0"
    assert set(answer.json()["error"]) == {"code", "message"}


def test_one_row_is_found_by_its_key(country: Country, central: dict[str, str]) -> None:
    row = get(country, central, "Audits").json()["value"][0]
    one = get(country, central, f"Audits('{row['id']}')").json()
    assert one.pop("@odata.context").endswith("#Audits/$entity")
    assert one == row
    item = get(country, central, "Items").json()["value"][0]
    named = f"audit_id='{item['audit_id']}',criterion='{item['criterion']}'"
    assert get(country, central, f"Items({named})").json()["stands"] == item["stands"]
    assert get(country, central, "Audits/$count?$filter=kind eq 'self'").text == "1"


def test_a_token_is_needed_and_opens_only_what_it_carries(
    country: Country,
) -> None:
    refused = get(country, {}, "")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic")
    assert refused.json()["error"]["code"] == "token.needed"
    narrow = country.token("central", "offices.see")
    assert [one["name"] for one in get(country, narrow, "").json()["value"]] == ["Offices"]
    assert get(country, narrow, "Audits").status_code == 403
    assert get(country, narrow, "Offices").status_code == 200


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["kind", "eq", "'a'", "(", ")", "and", "or", "not", "in", ",", "null", "5", "''"]
        ),
        max_size=30,
    ).map(" ".join)
)
def test_any_text_is_a_question_or_is_refused(text: str) -> None:
    with suppress(BadQuestion):
        parse(text, TABLES["audits"])


def test_names_in_questions_are_never_part_of_the_statement(
    country: Country, central: dict[str, str]
) -> None:
    for text in ("' or 1=1 --", "%", "_", "\\", "!", "/", "ก" * 100, "\u0301"):
        quoted = quote("'" + text.replace("'", "''") + "'")
        for how in (f"kind eq {quoted}", f"contains(office_th,{quoted})"):
            answer = get(country, central, f"Audits?$filter={how}")
            assert answer.status_code == 200
            assert answer.json()["value"] == []
