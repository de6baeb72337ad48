"""A no as a page: it says what happened and what to do, whatever its kind."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.kit import errors, web
from tests.visit import inspect

KINDS = [*web.STATUS, errors.Refusal]
SAYS = {
    errors.Missing: "ไม่พบหน้านี้",
    errors.Forbidden: "บัญชีนี้ทำรายการนี้ไม่ได้",
    errors.TooLarge: "สิ่งที่ส่งมาใหญ่เกินไป",
    errors.TooMany: "ลองถี่เกินไป",
}
CRASH = "ระบบขัดข้อง"


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_no_has_a_page_of_its_own(
    app: FastAPI, client: TestClient, kind: type[errors.Refusal], lang: str
) -> None:
    said = kind("test.said", "เพราะฝนตก", "Because it rains.")

    @app.post("/test-only/refused")
    def refused() -> None:
        raise errors.Refused(said)

    client.cookies.set("lang", lang)
    answer = client.post("/test-only/refused")
    assert answer.status_code == web.STATUS.get(kind, 500)
    inspect(answer.text, kind.__name__)
    assert said.sentence(lang) in answer.text
    assert "test.said" in answer.text
    assert 'href="/sign-in"' in answer.text
    if lang == "th":
        assert SAYS.get(kind, "") in answer.text
        assert (f"<span>{CRASH}</span>" in answer.text) == (kind is errors.Refusal)


def test_a_fragment_that_is_refused_is_only_its_sentence(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "ไม่พบหน้านี้" in answer.text
    assert "<html" not in answer.text
