"""Lines of a page → hits: what is stored of an article, with title and snippet marked."""

from collections.abc import Sequence
from typing import Any

from index.analysis.word_boundaries import decode_boundaries, ends
from index.engines.api import Snapshot
from search.highlighting.highlighter import Marker
from search.highlighting.snippet import snippet
from search.response import Highlighted, Hit, Story
from search.results.collapsing import ResultRow
from search.results.explanation import Explainer, ShownField

FIELDS = (
    "id",
    "url",
    "title",
    "source",
    "author",
    "categories",
    "topics",
    "indexed_at",
    "text",
    "folded",
    "outline",
)


def hits_of(
    snapshot: Snapshot, lines: Sequence[ResultRow], marker: Marker, explainer: Explainer
) -> tuple[Hit, ...]:
    by_id = {line.match.id: line for line in lines}
    rows = snapshot.stored([*by_id], FIELDS)
    return tuple(_hit(row, by_id[row["id"]], marker, explainer) for row in rows)


def _hit(row: dict[str, Any], line: ResultRow, marker: Marker, explainer: Explainer) -> Hit:
    folded_title, _, folded_text = row["folded"].partition("\n")
    outline = decode_boundaries(row["outline"])
    marks = marker.marks(folded_title, ends(outline.title))
    title = Highlighted(row["title"], tuple((mark.start, mark.end) for mark in marks))
    lacking = len(explainer.lacking.get(row["id"], ()))
    shown = snippet(row["text"], folded_text, marker, outline, marker.leaves - lacking)
    why = explainer.why(
        line,
        ShownField("title", row["title"], folded_title, title),
        ShownField("text", row["text"], folded_text, shown),
    )
    return Hit(
        id=row["id"],
        url=row["url"],
        title=title,
        snippet=shown,
        source=row["source"],
        author=row["author"],
        categories=tuple(row["categories"]),
        topics=tuple(row["topics"]),
        published=line.match.published,
        indexed_at=row["indexed_at"],
        score=round(line.match.score, 4),
        story=Story(line.match.story, line.size),
        why=why,
    )
