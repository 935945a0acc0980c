"""Result rows → hits: stored fields with title and snippet highlighted, and the explanation."""

from collections.abc import Sequence
from typing import Any

from index.analysis.word_boundaries import decode_boundaries, ends
from index.engines.api import Snapshot
from search.highlighting.highlighter import Marker
from search.highlighting.snippet import beyond_title, repeats_title, snippet
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
    by_id = {row.match.id: row for row in rows}
    stored = snapshot.stored([*by_id], STORED_FIELDS)
    return tuple(_hit(fields, by_id[fields["id"]], marker, explainer) for fields in stored)


def _hit(stored: dict[str, Any], row: ResultRow, marker: Marker, explainer: Explainer) -> Hit:
    normalized_title, _, normalized_text = stored["normalized"].partition("\n")
    boundaries = decode_boundaries(stored["word_boundaries"])
    marks = marker.marks(normalized_title, ends(boundaries.title))
    title = Highlighted(stored["title"], tuple((mark.start, mark.end) for mark in marks))
    missing = explainer.missing.get(stored["id"], ())
    best = snippet(
        stored["text"], normalized_text, marker, boundaries, marker.leaves - len(missing)
    )
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
        story=Story(row.match.story, row.size),
        missing=missing,
        why=why,
    )
