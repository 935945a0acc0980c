"""Sorts matches by score or date, ties by id, and continues after any match."""

from math import inf
from operator import eq
from typing import Any, NamedTuple

from tantivy import Occur, Order
from tantivy import Query as Native

from index.engines.api import Match, Sort, SortKey, matches_of
from index.engines.queries import And, Not, Or, Query, Range
from index.engines.query_rewrite import constant_score
from index.engines.tantivy.compiler import TantivyCompiler, both_of
from index.engines.tantivy.documents import ArticleAddresses
from index.engines.tantivy.schema import NUMBER
from index.engines.tantivy.score_tiers import LiftedMatches, ScoreTiers

TIE_MARGIN = 32
"""Matches read beyond those query for, to see which tie with the last one."""

MANY_MATCHES, GROWTH_FACTOR = 10_000, 4
"""Of more than MANY_MATCHES, GROWTH_FACTOR times as many are read at each try, until it is known
which tie with the last one."""
Hits = list[tuple[Any, Any]]
"""(score or sort key, address)."""
Sorted = tuple[int | None, list[Match]]
"""The total, if it came with the matches, and the matches."""


class ScoredFilter(NamedTuple):
    """A query that finds matches, and one that scores them (or the score that all have)."""

    filter: Native
    scored: Native | float


class Sorter:
    """Reads sorted matches over one searcher."""

    def __init__(
        self, searcher: Any, compiler: TantivyCompiler, addresses: ArticleAddresses
    ) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._addresses = addresses

    def ranked(self, query: Query, limit: int, after: SortKey | None) -> Sorted:
        """The total, and the first `limit` matches after `after` by score; equal scores newest
        first."""
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
                found = _after(_in_order(self._matches(sure)), "relevance", after)
                if complete or len(found) >= limit:
                    return total, found[:limit]
            if after is None and total > MANY_MATCHES:
                first = self._first_of_all(native, hits, total, limit)
                return total, _in_order(self._matches(first))[:limit]
            wanted *= 2

    def _first_of_all(self, native: Native, found: Hits, total: int, limit: int) -> Hits:
        """The first `limit` hits by score; of those that tie with the last one, the newest.

        Saves reading the ids of all that tie. `found`: the first hits, which end within a tie.
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

    def by_tiers(self, tiers: ScoreTiers, limit: int, after: SortKey | None) -> Sorted:
        """As `ranked`, for a query that has tiers."""
        if isinstance(tiers, LiftedMatches):
            return None, self._lifted(tiers, limit, after)
        total: int | None = None
        found: list[Match] = []
        for count in range(len(tiers.options), 0, -1):
            native, score = self._compiler.tally(tiers, count), count * tiers.each
            total, more = self._tied(native, score, limit - len(found), after)
            found += more
        return total if tiers.is_one else None, found

    def _lifted(self, tiers: LiftedMatches, limit: int, after: SortKey | None) -> list[Match]:
        needed, lifting = tiers.needed, Or(tiers.lifting)
        found: list[Match] = []
        if after is None or after[0] > tiers.score:
            _, found = self.ranked(And((*needed, lifting)), limit, after)
        rest = self._compiler.filter(And((*needed, Not(lifting))))
        return found + self._tied(rest, tiers.score, limit - len(found), after)[1]

    def _tied(self, native: Native, score: float, limit: int, after: SortKey | None) -> Sorted:
        """Matches that all have this score, newest first; none if all come before `after`."""
        if not limit or (after is not None and score > after[0]):
            return None, []
        place = after if after is not None and score == after[0] else None
        return self._dated(ScoredFilter(native, score), "newest", limit, place)

    def dated(self, query: Query, sort: Sort, limit: int, after: SortKey | None) -> Sorted:
        """The total, if it is known, and the first `limit` matches after `after` by date; undated
        ones last, by id."""
        score = constant_score(query)
        scored = self._compiler.compile(query) if score is None else score
        return self._dated(ScoredFilter(self._compiler.filter(query), scored), sort, limit, after)

    def _dated(self, query: ScoredFilter, sort: Sort, limit: int, after: SortKey | None) -> Sorted:
        if after is not None and after[1] is None:
            return None, self._without_date(query, limit, after)
        total, found = self._with_date(query, sort, limit, after)
        if len(found) < limit and total != len(found):
            found += self._without_date(query, limit - len(found), None)
        return total, found

    def _with_date(
        self, query: ScoredFilter, sort: Sort, limit: int, after: SortKey | None
    ) -> Sorted:
        """Includes matches without a date, which Tantivy sorts last, if all fit."""
        newest, narrowed, first = sort == "newest", query.filter, after is None
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
            found = _after(_by_date(self._matches(self._scored(query, sure)), sort), sort, after)
            if last is None or len(found) >= limit:
                return int(result.count) if first else None, found[:limit]
            wanted *= 2

    def _without_date(self, query: ScoredFilter, limit: int, after: SortKey | None) -> list[Match]:
        dated = self._compiler.filter(Range("published"))
        narrowed = Native.boolean_query([(Occur.Must, query.filter), (Occur.MustNot, dated)])
        wanted = limit
        while True:
            hits = self._searcher.search(
                narrowed, wanted, count=False, order_by_field="id", order=Order.Asc
            ).hits
            undated = _by_date(self._matches(self._scored(query, hits)), "newest")
            found = _after(undated, "newest", after)
            if len(found) >= limit or len(hits) < wanted:
                return found[:limit]
            wanted *= 4

    def _scored(self, query: ScoredFilter, hits: Hits) -> Hits:
        """The hits with their scores instead of their sort values."""
        if isinstance(query.scored, float):
            return [(query.scored, address) for _, address in hits]
        if not hits:
            return []
        numbers = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
        chosen = self._compiler.numbered(numbers)
        found: Hits = self._searcher.search(
            both_of(query.scored, chosen), len(hits), count=False
        ).hits
        return found

    def _matches(self, hits: Hits) -> list[Match]:
        if not hits:
            return []
        scores, addresses = zip(*hits, strict=True)
        times = self._searcher.fast_field_values("published", addresses)
        estimated = self._searcher.fast_field_values("estimated", addresses)
        ids, stories = zip(*self._addresses.names(addresses), strict=True)
        return matches_of(zip(ids, scores, times, stories, map(bool, estimated), strict=True))


def _in_order(matches: list[Match]) -> list[Match]:
    """The matches, which come by score, with equal scores newest first."""
    scores = [match.score for match in matches]
    ties = [at for at, tied in enumerate(map(eq, scores, scores[1:])) if tied]
    end = 0
    for start in ties:
        if start < end:
            continue
        end = start + 1
        while end < len(scores) and scores[end] == scores[start]:
            end += 1
        matches[start:end] = sorted(matches[start:end], key=_newest_first)
    return matches


def _newest_first(match: Match) -> tuple[bool, int, str]:
    published = match.published
    return (published is None, -(published or 0), match.id)


def _by_date(matches: list[Match], sort: Sort) -> list[Match]:
    return sorted(matches, key=lambda match: _sort_key(match.sort_key(), sort)[1:])


def _after(matches: list[Match], sort: Sort, after: SortKey | None) -> list[Match]:
    """Those after `after`."""
    if after is None:
        return matches
    beyond = _sort_key(after, sort)
    return [match for match in matches if _sort_key(match.sort_key(), sort) > beyond]


def _sort_key(key: SortKey, sort: Sort) -> tuple[float, bool, int, str]:
    score, published, article_id = key
    time = published or 0
    return (
        -score if sort == "relevance" else 0.0,
        published is None,
        time if sort == "oldest" else -time,
        article_id,
    )
