"""Asks the engine for the matches, and for partial matches where they are few; ranks them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from index.engines.api import Match, Matches, Snapshot
from index.engines.lru_cache import LRUCache, by_length
from index.engines.queries import All, And, Boost, Not, Or, Query, Substring, Term
from index.engines.scoring import idf
from search.query.concept_conditions import label
from search.query.expansion import QueryWord
from search.ranking.meaning import Meaning
from search.ranking.questions import title_spellings
from search.ranking.ranking_query import RankingQuery
from search.ranking.reranker import RERANKED_MATCHES, UNMARKED, Marks, rerank
from search.ranking.signals import pairs_of
from search.ranking.text_signals import MAX_CACHED_SIGNALS, SignalCache
from search.request import MAX_WINDOW
from search.retrieval.engine_request import EngineRequest
from search.retrieval.relaxation import ENOUGH_ARTICLES, Relaxation, relax
from search.retrieval.reposts import most_reposted_first, of_stories, reposted_stories


@dataclass(frozen=True, slots=True)
class PartialMatches:
    """Articles that lack a word of the query. No figure counts them.

    `total`: how many there are. `ids`: the few that are shown. `words`: words, as typed, that they
    may lack. `near`: names of what was looked for in their stead.
    """

    total: int
    ids: frozenset[str]
    words: tuple[str, ...]
    near: tuple[str, ...] = ()


EVERYTHING = All()


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The matches of one engine request.

    `total`: articles with all words. `ranked`: the first MAX_WINDOW matches in final order, with
    the partial matches that are shown. `reranked`: ids of those whose texts were read for it.
    `last`: the engine's last match of those in its window; its further matches of `tail` follow.
    `compared`: how many were compared with the query in meaning. `texts`: title, line break and
    text, normalised, of those that were read now, by id. `best`: the engine's first matches of the
    words by relevance; None where it was asked for others.
    """

    total: int
    ranked: list[Match]
    last: Match | None
    reranked: frozenset[str] = frozenset()
    partial: PartialMatches | None = None
    tail: Query = EVERYTHING
    compared: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)
    best: Matches | None = None

    @property
    def finds(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.total or self.partial)


FACET_VALUES = 20
"""Values counted for each facet, the commonest."""


TITLED_ARTICLES = 10
"""Articles whose title has the whole question, looked for at most."""
PARTIAL_ARTICLES = 20
"""Articles that lack a word, shown at most."""
PARTIAL_WINDOW = 100
"""Matches that are read first to find those. Mostly they suffice; MAX_WINDOW takes a millisecond
more."""


class _Ranked(NamedTuple):
    """Matches in final order, how many of them were compared with the query in meaning, and the
    texts that were read."""

    order: list[Match]
    compared: int = 0
    texts: Mapping[str, str] = MappingProxyType({})


