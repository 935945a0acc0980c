"""Matches in order: by score or by date, ties by id, from any place on."""

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

from tantivy import Occur, Order
from tantivy import Query as Native

from index.engines.api import Match, Sort, SortKey
from index.engines.queries import And, Not, Or, Query, Range
from index.engines.query_rewrite import constant_score
from index.engines.tantivy.addresses import ArticleAddresses
from index.engines.tantivy.compiler import TantivyCompiler
from index.engines.tantivy.schema import NUMBER
from index.engines.tantivy.score_tiers import LiftedMatches, ScoreTiers

TIE_MARGIN = 32
"""Matches read beyond those asked for, so that what ties with the last one is known."""

MANY_MATCHES, GROWTH_FACTOR = 10_000, 4
"""Of so many matches, so many times as many are read until it is known what ties with the last."""
Hits = list[tuple[Any, Any]]
"""(score or sort key, address)."""
Sorted = tuple[int | None, list[Match]]
"""How many there are, where that came with them, and the matches asked for."""


class ScoredFilter(NamedTuple):
    """A query that finds matches; one that scores them, or the score that all of them have."""

    found: Native
    scored: Native | float


class Sorter:
    """Reads matches in order over one searcher."""

    def __init__(self, searcher: Any, compiler: TantivyCompiler, places: ArticleAddresses) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._addresses = places

    def ranked(self, query: Query, limit: int, after: SortKey | None) -> Sorted:
        """How many there are, and the first `limit` matches after a place by score, those of equal
        score newest first."""
        native = self._compiler.compile(query)
        wanted = limit
        while True:
            wanted += TIE_MARGIN
            result = self._searcher.search(native, wanted)
            hits, total = result.hits, int(result.count)
            complete = len(hits) == total
            sure = hits if complete else [hit for hit in hits if hit[0] > hits[-1][0]]
            if after is not None:
                sure = [hit for hit in sure if hit[0] <= after[0]]
            if complete or len(sure) >= limit:
                found = _after(self._matches(sure), "relevance", after)
                if complete or len(found) >= limit:
                    return total, found[:limit]
            if after is None and total > MANY_MATCHES:
                first = self._first_of_all(native, hits, total, limit)
                return total, _after(self._matches(first), "relevance", None)[:limit]
            wanted *= 2

    def _first_of_all(self, native: Native, found: Hits, total: int, limit: int) -> Hits:
        """The first `limit` hits by score, and of those that score as the last of them the newest:
        an article that is not shown need not be named.

        `found`: the first hits, of which so many tie with the last one that it is not known where
        they end.
        """
        hits, last = found, found[limit - 1][0]
        while hits[-1][0] == last and len(hits) < total:
            hits = self._searcher.search(native, GROWTH_FACTOR * len(hits), count=False).hits
        above = [hit for hit in hits[:limit] if hit[0] > last]
        tied = [hit for hit in hits[len(above) :] if hit[0] == last]
        times = self._searcher.fast_field_values("published", [place for _, place in tied])
        ages = [inf if time is None else -time for time in times]
        oldest = sorted(ages)[limit - len(above) - 1]
        return above + [hit for hit, age in zip(tied, ages, strict=True) if age <= oldest]

    def by_tiers(self, steps: ScoreTiers, limit: int, after: SortKey | None) -> Sorted:
        """The same of a query that is answered step by step."""
        if isinstance(steps, LiftedMatches):
            return None, self._lifted(steps, limit, after)
        total: int | None = None
        found: list[Match] = []
        for count in range(len(steps.options), 0, -1):
            native, score = self._compiler.tally(steps, count), count * steps.each
            total, more = self._alike(native, score, limit - len(found), after)
            found += more
        return total if steps.is_one else None, found

    def _lifted(self, steps: LiftedMatches, limit: int, after: SortKey | None) -> list[Match]:
        needed, lifting = steps.needed, Or(steps.lifting)
        found: list[Match] = []
        if after is None or after[0] > steps.score:
            _, found = self.ranked(And((*needed, lifting)), limit, after)
        rest = self._compiler.filter(And((*needed, Not(lifting))))
        return found + self._alike(rest, steps.score, limit - len(found), after)[1]

    def _alike(self, native: Native, score: float, limit: int, after: SortKey | None) -> Sorted:
        """Matches that all have one score, newest first, unless they stand before a place."""
        if not limit or (after is not None and score > after[0]):
            return None, []
        place = after if after is not None and score == after[0] else None
        return self._dated(ScoredFilter(native, score), "newest", limit, place)

    def dated(self, query: Query, sort: Sort, limit: int, after: SortKey | None) -> Sorted:
        """How many there are, if all are looked at, and the first `limit` matches after a place by
        date; undated ones last, by id."""
        score = constant_score(query)
        scored = self._compiler.compile(query) if score is None else score
        return self._dated(ScoredFilter(self._compiler.filter(query), scored), sort, limit, after)

    def _dated(self, asked: ScoredFilter, sort: Sort, limit: int, after: SortKey | None) -> Sorted:
        if after is not None and after[1] is None:
            return None, self._without_date(asked, limit, after)
        total, found = self._with_date(asked, sort, limit, after)
        if len(found) < limit and total != len(found):
            found += self._without_date(asked, limit - len(found), None)
        return total, found

    def _with_date(
        self, asked: ScoredFilter, sort: Sort, limit: int, after: SortKey | None
    ) -> Sorted:
        """Those without a date, which Tantivy puts last, are among them where these are all."""
        newest, narrowed, first = sort == "newest", asked.found, after is None
        if after is not None:
            low, high = (None, after[1]) if newest else (after[1], None)
            narrowed = both_of(narrowed, self._compiler.filter(Range("published", low, high)))
        order = Order.Desc if newest else Order.Asc
        wanted = limit
        while True:
            wanted += TIE_MARGIN
            result = self._searcher.search(
                narrowed, wanted, count=first, order_by_field="published", order=order
            )
            hits = result.hits
            complete = len(hits) < wanted
            last = None if complete else hits[-1][0]
            sure = hits if complete else [hit for hit in hits if hit[0] != last]
            found = _after(self._matches(self._scored(asked, sure)), sort, after)
            if last is None or len(found) >= limit:
                return int(result.count) if first else None, found[:limit]
            wanted *= 2

    def _without_date(self, asked: ScoredFilter, limit: int, after: SortKey | None) -> list[Match]:
        dated = self._compiler.filter(Range("published"))
        narrowed = Native.boolean_query([(Occur.Must, asked.found), (Occur.MustNot, dated)])
        wanted = limit
        while True:
            hits = self._searcher.search(
                narrowed, wanted, count=False, order_by_field="id", order=Order.Asc
            ).hits
            found = _after(self._matches(self._scored(asked, hits)), "newest", after)
            if len(found) >= limit or len(hits) < wanted:
                return found[:limit]
            wanted *= 4

    def _scored(self, asked: ScoredFilter, hits: Hits) -> Hits:
        """The same hits with their scores in place of what they were ordered by."""
        if isinstance(asked.scored, float):
            return [(asked.scored, address) for _, address in hits]
        if not hits:
            return []
        numbers = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
        chosen = self._compiler.numbered(numbers)
        found: Hits = self._searcher.search(
            both_of(asked.scored, chosen), len(hits), count=False
        ).hits
        return found

    def _matches(self, hits: Hits) -> list[Match]:
        addresses = [address for _, address in hits]
        times = self._searcher.fast_field_values("published", addresses)
        names = self._addresses.names(addresses)
        told = zip(hits, times, names, strict=True)
        return [Match(name, score, time, story) for (score, _), time, (name, story) in told]


def _after(matches: list[Match], sort: Sort, after: SortKey | None) -> list[Match]:
    """In order, and only those behind a place."""
    ordered = sorted(matches, key=_by_score if sort == "relevance" else _by_date(sort))
    if after is None:
        return ordered
    beyond = _place(after, sort)
    return [match for match in ordered if _place(match.sort_key(), sort) > beyond]


def _by_score(match: Match) -> tuple[float, bool, int, str]:
    article_id, score, published, _ = match
    return (-score, published is None, -(published or 0), article_id)


def _by_date(sort: Sort) -> Callable[[Match], tuple[float, bool, int, str]]:
    return lambda match: _place(match.sort_key(), sort)


def _place(key: SortKey, sort: Sort) -> tuple[float, bool, int, str]:
    score, published, article_id = key
    time = published or 0
    return (
        -score if sort == "relevance" else 0.0,
        published is None,
        time if sort == "oldest" else -time,
        article_id,
    )


def both_of(query: Native, other: Native) -> Native:
    return Native.boolean_query([(Occur.Must, query), (Occur.Must, other)])
