"""The report and the receipt: what they say, of which moment, with which photos."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.audits.rules.hearing import Ear
from app.audits.rules.shapes import TYPED
from app.kit.printing import printable, render
from app.reports import queries
from app.reports.queries import Paper
from app.settings import Settings
from tests import make
from tests.reports.reading import pages_of, pictures, sound, text_of, words_missing
from tests.reports.world import NOTES, Story, plain_photo, scribble

HOSTILE = [
    '#image("/etc/passwd") *ดาว* _ขีด_ $x^2$ <label> @ref \\ // จบ',
    "ดีมาก 😀 ป้าย\u202eกลับ\u200bหลัง",
    "ก" + "้" * 40 + "x" * 300,
    "บรรทัดแรก\nบรรทัดสอง\n\nบรรทัดสี่",
]


def of(story: Story, ear: Ear = "inside") -> Paper:
    story.session.flush()
    return queries.report(story.session, story.found, story.settings, ear=ear)


def set_in(story: Story, paper: Paper) -> bytes:
    """The paper set as the door does it, with the pictures of its photos."""
    from app.evidence import jobs
    from app.reports.queries import Rendition

    data_dir = story.settings.data_dir
    images = {
        name: one if isinstance(one, bytes) else jobs.picture(data_dir, one.sha256, 800)
        for name, one in paper.images.items()
    }
    assert all(isinstance(one, bytes | Rendition) for one in paper.images.values())
    there = {name: one for name, one in images.items() if one}
    return render(paper.template, {**paper.data, "drawn": sorted(there)}, there, at=paper.at)


def said(value: Any) -> list[str]:
    """Every text in the data of a paper."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in said(one)]
    if isinstance(value, list):
        return [text for one in value for text in said(one)]
    return []


UNSEEN = {"title", "image", "tone", "colour", "kind", "standing", "code", "sample", "drawn"}


def shown(data: Any) -> list[str]:
    """The texts that must be on the paper: all but names of colours and files."""
    if isinstance(data, dict):
        return [text for key, one in data.items() if key not in UNSEEN for text in shown(one)]
    if isinstance(data, list):
        return [text for one in data for text in shown(one)]
    return said(data)


def test_it_is_sound_and_every_word_of_it_is_found(story: Story) -> None:
    story.decide(story.propose())
    paper = of(story)
    made = set_in(story, paper)
    sound(made)
    data = {key: one for key, one in paper.data.items() if key not in {"marks", "lacking"}}
    assert words_missing(made, *map(printable, shown(data))) == []
    for words in NOTES.values():
        assert words_missing(made, words) == []
    for item in ("สารบัญ", "ข้อค้นพบ", "ลายมือชื่อ", "ผลการตัดสิน", "กัญญารัตน์ อินทรกำแหง"):
        assert words_missing(made, item) == []
    assert words_missing(made, "หน้า 2 จาก") == []


def test_no_line_begins_with_a_mark_or_a_following_vowel(story: Story) -> None:
    story.propose()
    for line in text_of(set_in(story, of(story))).splitlines():
        first = line.strip()[:1]
        assert not "\u0e30" <= first <= "\u0e3a", line
        assert not "\u0e45" <= first <= "\u0e4e", line


def test_what_strangers_wrote_is_printed_and_breaks_nothing(
    session: Session, settings: Settings
) -> None:
    story = Story(session, settings)
    story.answer(weak=3)
    for number, words in enumerate(HOSTILE):
        criterion = f"P0{number + 1}"
        story.say("answer", criterion, {"na": words} if number == 9 else "not_met")
        story.say("note", criterion, words)
        story.take(criterion, plain_photo(900 + number), words[:500])
    story.send()
    over = story.digest
    name = "ดาว * #x _ 😀 " + "ย" * 90
    value = {"name": name, "post": HOSTILE[0], "strokes": scribble(3), "over": over}
    story.say("signature", "office", value)
    story.send()
    made = set_in(story, of(story))
    sound(made)
    assert words_missing(made, printable(name), *map(printable, HOSTILE)) == []
    receipt = queries.receipt(session, story.found, settings)
    page = set_in(story, receipt)
    sound(page)
    assert pages_of(page) == 1
    assert words_missing(page, printable(name)) == []


