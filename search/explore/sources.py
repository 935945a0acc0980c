"""Every source of a generation: how many articles, from when to when."""

from dataclasses import dataclass

from index.engines.api import Snapshot, Sort
from index.engines.queries import All, Term

MAX_SOURCES = 300
"""Sources of one list: those with the most articles."""


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """`first`, `last`: when its earliest and its latest article were published, epoch seconds."""

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
    """Those with the most articles first. `unnamed` is None where not all sources are listed."""
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
    """When the first article in this order was published; undated ones are last in both."""
    matches = snapshot.match(Term("source", source), sort=sort, limit=1).matches
    return matches[0].published if matches else None
