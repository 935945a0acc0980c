"""«相似报道»: articles like one, by the concepts and rare words they share, not by template.

An article is put as a query: what it is about (`related/key_terms.py`), each with its weight w.
The engine's best are then read again, with c the share of the weight that an article covers and
d the days between them:

    score = Σ w·BM25 / Σ w·idf · √c · (1 + NEARNESS · 2^(-d / HALF_LIFE))
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
from search.results.hits import hits_of
from search.searcher import Searcher

LIMIT = 6
CANDIDATES = 50
"""Of the engine's best, so many are read again."""
NEARNESS = 0.2
HALF_LIFE = 30
"""Days. What follows an event mostly follows within weeks."""
LEAST_COVERED = 0.2
"""And something of the subject must be shared, where there is one: other words in common are a
coincidence."""
LEAST_SCORE = 0.06
MAX_ISSUES = 2
"""Of a column whose titles differ in numbers only (第 12 期, 9月5日), so many may be listed."""


@dataclass(frozen=True, slots=True)
class Similar:
    """The articles most like article `id`, the most similar first."""

    id: str
    hits: tuple[Hit, ...]
    index: IndexInfo


@dataclass(frozen=True, slots=True)
class _Candidate:
    match: Match
    column: str
    covered: float
    related: bool


def similar(searcher: Searcher, article_id: str, limit: int = LIMIT) -> Similar:
    """At most `limit` articles of other stories, one a story; raises ArticleNotFound."""
    snapshot = searcher.snapshot
    rows = snapshot.stored([article_id], ("folded", "source", "story"))
    if not rows:
        raise ArticleNotFound(msg("没有这篇文章。"), hint=msg("它可能已被移除，请重新搜索。"))
    found = _similar(searcher, article_id, rows[0])[:limit]
    nothing = Plan(All())
    marker = Marker(searcher.segmenter, nothing)
    hits = hits_of(snapshot, [ResultRow(match) for match in found], marker, Explainer(nothing))
    return Similar(article_id, hits, searcher.index)


def _similar(searcher: Searcher, article_id: str, row: Mapping[str, Any]) -> list[Match]:
    snapshot = searcher.snapshot
    reader = KeyTermReader(snapshot, searcher.segmenter)
    traits = reader.traits(row["folded"], row["source"])
    if not traits:
        return []
    wanted = Or(tuple(query for trait in traits for query in trait.queries()))
    matches = snapshot.match(And((wanted, Not(Term("story", row["story"])))), limit=CANDIDATES)
    own = snapshot.match(Term("id", article_id), limit=1).matches[0]
    ids = [match.id for match in matches.matches]
    texts = {each["id"]: each["folded"] for each in snapshot.stored(ids, ("id", "folded"))}
    read = [_read(match, texts[match.id], traits) for match in matches.matches]
    total = sum(trait.weight for trait in traits)
    scored = [
        replace(each, match=_scored(each, total, own.published)) for each in read if each.related
    ]
    return _chosen(sorted(scored, key=lambda each: (-each.match.score, each.match.id)))


def _read(match: Match, folded: str, traits: Sequence[KeyTerm]) -> _Candidate:
    shared = [trait for trait in traits if any(form in folded for form in trait.forms)]
    covered = sum(trait.weight for trait in shared) / sum(trait.weight for trait in traits)
    subject = any(trait.subject for trait in shared) or not any(t.subject for t in traits)
    related = covered >= LEAST_COVERED and subject
    return _Candidate(match, series_key(folded.partition("\n")[0]), covered, related)


def _scored(candidate: _Candidate, total: float, published: int | None) -> Match:
    match = candidate.match
    score = match.score / total * candidate.covered**0.5
    if published is not None and match.published is not None:
        days = abs(match.published - published) / DAY_SECONDS
        score *= 1 + NEARNESS * 2.0 ** (-days / HALF_LIFE)
    return match._replace(score=score)


def _chosen(ranked: Sequence[_Candidate]) -> list[Match]:
    """One article a story, two a column, none that is hardly similar."""
    stories: set[str] = set()
    columns: Counter[str] = Counter()
    chosen = []
    for candidate in ranked:
        match = candidate.match
        crowded = match.story in stories or columns[candidate.column] >= MAX_ISSUES
        if not crowded and match.score >= LEAST_SCORE:
            stories.add(match.story)
            columns[candidate.column] += 1
            chosen.append(match)
    return chosen
