"""How a feed is doing: what its state and its articles say at a moment."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from index.fetching.schedule import FeedState
from index.fetching.state import StateReader
from index.fetching.subscriptions import Subscription
from index.text.dates import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SHANGHAI

SHOWN_DAYS = 14
SILENT_GAPS, SILENT_SECONDS = 4, DAY_SECONDS
"""A feed is silent after so many of its usual gaps without an article, and a day at least."""

Unit = Literal["minutes", "hours", "days"]


@dataclass(frozen=True, slots=True)
class Condition:
    """`a_day`: articles first seen on each of the last days in Asia/Shanghai, today last. `silent`:
    whether it has had no article for much longer than is usual. `texts`: of a feed whose articles
    have the text of their page, how many have it from where (FullText)."""

    state: FeedState
    a_day: tuple[int, ...]
    silent: bool
    texts: Mapping[str, int] = field(default_factory=dict)


def feed_conditions(listed: Sequence[Subscription], path: Path, now: int) -> list[Condition] | None:
    """Of these feeds, in their order, from the state at `path`; None if there is none to read."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            reader = StateReader(connection)
            found = []
            for each in listed:
                state = reader.feed(each.name, each.url)
                seen = reader.first_seen_since(each.name, now - SHOWN_DAYS * DAY_SECONDS)
                texts = reader.full_texts(each.name) if each.full_text else {}
                found.append(replace(feed_condition(state, seen, now), texts=texts))
            return found
    except sqlite3.Error:
        return None


def feed_condition(state: FeedState, seen: Sequence[int], now: int) -> Condition:
    """`seen`: when its articles of the last SHOWN_DAYS days were first seen."""
    today = _day(now)
    counts = Counter(today - _day(moment) for moment in seen)
    a_day = tuple(counts[ago] for ago in reversed(range(SHOWN_DAYS)))
    quiet = now - state.last_article
    silent = bool(state.last_article and state.gap) and quiet > max(
        SILENT_GAPS * state.gap, SILENT_SECONDS
    )
    return Condition(state, a_day, silent)


def rounded(seconds: int) -> tuple[int, Unit]:
    """A gap as people say it: minutes (at least one) below an hour and a half, hours below two
    days, else days."""
    if seconds < 1.5 * HOUR_SECONDS:
        return max(1, round(seconds / MINUTE_SECONDS)), "minutes"
    if seconds < 2 * DAY_SECONDS:
        return round(seconds / HOUR_SECONDS), "hours"
    return round(seconds / DAY_SECONDS), "days"


def _day(moment: int) -> int:
    return datetime.fromtimestamp(moment, SHANGHAI).toordinal()