def test_fifty_findings_are_all_told(session: Session, settings: Settings) -> None:
    story = Story(session, settings)
    asked = [one for one in story.edition.criteria if one.kind != "advisory"]
    assert len(asked) == 50
    for criterion in asked:
        if criterion.kind == "gate":
            story.say("answer", criterion.code, "not_met")
        for part in criterion.parts:
            story.say("answer", criterion.target_of(part.code), part.steps[0].points / 100)
        story.say("note", criterion.code, f"บันทึกของข้อ {criterion.code} ต้องแก้ไขก่อนตรวจรอบหน้า")
    story.send()
    paper = of(story)
    assert sum(len(one["items"]) for one in paper.data["findings"]) == 50
    made = set_in(story, paper)
    assert words_missing(made, *(f"บันทึกของข้อ {one.code}" for one in asked)) == []
    receipt = set_in(story, queries.receipt(session, story.found, settings))
    assert pages_of(receipt) == 1
    assert words_missing(receipt, *(one.code for one in asked)) == []


def test_an_audit_of_which_nothing_is_known_yet_has_papers_too(
    session: Session, settings: Settings
) -> None:
    story = Story(session, settings)
    paper = of(story)
    made = set_in(story, paper)
    sound(made)
    assert paper.data["standing"] == "open"
    assert words_missing(made, "ไม่มีภาพในรายงานนี้", "ยังไม่มีผู้ลงลายมือชื่อ", "ยังไม่ได้ตัดสิน") == []
    assert pages_of(set_in(story, queries.receipt(session, story.found, settings))) == 1


def test_two_hundred_chosen_photos_are_all_shown(session: Session, settings: Settings) -> None:
    story = Story(session, settings)
    story.answer()
    story.photograph(200)
    story.send()
    taken = audits_photos(story)
    assert len(taken) == 200
    story.propose(photos=taken)
    paper = of(story)
    assert len(paper.data["photos_shown"]) == 200
    made = set_in(story, paper)
    sound(made)
    assert words_missing(made, *(f"ภาพที่ {number} จุดบริการ" for number in range(1, 201))) == []


def audits_photos(story: Story) -> list[str]:
    from app.audits import queries as audits

    state = audits.reading(story.session, story.found).state
    return [one["id"] for taken in state["photos"].values() for one in taken]


def test_without_a_choice_findings_and_sections_show_one_photo_each(story: Story) -> None:
    story.photograph(50)
    story.send()
    codes = [one["code"] for one in of(story).data["photos_shown"]]
    weak = [item["code"] for section in of(story).data["findings"] for item in section["items"]]
    assert len(codes) == len(set(codes)) <= 40
    assert set(weak) & set(codes) == set(weak)
    assert {code[0] for code in codes} >= {"P", "Q", "R"}


def test_a_photo_that_was_masked_is_never_shown_not_even_when_it_was_masked_later(
    story: Story,
) -> None:
    bare = plain_photo(500)
    change = story.take("P01", bare, "เห็นหน้าคน")
    story.send()
    proposal = story.propose(photos=[change])
    assert [one["caption"] for one in of(story).data["photos_shown"]] == ["เห็นหน้าคน"]
    assert proposal.head == story.found.head
    masked_later(story, change, bare)
    assert of(story).data["photos_shown"] == []


def masked_later(story: Story, change: str, bare: bytes) -> None:
    """A masked copy arrives after the proposal, as it may while criteria are returned."""
    import hashlib

    story.step("send_back", story.other, reason="ขอปิดบังใบหน้า")
    found = story.found
    assert found.audit is not None
    found.audit.stage = "open"
    story.session.flush()
    source = {"how": "masked", "change": change, "sha256": hashlib.sha256(bare).hexdigest()}
    story.take("P01", plain_photo(501), "ปิดบังแล้ว", of=source)
    story.send()


def test_a_photo_whose_bytes_nobody_of_its_authors_sent_is_not_shown(story: Story) -> None:
    from app.evidence import demo as evidence

    data = plain_photo(700)
    evidence.receive(
        story.session, story.settings.data_dir, data, by=story.first.id, at=story.now
    )
    line = story.phone.photo(story.id, data, "P02")
    story.lines.append(line)
    story.send()
    shown_of = [one["code"] for one in of(story).data["photos_shown"]]
    story.propose(photos=[line.split('"id":"')[1][:36]])
    assert of(story).data["photos_shown"] == []
    assert shown_of


