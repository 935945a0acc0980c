"""Reposts folded under one story: the list that pages are cut from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.engines.api import Match


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the results: the article shown, and how many matching articles tell its story."""

    match: Match
    size: int = 1


def collapse(matches: Iterable[Match]) -> list[list[Match]]:
    """A story a line, where its best article stands: its articles in order."""
    stories: dict[str, list[Match]] = {}
    for match in matches:
        stories.setdefault(match.story, []).append(match)
    return list(stories.values())


def story_row(members: list[Match]) -> ResultRow:
    """A line of some articles of one story, showing the earliest."""
    return ResultRow(head(members, members[0].score), len(members))


def head(members: list[Match], score: float) -> Match:
    """The earliest article of a story; undated ones last, then by id. It takes the best score."""
    first = min(members, key=lambda m: (m.published is None, m.published or 0, m.id))
    return first if first.score == score else first._replace(score=score)


def over_all_matches(rows: list[ResultRow], members: Mapping[str, list[Match]]) -> list[ResultRow]:
    """The same lines with heads and sizes over *all* matching articles of their stories."""
    result = []
    for line in rows:
        everyone = members.get(line.match.story)
        if everyone:
            result.append(ResultRow(head(everyone, line.match.score), len(everyone)))
        else:
            result.append(line)
    return result
