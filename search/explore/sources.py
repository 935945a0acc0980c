"""The sources of a generation: how many articles each has, from when to when, and of which kind."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from index.analysis.kinds import KINDS
from index.engines.api import Match, Snapshot, Sort
from index.engines.queries import All, Query, Term
from index.text.dates import DAY_SECONDS
from index.text.han import is_han

MAX_SOURCES = 300
"""The list holds the sources with most articles."""
READ_TITLES = 5
"""Titles of a source, its newest, that tell the language of its articles."""
MIN_HAN_SHARE = 0.3
"""Of the letters of its titles: a source with fewer Han characters is not Chinese."""
MIN_KIND_SHARE = 0.5
"""Of a source's articles: a kind that most of them are of."""

SourceOrder = Literal["articles", "name", "first", "last", "span"]
SOURCE_ORDERS: tuple[SourceOrder, ...] = get_args(SourceOrder)


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """`first`, `last`: its earliest and latest article with a date, if it has any. `chinese`: of
    what its titles are written in. `kinds`: those that most of its articles are of, with how many
    are. `url`: the original address of its newest article."""

    name: str
    articles: int
    first: Match | None
    last: Match | None
    chinese: bool = True
    kinds: tuple[tuple[str, int], ...] = ()
    url: str | None = None

    @property
    def days(self) -> int | None:
        """From the first to the last, both included."""
        first = self.first.published if self.first else None
        last = self.last.published if self.last else None
        return None if first is None or last is None else (last - first) // DAY_SECONDS + 1


@dataclass(frozen=True, slots=True)
class SourceList:
    """`more`: whether there are sources beyond these; `unnamed`: articles without any source."""

    sources: tuple[SourceSummary, ...]
    more: bool
    unnamed: int | None


def source_list(snapshot: Snapshot, order: SourceOrder = "articles") -> SourceList:
    """The sources with most articles, in this order. `unnamed` is None if not all are listed."""
    counted = _by_source(snapshot, All())
    more = len(counted) > MAX_SOURCES
    listed = dict(list(counted.items())[:MAX_SOURCES])
    newest = {name: _matches(snapshot, name, "newest", READ_TITLES) for name in listed}
    ids = [match.id for matches in newest.values() for match in matches]
    stored = {row["id"]: row for row in snapshot.stored(ids, ("id", "title", "url"))}
    kinds = {kind: _by_source(snapshot, Term("kind", kind)) for kind in KINDS}
    sources = tuple(
        SourceSummary(
            name=name,
            articles=count,
            first=_dated(_matches(snapshot, name, "oldest", 1)),
            last=_dated(newest[name]),
            chinese=_is_chinese(stored[match.id]["title"] for match in newest[name]),
            kinds=_kinds_of(name, count, kinds),
            url=next((stored[match.id]["url"] for match in newest[name]), None),
        )
        for name, count in listed.items()
    )
    named = sum(listed.values())
    unnamed = None if more else snapshot.generation.articles - named
    return SourceList(_ordered(sources, order), more, unnamed)


def _by_source(snapshot: Snapshot, query: Query) -> dict[str, int]:
    return dict(snapshot.facet_counts(query, {}, ("source",), MAX_SOURCES + 1)["source"])


def _matches(snapshot: Snapshot, source: str, sort: Sort, limit: int) -> tuple[Match, ...]:
    return snapshot.match(Term("source", source), sort=sort, limit=limit).matches


def _dated(matches: Sequence[Match]) -> Match | None:
    """The first in either order of dates; undated articles come last in both."""
    return matches[0] if matches and matches[0].published is not None else None


def _is_chinese(titles: Iterable[str]) -> bool:
    letters = Counter(is_han(char) for title in titles for char in title if char.isalpha())
    return letters[True] >= MIN_HAN_SHARE * letters.total()


def _kinds_of(
    name: str, articles: int, kinds: Mapping[str, Mapping[str, int]]
) -> tuple[tuple[str, int], ...]:
    counts = ((kind, counted.get(name, 0)) for kind, counted in kinds.items())
    return tuple((kind, count) for kind, count in counts if count > MIN_KIND_SHARE * articles)


def _ordered(sources: Sequence[SourceSummary], order: SourceOrder) -> tuple[SourceSummary, ...]:
    """Undated ones last where dates count; ties by number of articles."""

    def key(source: SourceSummary) -> tuple[bool, float | str, int]:
        most = -source.articles
        match order:
            case "articles":
                return (False, most, most)
            case "name":
                return (False, source.name, most)
            case "span":
                return (source.days is None, -(source.days or 0), most)
            case "first":
                return (source.first is None, _published(source.first), most)
            case "last":
                return (source.last is None, -_published(source.last), most)

    return tuple(sorted(sources, key=key))


def _published(match: Match | None) -> int:
    return (match.published or 0) if match else 0
