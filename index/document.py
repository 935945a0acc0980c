"""`Document`: what the index holds of an article."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.article import Article, BodyFormat
from index.clean import collapse, plain_text
from index.dates import SHANGHAI
from index.lexicon import Lexicon
from index.normalize import normalize
from index.segment import Layers, Segmenter
from index.topics import LEAD_CHARACTERS, Mentions, organisations_of, topics_of
from index.urls import url_tokens

STORY_MIN = 40
"""Texts with fewer letters than this (flashes, captions) are no evidence of a common origin."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article with everything that is derived from it.

    `published`, `first_seen`, `indexed_at`: epoch seconds, UTC. `day`, `month`, `year`: integers
    such as 20220905, 202209, 2022, in Asia/Shanghai. `folded`: normalised title, a line break,
    normalised text. `title_layers`, `text_layers`: tokens joined by spaces, a layer a string.
    """

    id: str
    url: str | None
    title: str
    text: str
    folded: str
    body: str
    body_format: BodyFormat
    author: str | None
    source: str | None
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    organisations: tuple[str, ...]
    published: int | None
    day: int | None
    month: int | None
    year: int | None
    first_seen: int
    indexed_at: int
    content_hash: str
    story: str
    url_tokens: tuple[str, ...]
    title_layers: Layers
    text_layers: Layers


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article on its way into the index, with the times the index knows of it."""

    article: Article
    content_hash: str
    first_seen: int
    indexed_at: int


class DocumentMaker:
    """Article to document, with one lexicon: a pure function once it is made."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._segmenter = Segmenter(lexicon)

    def make(self, arrival: Arrival) -> Document:
        article = arrival.article
        title, text = collapse(article.title), plain_text(article.body, article.body_format)
        folded_title, folded_text = normalize(title), normalize(text)
        title_layers = self._segmenter.layers(folded_title)
        text_layers = self._segmenter.layers(folded_text)
        mentions = self._mentions(title_layers, folded_text, text_layers)
        local = article.published.astimezone(SHANGHAI) if article.published else None
        day = local.year * 10_000 + local.month * 100 + local.day if local else None
        return Document(
            id=article.id,
            url=article.url,
            title=title,
            text=text,
            folded=f"{folded_title}\n{folded_text}",
            body=article.body,
            body_format=article.body_format,
            author=article.author,
            source=article.source,
            categories=article.categories,
            topics=topics_of(self._lexicon, mentions),
            organisations=organisations_of(self._lexicon, mentions),
            published=_epoch(article.published),
            day=day,
            month=day // 100 if day else None,
            year=day // 10_000 if day else None,
            first_seen=arrival.first_seen,
            indexed_at=arrival.indexed_at,
            content_hash=arrival.content_hash,
            story=story_of(article.id, folded_text),
            url_tokens=url_tokens(article.url),
            title_layers=title_layers,
            text_layers=text_layers,
        )

    def _mentions(self, title: Layers, body: str, body_layers: Layers) -> Mentions:
        lead = self._segmenter.layers(body[:LEAD_CHARACTERS])
        return Mentions(title.concepts, lead.concepts, body_layers.concepts, len(body))

    def make_all(self, arrivals: Sequence[Arrival]) -> list[Document]:
        return [self.make(arrival) for arrival in arrivals]


def story_of(article_id: str, folded_text: str) -> str:
    """One name for all articles whose letters are the same, whatever stands between them."""
    letters = "".join(filter(str.isalnum, folded_text))
    seed = letters if len(letters) >= STORY_MIN else f"id:{article_id}"
    return hashlib.blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _epoch(moment: datetime | None) -> int | None:
    return int(moment.astimezone(UTC).timestamp()) if moment else None
