"""The sources of a generation: how many articles each has, and the dates of first and last."""

from dataclasses import dataclass

from index.engines.api import Snapshot, Sort
from index.engines.queries import All, Term

MAX_SOURCES = 300
"""The list holds the sources with most articles."""


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """`first`, `last`: publication of its earliest and latest article, in epoch seconds."""

    name: str
    articles: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class SourceList:
    """`more`: whether there are sources beyond these; `unnamed`: articles without any source."""

    sources: tuple[SourceSummary, ...]
    more: bool
    unnamed: int | None


def source_list(snapshot: Snapshot) -> SourceList:
    """Sources with most articles first. `unnamed` is None if not all sources are listed."""
    counted = snapshot.facet_counts(All(), {}, ("source",), MAX_SOURCES + 1)["source"]
    more = len(counted) > MAX_SOURCES
    listed = counted[:MAX_SOURCES]
    sources = tuple(
        SourceSummary(name, count, _end(snapshot, name, "oldest"), _end(snapshot, name, "newest"))
        for name, count in listed
    )
    named = sum(source.articles for source in sources)
    return SourceList(sources, more, None if more else snapshot.generation.articles - named)


def _end(snapshot: Snapshot, source: str, sort: Sort) -> int | None:
    """When the first article in this order was published. Undated articles come last in both."""
    matches = snapshot.match(Term("source", source), sort=sort, limit=1).matches
    return matches[0].published if matches else None
