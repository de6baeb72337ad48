"""The pages of a review, walked by the front door."""

from tests.review.room import Room
from tests.visit import look


def test_a_reviewer_takes_accepts_returns_and_proposes(room: Room) -> None:
    room.photo("P01")
    room.sign_in(room.reviewer)
    assert "สำนักงานยุติธรรมจังหวัดเชียงใหม่" in look(room.client, "/review")
    room.look()
    assert room.post("take").headers["location"] == room.base
    assert room.stage == "in_review"
    text = room.look()
    assert f'href="{room.base}/{room.codes[0]}"' in text
    room.look("/P01")
    for number, code in enumerate(room.codes):
        answer = room.mark(code)
        following = room.codes[number + 1 : number + 2]
        where = f"/{following[0]}" if following else "#whole"
        assert answer.headers["location"] == f"{room.base}{where}"
    text = room.look()
    assert room.post("propose", remark="ครบถ้วน").status_code == 303
    assert room.stage == "proposed"
    room.look()