def test_a_report_of_a_proposal_is_of_what_was_frozen(story: Story) -> None:
    before = of(story).data
    proposal = story.propose()
    paper = of(story)
    assert paper.data["standing"] == "proposed"
    assert paper.data["earned"] == before["earned"]
    assert any(proposal.sha256 == row["value"] for row in paper.data["origin"])
    assert any(row["value"] == f"1 ถึง {proposal.head:,}" for row in paper.data["origin"])
    assert paper.at >= proposal.at


def test_signatures_say_whether_they_are_over_what_is_reported(story: Story) -> None:
    assert [one["same"] for one in of(story).data["signatures"]] == [True, True]
    story.say("note", "P01", "แก้ไขหลังลงชื่อ")
    story.send()
    assert [one["same"] for one in of(story).data["signatures"]] == [False, False]
    story.say("signature", "office", None)
    story.send()
    assert [one["role"] for one in of(story).data["signatures"]] == ["ผู้ตรวจประเมิน"]


def test_a_typed_name_stands_on_the_line_of_its_signature(story: Story) -> None:
    drawn = of(story).data["signatures"][-1]
    assert not drawn["typed"]
    typed = {"name": "สุรางค์ ทิพย์โอสถ", "post": "", "over": "0" * 64, "strokes": TYPED}
    story.say("signature", "office", typed)
    story.send()
    paper = of(story)
    assert [one["typed"] for one in paper.data["signatures"]] == [False, True]


def test_the_receipt_carries_the_code_of_what_was_found(story: Story) -> None:
    receipt = queries.receipt(story.session, story.found, story.settings)
    made = set_in(story, receipt)
    sound(made)
    assert pages_of(made) == 1
    code = story.digest[:12]
    assert receipt.data["check"] == code
    assert words_missing(made, code[:4], code[4:8], code[8:]) == []
    assert words_missing(made, "นายสมเกียรติ วงศ์วัฒนา", "24 พฤศจิกายน 2569") == []
    (page,) = pictures(made, 72)
    assert page.size[1] > page.size[0]


def test_the_same_report_is_the_same_file(story: Story) -> None:
    story.decide(story.propose())
    assert set_in(story, of(story)) == set_in(story, of(story))


# --- the doors ---


def test_the_office_has_its_report_once_it_is_decided_others_before(
    story: Story, client: TestClient
) -> None:
    story.keep()
    path = f"/audits/{story.id}/report.pdf"
    assert client.get(path, follow_redirects=False).status_code == 303
    for person in (story.lead, story.reviewer, story.first):
        make.sign_in(client, person)
        answer = client.get(path)
        assert answer.status_code == 200, person.username
        assert answer.headers["content-type"] == "application/pdf"
    make.sign_in(client, story.head)
    refused = client.get(path)
    assert refused.status_code == 403
    assert "เมื่อตัดสินผลแล้ว" in refused.text
    assert client.get(f"/audits/{story.id}/receipt.pdf").status_code == 200
    story.decide(story.propose())
    story.keep()
    assert client.get(path).status_code == 200


def test_the_office_does_not_read_what_reviewers_and_approvers_told_each_other(
    story: Story,
) -> None:
    story.propose()
    story.step("send_back", story.other, reason="คิดว่าหลักฐานอ่อน")
    told = [one["reason"] for one in of(story).data["steps"]]
    team = [one["reason"] for one in of(story, "team").data["steps"]]
    kept = [one["words"] + one["reason"] for one in of(story, "office").data["steps"]]
    assert "คิดว่าหลักฐานอ่อน" in told
    assert "คิดว่าหลักฐานอ่อน" not in team
    assert "ส่งกลับผู้ทบทวน" not in " ".join(kept)  # nothing has been decided since


def test_strangers_find_no_paper_of_an_audit(
    story: Story, session: Session, client: TestClient
) -> None:
    other = make.person(session, "office_head", office="PJO-30")
    username = other.username
    story.keep()
    session.refresh(other)
    session.commit()
    assert username
    make.sign_in(client, other)
    for paper in ("report", "receipt"):
        assert client.get(f"/audits/{story.id}/{paper}.pdf").status_code == 404
        assert client.get(f"/audits/{'0' * 36}/{paper}.pdf").status_code == 404


@pytest.mark.parametrize("paper", ["report", "receipt"])
def test_ten_at_once_all_get_their_paper(story: Story, client: TestClient, paper: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    story.keep()
    make.sign_in(client, story.reviewer)
    with ThreadPoolExecutor(10) as pool:
        path = f"/audits/{story.id}/{paper}.pdf"
        answers = list(pool.map(lambda _: client.get(path), range(10)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
