"""`Document`: everything the index stores and derives from an article, and how it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import chain, pairwise
from typing import Any, NamedTuple

from index.analysis.kinds import MACHINE_TRANSLATED, kinds_of
from index.analysis.labels import (
    LEAD_CHARACTERS,
    OPENING_CHARACTERS,
    Mentions,
    organisations_of,
    topics_of,
)
from index.analysis.segmenter import Layers, segmenter_of
from index.analysis.word_boundaries import encode_boundaries
from index.article import ESTIMATED_ORIGINS, Article, BodyFormat, DateOrigin
from index.dating.date_estimates import estimate_date
from index.duplicates.minhash import letters, sketches
from index.lexicon.model import Lexicon
from index.text.boilerplate import boilerplate_spans
from index.text.composition import compose
from index.text.credited import credited
from index.text.dates import SHANGHAI
from index.text.html import collapse, plain_text
from index.text.normalize import normalize
from index.text.spans import Span, without_spans
from index.text.urls import url_tokens


@dataclass(frozen=True, slots=True)
class Document:
    """An article with everything that is derived from it.

    `published`, `first_seen`, `indexed_at`: epoch seconds, UTC. `day`, `month`, `year`: integers
    such as 20220905, 202209, 2022, in Asia/Shanghai. `date_origin`: where `published` is from.
    `kinds`: what kind of text it is (kinds.py). `credited`: the outlet that the text names as its
    own source (credited.py). `normalized`: normalised title, a line break, normalised text.
    `title_layers`, `text_layers`: tokens (see `Layers`). `story`: id of the story's earliest
    article (grouping.py). `sketch`: MinHash bands that find near-copies (minhash.py).
    `word_boundaries`: encoded word boundaries and boilerplate spans (word_boundaries.py).
    """

    id: str
    url: str | None
    title: str
    text: str
    normalized: str
    body: str
    body_format: BodyFormat
    author: str | None
    source: str | None
    credited: str | None
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    organisations: tuple[str, ...]
    kinds: tuple[str, ...]
    published: int | None
    date_origin: DateOrigin
    day: int | None
    month: int | None
    year: int | None
    first_seen: int
    indexed_at: int
    content_hash: str
    story: str
    sketch: str
    word_boundaries: str
    url_tokens: tuple[str, ...]
    title_layers: Layers
    text_layers: Layers

    @property
    def estimated(self) -> int:
        """1 if the date is an estimate, else 0."""
        return int(self.date_origin in ESTIMATED_ORIGINS)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article to be indexed. `first_seen`, `indexed_at`: epoch seconds, UTC."""

    article: Article
    content_hash: str
    first_seen: int
    indexed_at: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as plain text, not segmented yet: enough to find its story.

    `boilerplate`: spans of the text that are boilerplate.
    """

    arrival: Arrival
    title: str
    text: str
    boilerplate: tuple[Span, ...]
    sketch: str


class _Cut(NamedTuple):
    """A segmented text: its pieces, its own text (without boilerplate) with its pieces and layers,
    and the layers of the whole."""

    pieces: list[str]
    own: str
    own_pieces: list[str]
    own_layers: Layers
    layers: Layers


def drafts(arrivals: Sequence[Arrival]) -> list[Draft]:
    """Clean and sketch articles. Call it with many: sketching has a high cost for each call."""
    titles = [collapse(compose(arrival.article.title)) for arrival in arrivals]
    bodies = [(arrival.article.body, arrival.article.body_format) for arrival in arrivals]
    texts = [plain_text(body, body_format) for body, body_format in bodies]
    normalized = [normalize(text) for text in texts]
    arrivals = [_dated(arrival, text) for arrival, text in zip(arrivals, normalized, strict=True)]
    boilerplates = [boilerplate_spans(text) for text in normalized]
    own = [
        without_spans(text, boilerplate)
        for text, boilerplate in zip(normalized, boilerplates, strict=True)
    ]
    made = sketches([letters(text) for text in own])
    return [
        Draft(*parts) for parts in zip(arrivals, titles, texts, boilerplates, made, strict=True)
    ]


def _dated(arrival: Arrival, text: str) -> Arrival:
    """With an estimated date, where none is given and address or normalised text states one."""
    article = arrival.article
    if article.date_origin not in ("none", "file", "seen"):
        return arrival
    latest = datetime.fromtimestamp(arrival.indexed_at, SHANGHAI).date()
    named = article.published.astimezone(SHANGHAI).date() if article.published else None
    found = estimate_date(article.url, text, latest=latest, named=named)
    if found is None:
        return arrival
    published = datetime.combine(found.day, time(), SHANGHAI)
    dated = replace(article, published=published, date_origin=found.origin)
    return replace(arrival, article=dated)


class DocumentMaker:
    """Makes documents from articles with one lexicon. Holds no state that changes results."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter_of(lexicon)

    def make(self, arrival: Arrival) -> Document:
        """A document that is a story of its own; for tests and for single articles."""
        return self.finish(drafts([arrival])[0], arrival.article.id)

    def make_all(self, arrivals: Sequence[Arrival]) -> list[Document]:
        return [self.make(arrival) for arrival in arrivals]

    def finish(self, draft: Draft, story: str) -> Document:
        arrival, article = draft.arrival, draft.arrival.article
        normalized_title, normalized_text = normalize(draft.title), normalize(draft.text)
        title_pieces = self._segmenter.segment(normalized_title)
        title_layers = self._segmenter.layers_of(normalized_title, title_pieces)
        cut = self._cut(normalized_text, draft.boilerplate)
        mentions = self._mentions(title_layers, cut)
        local = article.published.astimezone(SHANGHAI) if article.published else None
        day = local.year * 10_000 + local.month * 100 + local.day if local else None
        return Document(
            id=article.id,
            url=article.url,
            title=draft.title,
            text=draft.text,
            normalized=f"{normalized_title}\n{normalized_text}",
            body=article.body,
            body_format=article.body_format,
            author=article.author,
            source=article.source,
            credited=credited(draft.text, normalized_text),
            categories=article.categories,
            topics=topics_of(self._lexicon, mentions),
            organisations=organisations_of(self._lexicon, mentions),
            kinds=kinds_of(
                normalized_title,
                normalized_text,
                cut.own,
                article.categories,
                machine_translated=article.machine_translated,
            ),
            published=epoch(article.published),
            date_origin=article.date_origin,
            day=day,
            month=day // 100 if day else None,
            year=day // 10_000 if day else None,
            first_seen=arrival.first_seen,
            indexed_at=arrival.indexed_at,
            content_hash=arrival.content_hash,
            story=story,
            sketch=draft.sketch,
            word_boundaries=encode_boundaries(title_pieces, cut.pieces, draft.boilerplate),
            url_tokens=url_tokens(article.url),
            title_layers=title_layers,
            text_layers=cut.layers,
        )

    def _cut(self, normalized: str, boilerplate: Sequence[Span]) -> _Cut:
        """Segment own text and boilerplate apart; they meet at ends of sentences or lines, so no
        word crosses."""
        if not boilerplate:
            pieces = self._segmenter.segment(normalized)
            layers = self._segmenter.layers_of(normalized, pieces)
            return _Cut(pieces, normalized, pieces, layers, layers)
        borders = [0, *(border for span in boilerplate for border in span), len(normalized)]
        stretches = [normalized[start:end] for start, end in pairwise(borders)]
        parts = [self._segmenter.segment(stretch) for stretch in stretches]
        own, own_pieces = _joined(stretches[::2], parts[::2])
        own_layers = self._segmenter.layers_of(own, own_pieces)
        printed = self._segmenter.layers_of(*_joined(stretches[1::2], parts[1::2]))
        layers = with_boilerplate(own_layers, printed)
        return _Cut([*chain.from_iterable(parts)], own, own_pieces, own_layers, layers)

    def _mentions(self, title: Layers, cut: _Cut) -> Mentions:
        if not (title.concepts or cut.own_layers.concepts):
            return Mentions()  # half of all articles
        opening, lead = (
            self._segmenter.mentioned(self._segmenter.beginning(cut.own, cut.own_pieces, length))
            for length in (OPENING_CHARACTERS, LEAD_CHARACTERS)
        )
        return Mentions(title.concepts, opening, lead, cut.own_layers.concepts, len(cut.own))


