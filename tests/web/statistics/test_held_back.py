"""Five asks before anything is told, and never a count that is too high."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from web.statistics.held_back import FLOOR, MAX_HELD_DAYS, Ask, AskCounts, HeldBack

TODAY = date(2026, 11, 30).toordinal()


def ask(ms: int = 10, *, is_empty: bool = False, day: int = TODAY) -> Ask:
    return Ask(day, is_empty, ms)


def test_the_fifth_ask_releases_five() -> None:
    held = HeldBack()
    waiting = [held.add("a", ask(ms, is_empty=ms > 30)) for ms in (10, 20, 30, 40)]

    assert waiting == [None] * 4
    assert held.add("a", ask(50)) == AskCounts(asks=5, empty=1, ms=150, slowest_ms=50)
    assert len(held) == 0
    assert held.add("a", ask()) is None


def test_old_asks_are_forgotten() -> None:
    held = HeldBack()
    for _ in range(4):
        held.add("a", ask())
    later = TODAY + MAX_HELD_DAYS
    assert held.add("a", ask(day=later)) is None
    assert len(held) == 1


@given(st.lists(st.sampled_from("abcdefghij"), max_size=200), st.integers(1, 12))
def test_counts_are_never_too_high(asked: list[str], size: int) -> None:
    """Whatever is asked, however small the table: five at a time, at most as many as there were."""
    held, released = HeldBack(size), Counter[str]()
    for key in asked:
        counts = held.add(key, ask())
        assert counts is None or counts.asks == FLOOR
        released[key] += counts.asks if counts else 0
        assert len(held) <= size

    true = Counter(asked)
    assert all(released[key] <= true[key] for key in true)
    if size >= len(true):  # with room for all, fewer than five of each are held back
        assert all(true[key] - released[key] < FLOOR for key in true)


def test_a_flood_does_not_hide_what_is_asked_often() -> None:
    """One query in three, among ever new ones, in a table of four."""
    held, released = HeldBack(4), 0
    for number in range(300):
        held.add(f"new{number}", ask())
        held.add(f"other{number}", ask())
        released += held.add("often", ask()) is not None
    assert released >= 10
