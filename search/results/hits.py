"""Result rows → hits: stored fields with title and snippet highlighted, and the explanation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from index.analysis.word_boundaries import decode_boundaries
from index.engines.api import Snapshot
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


def hits_of(
    snapshot: Snapshot, rows: Sequence[ResultRow], marker: Marker, explainer: Explainer
) -> tuple[Hit, ...]:
    """When the marker's budget is spent, the hits that are left are plain."""
    by_id = {row.match.id: row for row in rows}
    hits: list[Hit] = []
    spent = False
    for fields in snapshot.stored([*by_id], STORED_FIELDS):
        row = by_id[fields["id"]]
        try:
            spent = spent or marker.budget.is_spent
            hit = None if spent else _hit(fields, row, marker, explainer)
        except BudgetSpent:
            spent, hit = True, None
        hits.append(hit or _plain(fields, row, marker, explainer))
    return tuple(hits)


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
        score=round(row.match.score, 4),
        story=Story(row.match.story, row.size, row.first_known),
        missing=missing,
        why=why,
    )
