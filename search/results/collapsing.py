"""Collapses reposts: articles of one story become one result row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.engines.api import Match
from index.text.dates import DAY_SECONDS, HOUR_SECONDS
from search.retrieval.reposts import by_story

SHANGHAI_AHEAD = 8 * HOUR_SECONDS
"""Of UTC, in seconds."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the results: the article shown, and how many matching articles its story has;
    in the order by reposts, how many it has in all. `first_known`: the others are known to be
    later."""

    match: Match
    size: int = 1
    first_known: bool = False


def collapse_reposts(matches: Iterable[Match]) -> list[list[Match]]:
    """The matches by story, each story at the rank of its best match."""
    return list(by_story(matches).values())


def story_row(members: list[Match]) -> ResultRow:
    """The row of some articles of one story, the best first; it shows the earliest."""
    return _row(members, members[0].score)


def _row(members: list[Match], score: float) -> ResultRow:
    first = head(members, score)
    return ResultRow(first, len(members), first_known(first, members))


def first_known(first: Match, members: Iterable[Match]) -> bool:
    """Whether `first` was published before the others: its date is given, and each of theirs is
    later, or estimated to no earlier day."""
    if first.published is None or first.estimated:
        return False
    return all(
        is_later(first.published, each.published, estimated=each.estimated)
        for each in members
        if each.id != first.id
    )


def is_later(start: int, other: int | None, *, estimated: bool) -> bool:
    """Whether `other` is known to be after `start`, a given time; both in epoch seconds."""
    if other is None:
        return False
    if estimated:
        return other + DAY_SECONDS > start
    # A day without a time is stored as midnight: what is of that day may be earlier or later.
    only_a_day = (start + SHANGHAI_AHEAD) % DAY_SECONDS == 0
    return other >= start + DAY_SECONDS if only_a_day else other > start


def head(members: list[Match], score: float) -> Match:
    """The earliest article of a story, with `score`; without a given date they come last, by id."""
    first = min(members, key=Match.story_order)
    return first if first.score == score else first._replace(score=score)


def over_all_matches(
    rows: Sequence[ResultRow], members: Mapping[str, list[Match]]
) -> list[ResultRow]:
    """The rows with heads and sizes over *all* matching articles of their stories. `members`: those
    articles by story; a story that is missing there keeps its row."""
    result = []
    for row in rows:
        everyone = members.get(row.match.story)
        if everyone:
            result.append(_row(everyone, row.match.score))
        else:
            result.append(row)
    return result
