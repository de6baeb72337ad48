"""Two phones and a server: what is pushed, and what comes of it."""

from fastapi.testclient import TestClient
from tests.audits.world import World, pull, push, verdicts


def test_a_change_is_kept_and_the_same_again_is_known(client: TestClient, world: World) -> None:
    phone = world.phone("lead")
    line = phone.line(world.visit, "answer", "P01", "met")
    first = push(client, phone, world.visit, [line])
    assert first["results"][0][1:] == ["kept", 1]
    again = push(client, phone, world.visit, [line])
    assert again["results"][0][1:] == ["known", 1]
    pulled = pull(client, phone, world.visit)
    assert pulled["changes"] == [[1, line]]
    assert pulled["scorecard"]["head"] == 1
