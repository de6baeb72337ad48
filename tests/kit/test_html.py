"""Moments as people read them, also those that cameras and phones made up."""

import pytest

from app.kit.html import be_datetime


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-24T03:05:00.000Z", "24 พฤศจิกายน 2569 10.05 น."),
        ("2026-11-24T10:05:00", "24 พฤศจิกายน 2569 10.05 น."),  # a camera's own clock
        ("2026-11-24T10:05:00+07:00", "24 พฤศจิกายน 2569 10.05 น."),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("2026-02-31T10:00:00", "2026-02-31T10:00:00"),
        ("0000-01-01T00:00:00", "0000-01-01T00:00:00"),
        ("0001-01-01T00:00:00.000Z", "1 มกราคม 544 07.00 น."),
    ],
)
def test_any_moment_a_device_may_tell_can_be_shown(moment: str, shown: str) -> None:
    assert be_datetime(moment) == shown
