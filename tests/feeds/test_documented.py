"""What docs/feeds.md shows can be asked as it stands there, and answers what it promises."""

import re
from pathlib import Path

import pytest

from app.feeds.rules import TABLES
from tests.feeds.conftest import Country

PAGE = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text("utf-8")
EXAMPLES = re.findall(r"^GET (/\S.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("address", EXAMPLES)
def test_every_example_of_the_document_is_answered(
    country: Country, central: dict[str, str], address: str
) -> None:
    answer = country.client.get(address, headers=central)
    assert answer.status_code == 200, answer.text


def test_the_document_has_examples_and_names_every_table() -> None:
    assert len(EXAMPLES) >= 7
    for table in TABLES.values():
        assert f"| `{table.name}` |" in PAGE
        assert f"`{table.scope}`" in PAGE


def test_the_example_of_an_answer_has_fields_that_there_are() -> None:
    shown = re.search(r"```json\n(.+)\n```", PAGE)
    assert shown
    named = set(re.findall(r'"(\w+)":', shown[1])) - {"data", "next"}
    assert named <= set(TABLES["items"].by_name)
