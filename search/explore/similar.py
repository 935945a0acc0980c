"""Similar articles (相似报道): those that share concepts and rare words with one, not its template.

The article's key terms (`related/key_terms.py`) are searched, each with its weight w. The engine's
best matches are then scored again, with c the share of the weight that an article covers and d the
days between the two:

    score = Σ w·BM25 / Σ w·idf · √c · (1 + NEAR_DATE_BONUS · 2^(-d / NEAR_DATE_HALF_LIFE_DAYS))
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.engines.api import Match
from index.engines.queries import All, And, Not, Or, Term
from index.errors import ArticleNotFound
from index.messages import msg
from index.text.dates import DAY_SECONDS
from search.highlighting.highlighter import Marker
from search.query.planner import Plan
from search.related.key_terms import KeyTerm, KeyTermReader, series_key
from search.response import Hit, IndexInfo
from search.results.collapsing import ResultRow
from search.results.explanation import Explainer
from search.results.hits import hit_cache, hits_of
from search.searcher import Searcher

MAX_SIMILAR = 6
MAX_CANDIDATES = 50
"""The engine's best matches, whose texts are read."""
NEAR_DATE_BONUS = 0.2
NEAR_DATE_HALF_LIFE_DAYS = 30
"""Most articles that follow up on an event appear within weeks."""
MIN_COVERED_SHARE = 0.2
"""Of the key terms' weight. One of those that name the subject must be shared too, if there are
any: other words in common are a coincidence."""
MIN_SIMILARITY = 0.06
MAX_PER_SERIES = 2
"""Articles of one series, whose titles differ only in numbers (第 12 期, 9月5日)."""


@dataclass(frozen=True, slots=True)
class SimilarArticles:
    """The articles most like article `id`, the most similar first."""

    id: str
    hits: tuple[Hit, ...]
    index: IndexInfo


@dataclass(frozen=True, slots=True)
class _Candidate:
    match: Match
    series: str
    covered: float
    related: bool


def similar_to(searcher: Searcher, article_id: str, limit: int = MAX_SIMILAR) -> SimilarArticles:
    """At most `limit` articles, one of each story, none of the article's own story. Raises
    ArticleNotFound."""
    snapshot = searcher.snapshot
    rows = snapshot.stored([article_id], ("normalized", "source", "story"))
    if not rows:
        raise ArticleNotFound(msg("没有这篇文章。"), hint=msg("它可能已被移除，请重新搜索。"))
    found = _similar(searcher, article_id, rows[0])[:limit]
    nothing = Plan(All())
    marker = Marker(searcher.segmenter, nothing)
    listed = [ResultRow(match) for match in found]
    hits = hits_of(snapshot, listed, marker, Explainer(nothing), hit_cache())
    return SimilarArticles(article_id, hits, searcher.index)


def _similar(searcher: Searcher, article_id: str, row: Mapping[str, Any]) -> list[Match]:
    snapshot = searcher.snapshot
    reader = KeyTermReader(snapshot, searcher.segmenter)
    key_terms = reader.key_terms(row["normalized"], row["source"])
    if not key_terms:
        return []
    wanted = Or(tuple(query for key_term in key_terms for query in key_term.queries()))
    matches = snapshot.match(And((wanted, Not(Term("story", row["story"])))), limit=MAX_CANDIDATES)
    own = snapshot.match(Term("id", article_id), limit=1).matches[0]
    ids = [match.id for match in matches.matches]
    texts = {each["id"]: each["normalized"] for each in snapshot.stored(ids, ("id", "normalized"))}
    read = [_read(match, texts[match.id], key_terms) for match in matches.matches]
    total = sum(key_term.weight for key_term in key_terms)
    scored = [
        replace(each, match=_scored(each, total, own.published)) for each in read if each.related
    ]
    return _chosen(sorted(scored, key=lambda each: (-each.match.score, each.match.id)))


def _read(match: Match, normalized: str, key_terms: Sequence[KeyTerm]) -> _Candidate:
    shared = [
        key_term for key_term in key_terms if any(form in normalized for form in key_term.forms)
    ]
    covered = sum(key_term.weight for key_term in shared) / sum(
        key_term.weight for key_term in key_terms
    )
    subject = any(key_term.subject for key_term in shared) or not any(t.subject for t in key_terms)
    related = covered >= MIN_COVERED_SHARE and subject
    return _Candidate(match, series_key(normalized.partition("\n")[0]), covered, related)


def _scored(candidate: _Candidate, total: float, published: int | None) -> Match:
    match = candidate.match
    score = match.score / total * candidate.covered**0.5
    if published is not None and match.published is not None:
        days = abs(match.published - published) / DAY_SECONDS
        score *= 1 + NEAR_DATE_BONUS * 2.0 ** (-days / NEAR_DATE_HALF_LIFE_DAYS)
    return match._replace(score=score)


def _chosen(ranked: Sequence[_Candidate]) -> list[Match]:
    """The best: one of each story, MAX_PER_SERIES of each series, none below MIN_SIMILARITY."""
    stories: set[str] = set()
    of_series: Counter[str] = Counter()
    chosen = []
    for candidate in ranked:
        match = candidate.match
        crowded = match.story in stories or of_series[candidate.series] >= MAX_PER_SERIES
        if not crowded and match.score >= MIN_SIMILARITY:
            stories.add(match.story)
            of_series[candidate.series] += 1
            chosen.append(match)
    return chosen
