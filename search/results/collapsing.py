"""Collapses reposts: articles of one story become one result row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.engines.api import Match


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the results: the article shown, and how many matching articles its story has."""

    match: Match
    size: int = 1


def collapse_reposts(matches: Iterable[Match]) -> list[list[Match]]:
    """The matches by story, each story at the rank of its best match."""
    stories: dict[str, list[Match]] = {}
    for match in matches:
        stories.setdefault(match.story, []).append(match)
    return list(stories.values())


def story_row(members: list[Match]) -> ResultRow:
    """The row of some articles of one story, the best first; it shows the earliest."""
    return ResultRow(head(members, members[0].score), len(members))


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
            result.append(ResultRow(head(everyone, row.match.score), len(everyone)))
        else:
            result.append(row)
    return result
