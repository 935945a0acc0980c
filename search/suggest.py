"""Titles and concepts that begin with what has been typed so far."""

from dataclasses import dataclass
from typing import Literal

from index.engines.base import Or, Prefix, Snapshot
from index.normalize import normalize
from index.segment import Segmenter

MAX_SUGGESTIONS = 10
TITLES_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` completes what was typed; `articles` counts a concept's, None for a title."""

    text: str
    kind: Literal["concept", "title"]
    articles: int | None = None


def suggest(snapshot: Snapshot, segmenter: Segmenter, typed: str) -> list[Suggestion]:
    """Concepts first, those with the most articles first; then titles, the newest first."""
    start = " ".join(normalize(typed).split())
    if not start:
        return []
    concepts = _concepts(snapshot, start)
    room = MAX_SUGGESTIONS - len(concepts)
    return [*concepts, *_titles(snapshot, segmenter, start)[:room]]


def _concepts(snapshot: Snapshot, start: str) -> list[Suggestion]:
    found = {c.token: c for f, c in snapshot.lexicon.by_form.items() if f.startswith(start)}
    counted = [
        Suggestion(c.name, "concept", snapshot.doc_freq("text_concepts", token))
        for token, c in found.items()
    ]
    known = [suggestion for suggestion in counted if suggestion.articles]
    return sorted(known, key=lambda s: (-(s.articles or 0), s.text))[: MAX_SUGGESTIONS // 2]


def _titles(snapshot: Snapshot, segmenter: Segmenter, start: str) -> list[Suggestion]:
    words = [token.text for token in segmenter.tokens(start)]
    if not words:
        return []
    fields = ("title_words", "title_fine")
    query = Or(tuple(Prefix(field, words[0]) for field in fields))
    matches = snapshot.match(query, sort="newest", limit=TITLES_LOOKED_AT * 10).matches
    rows = snapshot.stored([match.id for match in matches], ("title",))
    titles = dict.fromkeys(
        row["title"] for row in rows if normalize(row["title"]).startswith(start)
    )
    return [Suggestion(title, "title") for title in titles]
