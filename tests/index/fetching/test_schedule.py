"""When feeds are fetched: tables of answers, and six days on a clock that is passed in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching.reading.entries import Hints
from index.fetching.schedule import (
    ADOPTED_AFTER,
    DAY,
    FIRST_RETRY,
    HOUR,
    LONGEST,
    MINUTE,
    FeedState,
    Outcome,
    Pace,
    after,
    host_rest,
    interval,
)

NOON = 1_668_513_600
"""Tuesday, 2022-11-15 12:00 GMT."""
NEW = FeedState("甲", "https://a.example/feed", "https://a.example/feed")
PUBLIC, OWN = Pace(), Pace(private=True)


def answered(status: int = 200, **headers: str) -> Outcome:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Outcome(status, named, hints=Hints(), error="" if status in (200, 304) else "…")


INTERVALS = {
    "nothing said": (PUBLIC, {}, Hints(), HOUR),
    "ttl of five minutes": (PUBLIC, {}, Hints(ttl=5), 15 * MINUTE),
    "ttl of half an hour": (PUBLIC, {}, Hints(ttl=30), 30 * MINUTE),
    "ttl of a week": (PUBLIC, {}, Hints(ttl=10_080), DAY),
    "max-age": (PUBLIC, {"cache-control": "public, max-age=7200"}, Hints(), 2 * HOUR),
    "max-age of nothing": (PUBLIC, {"cache-control": "max-age=0"}, Hints(), HOUR),
    "no-cache": (PUBLIC, {"cache-control": "no-cache"}, Hints(), HOUR),
    "expires": (
        PUBLIC,
        {"expires": "Tue, 15 Nov 2022 15:00:00 GMT", "date": "Tue, 15 Nov 2022 12:00:00 GMT"},
        Hints(),
        3 * HOUR,
    ),
    "expired": (PUBLIC, {"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, Hints(), HOUR),
    "expires nonsense": (PUBLIC, {"expires": "-1"}, Hints(), HOUR),
    "retry-after of a success": (PUBLIC, {"retry-after": "10800"}, Hints(), 3 * HOUR),
    "ten minutes asked for": (Pace(10 * MINUTE), {}, Hints(), HOUR),
    "ten minutes asked for and allowed": (Pace(10 * MINUTE), {}, Hints(ttl=5), 10 * MINUTE),
    "a minute asked for and allowed": (Pace(MINUTE), {}, Hints(ttl=1), 5 * MINUTE),
    "ten minutes asked for, an hour hinted": (Pace(10 * MINUTE), {}, Hints(ttl=60), HOUR),
    "a day asked for": (Pace(DAY), {}, Hints(ttl=5), DAY),
    "own host": (OWN, {}, Hints(ttl=300), HOUR),
    "own host, five minutes": (Pace(5 * MINUTE, private=True), {}, Hints(ttl=300), 5 * MINUTE),
    "own host, a second": (Pace(1, private=True), {}, Hints(), MINUTE),
}


@pytest.mark.parametrize(
    ("pace", "headers", "hints", "expected"), INTERVALS.values(), ids=INTERVALS
)
def test_interval(pace: Pace, headers: dict[str, str], hints: Hints, expected: int) -> None:
    """Once an hour, unless the feed itself says otherwise."""
    assert interval(pace, headers, hints, NOON) == expected


@given(
    st.integers(0, 10**6),
    st.booleans(),
    st.integers(0, 10**9) | st.none(),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_intervals_are_bounded(
    every: int, private: bool, ttl: int | None, control: str, retry: str
) -> None:
    """Whatever a feed says, it is fetched again within a day or the time its owner asks for, and
    never at once."""
    headers = {"cache-control": control, "expires": control, "retry-after": retry}
    found = interval(Pace(every, private), headers, Hints(ttl=ttl), NOON)
    assert MINUTE <= found <= max(LONGEST, every)


def test_failures_back_off_and_one_success_resets() -> None:
    """Ten minutes, doubled up to a day."""
    state, waits = NEW, []
    for _ in range(10):
        state = after(state, PUBLIC, answered(500), NOON)
        waits.append(state.next_at - NOON)
    assert waits[:4] == [600, 1_200, 2_400, 4_800]
    assert waits[-1] == DAY
    assert state.failures == 10

    state = after(state, PUBLIC, answered(), NOON)
    assert (state.failures, state.error, state.next_at) == (0, "", NOON + HOUR)


def test_a_feed_that_was_cut_off_is_asked_again_soon() -> None:
    """In full and sooner than usual; where that goes on, as often as usual. It is no success."""
    whole = after(NEW, PUBLIC, replace(answered(etag="a"), body_hash="b"), NOON)
    state, waits = whole, []
    for _ in range(5):
        state = after(state, PUBLIC, replace(answered(etag="c"), whole=False), NOON + HOUR)
        waits.append(state.next_at - NOON - HOUR)
        assert (state.etag, state.body_hash, state.last_success) == ("", "", NOON)
    assert waits == [10 * MINUTE, 20 * MINUTE, 40 * MINUTE, HOUR, HOUR]
    assert (state.failures, "不完整" in state.error) == (5, True)
    asked = replace(answered(retry_after="7200"), whole=False)
    assert after(NEW, PUBLIC, asked, NOON).next_at == NOON + 2 * HOUR

    again = after(state, PUBLIC, answered(etag="a"), NOON + DAY)
    assert (again.failures, again.error, again.etag) == (0, "", "a")


RETRIES = {
    "seconds": ("7200", 7_200),
    "a date": ("Tue, 15 Nov 2022 14:00:00 GMT", 7_200),
    "a date that is over": ("Tue, 15 Nov 2012 14:00:00 GMT", FIRST_RETRY),
    "for ever": ("99999999999", DAY),
    "nonsense": ("soon", FIRST_RETRY),
    "negative": ("-5", FIRST_RETRY),
}


@pytest.mark.parametrize(("stated", "wait"), RETRIES.values(), ids=RETRIES)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(status: int, stated: str, wait: int) -> None:
    """As asked, a day at most. A public host rests with all its feeds, one's own does not."""
    outcome = answered(status, retry_after=stated)
    assert after(NEW, PUBLIC, outcome, NOON).next_at == NOON + wait
    assert host_rest(PUBLIC, outcome, NOON) == NOON + wait
    assert host_rest(OWN, outcome, NOON) == 0