class Retriever:
    """Retrieves from one generation. `meaning`: also orders by it."""

    def __init__(self, snapshot: Snapshot, meaning: Meaning | None = None) -> None:
        self._snapshot = snapshot
        self._meaning = meaning
        self._signals = SignalCache()
        self._marked: LRUCache[Hashable, dict[str, Marks]] = LRUCache(MAX_CACHED_SIGNALS, by_length)

    def retrieve(self, asked: EngineRequest) -> Retrieval:
        """Raises BudgetSpent."""
        words = asked.plan.words
        asked.request.budget.check()
        self._snapshot.prefetch_totals([word.query for word in words])
        # Facets are counted while matches are found and their texts are read.
        wanted = asked.request.facets
        if "year" in wanted and asked.filters_dates:
            self._snapshot.prefetch_totals([asked.undated])
        self._snapshot.prefetch_facets(asked.base, asked.filters, wanted, FACET_VALUES)
        by_reposts = asked.request.sort == "reposts"
        tail = self._not_reposted(asked) if by_reposts else asked.query
        found = self._snapshot.match(tail, sort=asked.sort, limit=MAX_WINDOW)
        asked.request.budget.check()
        if by_reposts:
            first = self._reposted_first(asked)
            found = Matches(len(first) + found.total, (*first, *found.matches))
        best = found if asked.only_words and asked.ranks else None
        if asked.questions and len(found.matches) > RERANKED_MATCHES:
            found, tail = self._with_questions(asked, found)
        if asked.may_relax and found.total < ENOUGH_ARTICLES:
            retrieval = self._with_partial_matches(asked, found)
        else:
            retrieval = self._all_words(asked, found)
        return replace(retrieval, tail=tail, best=best)

    def _with_questions(self, asked: EngineRequest, found: Matches) -> tuple[Matches, Query]:
        """The matches with those whose title has the whole question before the others, and the
        query that goes on after them. Its words alone may match a thousand articles better."""
        spelled = (
            spelling for question in asked.questions for spelling in title_spellings(question)
        )
        in_title = Or(tuple(Substring(spelling, "title") for spelling in spelled))
        query = And((asked.query, Boost(in_title, 0.0)))
        first = self._snapshot.match(query, limit=TITLED_ARTICLES).matches
        if not first:
            return found, asked.query
        names = _ids(first)
        others = [match for match in found.matches if match.id not in names]
        tail = And((asked.query, *(Not(Term("id", name)) for name in sorted(names))))
        return replace(found, matches=(*first, *others[: MAX_WINDOW - len(first)])), tail

    def _not_reposted(self, asked: EngineRequest) -> Query:
        return And((asked.query, Not(of_stories(self._stories))))

    def _reposted_first(self, asked: EngineRequest) -> list[Match]:
        """All matches of reposted stories, in their order. They are few, so no window ends them."""
        query = And((asked.query, of_stories(self._stories)))
        total = self._snapshot.match(query, limit=0).total
        found = self._snapshot.match(query, sort=asked.sort, limit=total)
        asked.request.budget.check()
        return most_reposted_first(found.matches, self._stories)

    @cached_property
    def _stories(self) -> dict[str, int]:
        """Reposted stories of the generation."""
        return reposted_stories(self._snapshot)

    def _all_words(self, asked: EngineRequest, found: Matches) -> Retrieval:
        if not asked.ranks:
            return Retrieval(found.total, list(found.matches), _last(found))
        ranked, compared, texts = self._rank(found.matches, asked)
        return Retrieval(
            total=found.total,
            ranked=ranked,
            last=_last(found),
            reranked=_ids(ranked[:RERANKED_MATCHES]),
            compared=compared,
            texts=texts,
        )

    def _with_partial_matches(self, asked: EngineRequest, complete: Matches) -> Retrieval:
        """Also the best articles that lack a word: by relevance among the others, by date after
        them (docs/how/relevance.md, "Which articles")."""
        found = self._partial_window(asked, complete, loosely=False)
        if found is None and not complete.total:
            found = self._partial_window(asked, complete, loosely=True)
        if found is None:
            return self._all_words(asked, complete)
        relaxation, window = found
        may_miss = relaxation.may_miss
        missable = [word.query for word in asked.plan.words if word.typed in may_miss]
        order, compared, texts = self._rank(window.matches, asked, missable)
        partial = _partial(order, complete.matches, fold=asked.request.fold)
        if asked.ranks:
            shown = _ids(partial) | _ids(complete.matches)
            ranked = [match for match in order if match.id in shown]
        else:
            ranked = [*complete.matches, *_by_date(partial, oldest_first=asked.sort == "oldest")]
        return Retrieval(
            total=complete.total,
            ranked=ranked,
            last=None,
            reranked=_ids(order[:RERANKED_MATCHES]) if asked.ranks else frozenset(),
            partial=PartialMatches(
                total=window.total - complete.total,
                ids=_ids(partial),
                words=may_miss,
                near=relaxation.near,
            ),
            compared=compared if asked.ranks else 0,
            texts=texts,
        )

    def _partial_window(
        self, asked: EngineRequest, complete: Matches, *, loosely: bool
    ) -> tuple[Relaxation, Matches] | None:
        """Complete and partial matches together; None where there are only complete ones."""
        articles = self._snapshot.generation.articles
        relaxation = relax(asked.plan, self.frequency, articles, loosely=loosely)
        if relaxation is None:
            return None
        words = Or(tuple(word.or_near() for word in asked.plan.words))
        # Each of these articles has at least one of the words, so the scoring loses none.
        narrowed = Boost(And((relaxation.query, *asked.narrowing)), 0.0)
        window = self._window(narrowed, words, complete, fold=asked.request.fold)
        asked.request.budget.check()
        return (relaxation, window) if window.total > complete.total else None

    def _window(self, narrowed: Query, words: Query, complete: Matches, *, fold: bool) -> Matches:
        """The first matches by the score of the words, enough that are partial among them, and all
        complete ones."""
        scored = And((narrowed, words))
        window = self._snapshot.match(scored, limit=PARTIAL_WINDOW)
        if len(window.matches) == window.total:
            return window
        if len(_partial(window.matches, complete.matches, fold=fold)) < PARTIAL_ARTICLES:
            window = self._snapshot.match(scored, limit=MAX_WINDOW)
        low = sorted(_ids(complete.matches) - _ids(window.matches))
        if not low:
            return window
        those = Or(tuple(Term("id", name) for name in low))
        found = self._snapshot.match(And((those, words)), limit=len(low))
        return Matches(window.total, (*window.matches, *found.matches))

    def _rank(
        self, matches: Sequence[Match], asked: EngineRequest, missable: Sequence[Query] = ()
    ) -> _Ranked:
        """`missable`: queries of words that some of the matches lack, which hits tell."""
        if not matches:
            return _Ranked([])
        head = [match.id for match in matches[:RERANKED_MATCHES]]
        words = asked.plan.words
        query = RankingQuery(
            words=words,
            idfs=tuple(self._idf(word.query) for word in words),
            pairs=pairs_of(asked.plan.texts),
            phrase=asked.parsed.phrase,
            questions=asked.questions,
            now=int(asked.request.now.timestamp()),
            asked_kinds=asked.asked_kinds,
            budget=asked.request.budget,
        )
        labels = _labels_of(words)
        key = (query.subject, *labels.items())
        marks = self._marked.get(key) or {}
        unmarked = not marks.keys() >= {*head}
        marking = [*self._kind_queries, *labels.values()] if unmarked else []
        self._snapshot.prefetch_which_match(head, [*marking, *missable])
        known = self._signals.known(query)
        unread = [name for name in head if self._meaning or name not in known]
        rows = self._snapshot.stored(unread, ("id", "normalized")) if unread else []
        normalized = {row["id"]: row["normalized"] for row in rows}
        meant = replace(query, meaning=self._meant(asked, normalized)) if self._meaning else query
        texts = {**dict.fromkeys(unread, "\n"), **normalized}
        signals = self._signals.of(texts, meant, known)
        if unmarked:
            marks = {**marks, **self._marks_of(head, labels)}
            self._marked.put(key, marks)
        order = rerank(matches, signals, meant, marks=marks)
        return _Ranked(order, len(meant.meaning), normalized)

    def _meant(self, asked: EngineRequest, normalized: Mapping[str, str]) -> Mapping[str, float]:
        if self._meaning is None:
            return {}
        asked.request.budget.check()
        return self._meaning.factors(" ".join(asked.plan.texts), normalized)

    def _marks_of(self, ids: Sequence[str], labels: Mapping[int, Term]) -> dict[str, Marks]:
        kinds = self._kind_queries
        # Asking which of them match is cheaper than reading a stored field of each.
        found = self._snapshot.which_match(ids, [*kinds, *labels.values()])
        of_kind = list(zip(self._kinds, found[: len(kinds)], strict=True))
        labelled = list(zip(labels, found[len(kinds) :], strict=True))
        marked = {
            name: Marks(
                tuple(kind for kind, names in of_kind if name in names),
                tuple(at for at, names in labelled if name in names),
            )
            for name in set().union(*found)
        }
        return {**dict.fromkeys(ids, UNMARKED), **marked}

    @cached_property
    def _kinds(self) -> list[str]:
        """Kinds that any article of the generation is of."""
        return [kind for kind, _ in self._snapshot.terms("kind")]

    @cached_property
    def _kind_queries(self) -> list[Query]:
        return [Term("kind", kind) for kind in self._kinds]

    def _idf(self, query: Query) -> float:
        """Lucene's idf of a word under all its forms."""
        return idf(self._snapshot.generation.articles, self.frequency(query))

    def frequency(self, query: Query) -> int:
        return self._snapshot.match(query, limit=0).total