def _joined(stretches: Sequence[str], pieces: Sequence[list[str]]) -> tuple[str, list[str]]:
    """Stretches of a text, a line each, and the pieces of all that."""
    first, *others = pieces or [[]]
    return "\n".join(stretches), [*first, *chain.from_iterable(["\n", *each] for each in others)]


def with_boilerplate(own: Layers, printed: Layers) -> Layers:
    """Layers of the whole text. Words of boilerplate go to the `fine` layer, which weighs less, and
    boilerplate mentions no concepts."""
    fine = " ".join(filter(None, (own.fine, printed.words, printed.fine)))
    return Layers(own.words, fine, own.concepts)


RESTORED_FIELDS = (
    *("id", "url", "title", "body", "body_format"),
    *("author", "source", "categories", "kinds", "published", "date_origin"),
)
"""Stored fields that `restored_article` needs."""


def restored_article(row: Mapping[str, Any]) -> Article:
    """An article from its stored fields; it gives the same document as the original."""
    published = row["published"]
    moment = None if published is None else datetime.fromtimestamp(published, UTC)
    derived = ("published", "categories", "kinds")
    return Article(
        **{name: row[name] for name in RESTORED_FIELDS if name not in derived},
        categories=tuple(row["categories"]),
        published=moment,
        machine_translated=MACHINE_TRANSLATED in row["kinds"],
    )


def given_date(article: Article) -> int | None:
    """Epoch seconds; None for an estimate, which never says which of two reposts was first."""
    return None if article.date_origin in ESTIMATED_ORIGINS else epoch(article.published)


def epoch(moment: datetime | None) -> int | None:
    return int(moment.astimezone(UTC).timestamp()) if moment else None
