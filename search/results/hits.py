"""Result rows → hits: stored fields with title and snippet highlighted, and the explanation."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from index.analysis.word_boundaries import decode_boundaries
from index.engines.api import Snapshot
from index.engines.lru_cache import LRUCache, by_length
from index.engines.queries import All
from index.errors import BudgetSpent
from search.highlighting.highlighter import Marker
from search.highlighting.snippet import beyond_title, repeats_title, snippet
from search.query.planner import Plan
from search.response import Highlighted, Hit, Story
from search.results.collapsing import ResultRow
from search.results.explanation import Explainer, ShownField

STORED_FIELDS = (
    "id",
    "url",
    "title",
    "source",
    "author",
    "categories",
    "topics",
    "date_origin",
    "credited",
    "kinds",
    "indexed_at",
    "text",
    "normalized",
    "word_boundaries",
)


Shown = dict[tuple[str, tuple[str, ...]], Hit]
"""Hits of one query, by id and the words that are missing."""
HitCache = LRUCache[Hashable, Shown]
"""By what of a query a hit shows (`Explainer.subject`)."""
MAX_CACHED_HITS = 1_000
"""Some 3 MB. An answer is kept for a minute; its hits show the same on other pages, with filters,
and as long as the generation is searched."""


def hit_cache() -> HitCache:
    return LRUCache(MAX_CACHED_HITS, by_length)


def hits_of(
    snapshot: Snapshot,
    rows: Sequence[ResultRow],
    marker: Marker,
    explainer: Explainer,
    cache: HitCache,
) -> tuple[Hit, ...]:
    """When the marker's budget is spent, the hits that are left and not in the cache are plain."""
    shown = cache.get(explainer.subject) or {}
    keys = [(row.match.id, explainer.missing.get(row.match.id, ())) for row in rows]
    fields = snapshot.stored([key[0] for key in keys if key not in shown], STORED_FIELDS)
    by_id = {each["id"]: each for each in fields}
    hits: list[Hit] = []
    made: Shown = {}
    spent = False
    for row, key in zip(rows, keys, strict=True):
        if key in shown:
            hits.append(_in_row(shown[key], row, explainer))
        elif key[0] in by_id:
            stored = by_id[key[0]]
            try:
                spent = spent or marker.budget.is_spent
                if not spent:
                    made[key] = _hit(stored, row, marker, explainer)
            except BudgetSpent:
                spent = True
            hits.append(made.get(key) or _plain(stored, row, marker, explainer))
    if made:
        cache.put(explainer.subject, shown | made)
    return tuple(hits)


def _in_row(hit: Hit, row: ResultRow, explainer: Explainer) -> Hit:
    """A hit of the same query in another row: of another time, page or filter."""
    score, story = _score(row), Story(row.match.story, row.size, row.first_known)
    freshness = explainer.freshness(row)
    shown = (hit.score, hit.published, hit.story, hit.why.freshness)
    if shown == (score, row.match.published, story, freshness):
        return hit
    why = replace(hit.why, freshness=freshness)
    return replace(hit, published=row.match.published, score=score, story=story, why=why)


def _score(row: ResultRow) -> float:
    return round(row.match.score, 4)


def _plain(stored: dict[str, Any], row: ResultRow, marker: Marker, explainer: Explainer) -> Hit:
    """With the beginning of its text, as for a query without words."""
    nothing = Plan(All())
    unexplained = Explainer(nothing, missing=explainer.missing)
    hit = _hit(stored, row, Marker(marker.segmenter, nothing), unexplained)
    return replace(hit, plain=True)


def _hit(stored: dict[str, Any], row: ResultRow, marker: Marker, explainer: Explainer) -> Hit:
    normalized_title, _, normalized_text = stored["normalized"].partition("\n")
    boundaries = decode_boundaries(stored["word_boundaries"])
    missing = explainer.missing.get(stored["id"], ())
    marker = marker.lacking(missing)
    marks = marker.marks(normalized_title, boundaries.title)
    title = Highlighted(stored["title"], tuple((mark.start, mark.end) for mark in marks))
    unseen = [word for word in marker.plan.words if word.typed in missing and not word.near]
    leaves = marker.leaves - (0 if explainer.in_title else len(unseen))
    best = snippet(stored["text"], normalized_text, marker, boundaries, leaves)
    shown = best
    if repeats_title(best.text, normalized_title):
        shown = beyond_title(stored["text"], normalized_text, normalized_title, marker, boundaries)
    why = explainer.why(
        row,
        ShownField("title", stored["title"], normalized_title, title),
        ShownField("text", stored["text"], normalized_text, best),
    )
    return Hit(
        id=stored["id"],
        url=stored["url"],
        title=title,
        snippet=shown,
        source=stored["source"],
        author=stored["author"],
        categories=tuple(stored["categories"]),
        topics=tuple(stored["topics"]),
        published=row.match.published,
        date_origin=stored["date_origin"],
        credited=stored["credited"],
        kinds=tuple(stored["kinds"]),
        indexed_at=stored["indexed_at"],
        score=_score(row),
        story=Story(row.match.story, row.size, row.first_known),
        missing=missing,
        why=why,
    )
