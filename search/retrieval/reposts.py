"""Which articles are the first of their story, and the order by how often a story was reposted."""

from collections.abc import Iterable, Mapping

from index.engines.api import Match, Snapshot
from index.engines.queries import Not, Or, Query, Term


def reposted_stories(snapshot: Snapshot) -> dict[str, int]:
    """Stories of two articles or more, with how many. They are few: 167 of 35,056."""
    counted = snapshot.terms("story", limit=snapshot.generation.articles)
    return {story: articles for story, articles in counted if articles > 1}


def of_stories(stories: Iterable[str]) -> Query:
    """Articles of any of these stories."""
    return Or(tuple(Term("story", story) for story in stories))


def first_articles(snapshot: Snapshot) -> Query:
    """A query for the first article of each story, and for articles that nobody reposted. The id of
    a story is that of its first article."""
    reposted = reposted_stories(snapshot)
    return Or((Not(of_stories(reposted)), *(Term("id", story) for story in reposted)))


def by_story(matches: Iterable[Match]) -> dict[str, list[Match]]:
    """The matches of each story, in their order; stories in the order of their first match."""
    stories: dict[str, list[Match]] = {}
    for match in matches:
        stories.setdefault(match.story, []).append(match)
    return stories


def most_reposted_first(matches: Iterable[Match], articles: Mapping[str, int]) -> list[Match]:
    """Matches, story by story, those of most articles first; equal ones stay in their order.
    `articles`: how many a story has, matching or not."""
    stories = by_story(matches)
    ordered = sorted(stories, key=lambda story: -articles[story])
    return [match for story in ordered for match in stories[story]]