def _labels_of(words: Sequence[QueryWord]) -> dict[int, Term]:
    """By place of a word that is a name: what articles about it are labelled with."""
    named = ((at, word.concept) for at, word in enumerate(words) if word.concept)
    return {at: term for at, concept in named if (term := label(concept))}


def _partial(order: Iterable[Match], complete: Iterable[Match], *, fold: bool) -> list[Match]:
    """The first matches of `order` that are not complete; with `fold` one of each story, and none
    of a story that has a complete match."""
    having, stories = set(), set()
    for match in complete:
        having.add(match.id)
        stories.add(match.story)
    chosen: list[Match] = []
    for match in order:
        if match.id in having or (fold and match.story in stories):
            continue
        stories.add(match.story)
        chosen.append(match)
        if len(chosen) == PARTIAL_ARTICLES:
            break
    return chosen


def _by_date(matches: Iterable[Match], *, oldest_first: bool) -> list[Match]:
    """Undated ones last in either direction, then by id."""

    def key(match: Match) -> tuple[bool, int, str]:
        published = match.published or 0
        return (match.published is None, published if oldest_first else -published, match.id)

    return sorted(matches, key=key)


def _last(found: Matches) -> Match | None:
    return found.matches[-1] if found.matches else None


def _ids(matches: Iterable[Match]) -> frozenset[str]:
    return frozenset(match.id for match in matches)