def test_an_error_is_no_rest_for_the_host() -> None:
    """Only where the host says that it is asked too often."""
    assert host_rest(PUBLIC, answered(500), NOON) == 0
    assert host_rest(PUBLIC, Outcome(error="…"), NOON) == 0


def test_gone_counts_on_two_days() -> None:
    """410 on one day is looked at again, on the next it ends the feed; between, anything else
    begins anew."""
    once = after(NEW, PUBLIC, answered(410), NOON)
    assert not once.ended
    assert not after(once, PUBLIC, answered(410), NOON + HOUR).ended
    assert after(once, PUBLIC, answered(410), NOON + DAY).ended == "gone"
    back = after(once, PUBLIC, answered(), NOON + DAY)
    assert not after(back, PUBLIC, answered(410), NOON + 2 * DAY).ended


def moved(target: str) -> Outcome:
    return replace(answered(), moved_to=target)


def test_a_permanent_redirect_is_adopted_after_a_week() -> None:
    """If it was the same all the time."""
    state = after(NEW, PUBLIC, moved("https://b.example/"), NOON)
    later = NOON + ADOPTED_AFTER
    assert state.address == NEW.address
    assert after(state, PUBLIC, moved("https://b.example/"), later - 1).address == NEW.address
    assert after(state, PUBLIC, moved("https://b.example/"), later).address == "https://b.example/"
    assert after(state, PUBLIC, moved("https://c.example/"), later).address == NEW.address
    gone = after(state, PUBLIC, answered(), NOON + HOUR)
    assert after(gone, PUBLIC, moved("https://b.example/"), later).address == NEW.address


def test_a_redirect_out_of_https_is_never_adopted() -> None:
    """Whoever is in between could have sent it."""
    state = after(NEW, PUBLIC, moved("http://b.example/"), NOON)
    later = after(state, PUBLIC, moved("http://b.example/"), NOON + 2 * ADOPTED_AFTER)
    assert later.address == NEW.address


def test_hours_and_days_to_skip() -> None:
    """The next fetch is in neither; a feed that skips everything is fetched once a day."""
    hours = replace(answered(), hints=Hints(skip_hours=frozenset((13, 14))))
    assert after(NEW, PUBLIC, hours, NOON).next_at == NOON + 3 * HOUR
    days = replace(answered(), hints=Hints(skip_days=frozenset((1,))))
    assert after(NEW, PUBLIC, days, NOON).next_at == NOON + 12 * HOUR
    all_hours = replace(answered(), hints=Hints(skip_hours=frozenset(range(24))))
    assert after(NEW, PUBLIC, all_hours, NOON).next_at == NOON + HOUR + DAY


def test_hints_are_remembered_when_nothing_is_new() -> None:
    """304 has no feed in it to say them again."""
    state = after(NEW, PUBLIC, replace(answered(), hints=Hints(ttl=180)), NOON)
    assert after(state, PUBLIC, Outcome(304, {}), NOON).next_at == NOON + 3 * HOUR


@pytest.mark.parametrize("etag", ["a\r\nX: y", "数", "", "a" * 2_000])
def test_validators_that_no_header_can_hold(etag: str) -> None:
    """They are not kept."""
    assert after(NEW, PUBLIC, answered(etag=etag), NOON).etag == ""


def test_six_days() -> None:
    """A feed that works, fails for a day, asks for rest, moves and is gone: when it is asked."""
    story = [
        (1 * DAY, answered()),
        (2 * DAY, answered(500)),
        (3 * DAY, answered(429, retry_after="21600")),
        (4 * DAY, moved("https://b.example/")),
        (6 * DAY, answered(410)),
    ]
    state, now = NEW, NOON
    asked = [0] * 6
    while not state.ended and now < NOON + 6 * DAY:
        outcome = next(each for end, each in story if now - NOON < end)
        state = after(state, PUBLIC, outcome, now)
        asked[(now - NOON) // DAY] += 1
        now = max(state.next_at, now + 1)

    assert asked == [24, 8, 1, 6, 1, 1]
    assert state.ended == "gone"
