"""Lines of a page → hits: what is stored of an article, with title and snippet marked."""

from collections.abc import Sequence
from typing import Any

from index.engines.base import Snapshot
from search.folding import Told
from search.highlight import Marker
from search.results import Highlighted, Hit, Story
from search.snippet import snippet

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
)


def hits_of(snapshot: Snapshot, lines: Sequence[Told], marker: Marker) -> tuple[Hit, ...]:
    by_id = {line.match.id: line for line in lines}
    return tuple(_hit(row, by_id[row["id"]], marker) for row in snapshot.stored([*by_id], FIELDS))


def _hit(row: dict[str, Any], line: Told, marker: Marker) -> Hit:
    folded_title, _, folded_text = row["folded"].partition("\n")
    marks = tuple((mark.start, mark.end) for mark in marker.marks(folded_title))
    return Hit(
        id=row["id"],
        url=row["url"],
        title=Highlighted(row["title"], marks),
        snippet=snippet(row["text"], folded_text, marker),
        source=row["source"],
        author=row["author"],
        categories=tuple(row["categories"]),
        topics=tuple(row["topics"]),
        published=line.match.published,
        indexed_at=row["indexed_at"],
        score=round(line.match.score, 4),
        story=Story(line.match.story, line.size),
    )
