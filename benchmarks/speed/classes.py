"""Queries of six classes over the same words: concepts of the lexicon that articles name."""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from benchmarks.harness.corpus import QUOTES
from index.article import Article
from index.lexicon.model import Lexicon
from index.text.html import plain_text

QUOTED = (1, 2, 8)
"""Characters of a quotation; each length is asked a third of the time."""
CLASSES = ("one word", "several words", "boolean", "filtered", "prefix", "quoted")


def drawn(
    articles: Sequence[Article], lexicon: Lexicon, count: int, seed: int = 1
) -> Mapping[str, list[str]]:
    """`count` queries of each class."""
    words = _words(articles, lexicon, random.Random(seed))
    texts = [text for article in articles if (text := _text(article))]
    return {
        name: list(islice(queries, count))
        for name, queries in zip(CLASSES, _streams(words, texts, random.Random(seed)), strict=True)
    }


def _streams(
    words: Sequence[str], texts: Sequence[str], draw: random.Random
) -> tuple[Iterator[str], ...]:
    def some(count: int) -> list[str]:
        return draw.sample(words, count)

    return (
        iter(words),
        (" ".join(some(draw.choice((2, 3)))) for _ in iter(int, 1)),
        ("{} AND ({} OR {})".format(*some(3)) for _ in iter(int, 1)),
        (f"{some(1)[0]} date:{draw.randrange(2018, 2024)}" for _ in iter(int, 1)),
        (f"{some(1)[0][:2]}*" for _ in iter(int, 1)),
        _quoted(texts, draw),
    )


def _words(articles: Sequence[Article], lexicon: Lexicon, draw: random.Random) -> list[str]:
    """Names of concepts that occur in titles, in random order, common ones included."""
    titles = "\n".join(article.title for article in articles)
    found = [concept.name for concept in lexicon.concepts if concept.name in titles]
    draw.shuffle(found)
    return found


def _quoted(texts: Sequence[str], draw: random.Random) -> Iterator[str]:
    for length in _round(QUOTED):
        while True:
            text = draw.choice(texts)
            start = draw.randrange(len(text))
            piece = text[start : start + length]
            if len(piece.strip()) == length and "\n" not in piece and not QUOTES & set(piece):
                break
        yield f'"{piece}"'


def _round(values: Sequence[int]) -> Iterator[int]:
    while True:
        yield from values


def _text(article: Article) -> str:
    return plain_text(article.body, article.body_format)
