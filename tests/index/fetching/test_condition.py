"""How a feed is doing: times as people say them."""

import pytest

from index.fetching.condition import rounded

DAY, HOUR, MINUTE = 86_400, 3_600, 60
SPOKEN = {
    "nothing": (0, (1, "minutes")),
    "seconds": (29, (1, "minutes")),
    "below an hour and a half": (89 * MINUTE, (89, "minutes")),
    "an hour and a half": (90 * MINUTE, (2, "hours")),
    "below two days": (47 * HOUR, (47, "hours")),
    "two days": (2 * DAY, (2, "days")),
    "days and hours": (9 * DAY + 13 * HOUR, (10, "days")),
}


@pytest.mark.parametrize(("seconds", "said"), SPOKEN.values(), ids=SPOKEN)
def test_times_as_people_say_them(seconds: int, said: tuple[int, str]) -> None:
    """A number and its unit."""
    assert rounded(seconds) == said
