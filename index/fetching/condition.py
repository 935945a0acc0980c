"""How a feed is doing: what its state and its articles say at a moment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.fetching.schedule import DAY, FeedState
from index.text.dates import SHANGHAI

SHOWN_DAYS = 14
SILENT_GAPS, SILENT_SECONDS = 4, DAY
"""A feed is silent after so many of its usual gaps without an article, and a day at least."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`a_day`: articles first seen on each of the last days in Asia/Shanghai, today last. `silent`:
    whether it has had no article for much longer than is usual."""

    state: FeedState
    next_at: int
    a_day: tuple[int, ...]
    silent: bool


def feed_condition(state: FeedState, next_at: int, seen: Sequence[int], now: int) -> Condition:
    """`seen`: when its articles of the last SHOWN_DAYS days were first seen."""
    today = _day(now)
    counts = Counter(today - _day(moment) for moment in seen)
    a_day = tuple(counts[ago] for ago in reversed(range(SHOWN_DAYS)))
    quiet = now - state.last_article
    silent = bool(state.last_article and state.gap) and quiet > max(
        SILENT_GAPS * state.gap, SILENT_SECONDS
    )
    return Condition(state, next_at, a_day, silent)


def _day(moment: int) -> int:
    return datetime.fromtimestamp(moment, SHANGHAI).toordinal()
