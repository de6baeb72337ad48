"""The verdict of a push, without a database."""

import json
import random

from app.audits.rules.judging import Book, judge, read
from app.audits.rules.standing import CLOSED, LAM_AHEAD, Asks
from app.checklists import queries as checklists
from tests.audits.world import Phone, uid

ASKS = Asks(checklists.read_shipped("gecc/2568"))


def said(book: Book, phone: Phone, lines: list[str]) -> list[str]:
    verdicts = judge(
        book, [read(line) for line in lines], device=phone.device, author=phone.person
    )
    return [each.reason.code if each.reason else each.verdict for each in verdicts]


def test_a_book_in_memory_judges_without_a_database() -> None:
    phone, audit = Phone(uid()), uid()
    book = Book(audit, asks=ASKS)
    line = phone.line(audit, "answer", "P01", "met")
    other = line.replace('"met"', '"not_met"')
    taken = phone.line(audit, "answer", "P02", "met", n=1)
    lines = [line, line, other, taken, phone.line(audit, "answer", "NOPE", "met"), "{"]
    assert said(book, phone, lines) == [
        "kept",
        "known",
        "change.other-bytes",
        "change.number-taken",
        "edition.unknown-target",
        "change.not-json",
    ]
    assert book.head == 1
    blocked = judge(
        book,
        [read(line), read(phone.line(audit, "answer", "P03", "met"))],
        device=phone.device,
        author=phone.person,
        blocked=CLOSED,
    )
    assert [each.verdict for each in blocked] == ["known", "held"]


def test_how_lines_are_cut_into_pushes_never_matters() -> None:
    chance = random.Random(3)
    for _ in range(20):
        phone, audit = Phone(uid()), uid()
        lines = [
            phone.line(
                audit,
                "answer",
                chance.choice(["P01", "NOPE"]),
                "met",
                n=chance.randint(1, 20),
                lam=chance.choice([1, LAM_AHEAD, 2 * LAM_AHEAD, 3 * LAM_AHEAD + 9]),
            )
            for _ in range(20)
        ]
        lines += chance.choices(lines, k=10)
        whole, cut = Book(audit, asks=ASKS), Book(audit, asks=ASKS)
        at_once = said(whole, phone, lines)
        size = chance.randint(1, 7)
        pieces = [lines[first : first + size] for first in range(0, len(lines), size)]
        assert [one for piece in pieces for one in said(cut, phone, piece)] == at_once
        assert cut.head == whole.head == at_once.count("kept")


def test_the_largest_count_is_looked_up_only_where_it_may_be_too_far() -> None:
    phone, audit = Phone(uid()), uid()
    asked: list[int] = []

    def largest() -> int:
        asked.append(1)
        return LAM_AHEAD

    book = Book(audit, asks=ASKS, largest=largest)
    near = phone.line(audit, "answer", "P01", "met")
    assert (said(book, phone, [near]), asked) == (["kept"], [])
    far = [phone.line(audit, "answer", "P01", "met", lam=LAM_AHEAD * 2 + k) for k in (0, 1)]
    assert said(book, phone, far) == ["kept", "kept"]
    assert len(asked) == 1
    assert json.loads(book.kept[json.loads(near)["id"]].line)["n"] == 1
