"""A corpus of any size: a real one, and beyond it synthetic articles made of its pieces, seeded.

A piece is a run of whole sentences of one paragraph. A synthetic article takes each piece from
another article, until it is as long as a real one drawn at random. So words, lengths, sources and
times are distributed as in the real corpus, and two synthetic articles rarely share more than one
piece, which makes no near-copy.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from index.article import Article
from index.sources.reader import read_articles
from index.text.html import plain_text

PIECE = 120
"""Characters after which a piece ends with its sentence."""
MIN_PIECES = 4
SHIFT_DAYS = 365
"""A made article is up to so many days older than the real one whose time it takes."""
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")


def sized(corpus: Path, count: int, path: Path) -> Path:
    """`count` articles in a new .jsonl file: the first of `corpus`, then synthetic ones."""
    with path.open("w", encoding="utf-8", errors="surrogatepass") as out:
        lines = list(islice(_lines(corpus), count))
        out.writelines(lines)
        if missing := count - len(lines):
            made = islice(grown(_articles(corpus)), missing)
            out.writelines(json.dumps(article) + "\n" for article in made)
    return path


def grown(articles: Sequence[Article], seed: int = 1) -> Iterator[dict[str, Any]]:
    """Endless synthetic articles, as lines of a .jsonl file."""
    draw = random.Random(seed)
    texts = [plain_text(article.body, article.body_format) for article in articles]
    pieces = [list(_pieces(text)) for text in texts]
    filled = [found for found in pieces if found]
    number = 0
    while True:
        number += 1
        at = draw.randrange(len(articles))
        like = articles[at]
        body = _body(draw, filled, len(texts[at]))
        published = like.published and like.published - timedelta(days=draw.randrange(SHIFT_DAYS))
        yield {
            "id": f"made_{number:07d}",
            "title": _title(draw, articles),
            "body": body,
            "body_format": "text",
            "date": published and published.isoformat(),
            "source": like.source,
            "categories": list(like.categories),
        }


def _body(draw: random.Random, pieces: Sequence[Sequence[str]], length: int) -> str:
    chosen: list[str] = []
    size = 0
    while size < length or len(chosen) < MIN_PIECES:
        chosen.append(draw.choice(draw.choice(pieces)))
        size += len(chosen[-1])
    return "\n\n".join(chosen)


def _title(draw: random.Random, articles: Sequence[Article]) -> str:
    """The first half of one title and the second of another."""
    one, other = draw.choice(articles).title, draw.choice(articles).title
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]


def _pieces(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        piece = ""
        for sentence in _SENTENCE.findall(paragraph):
            piece += sentence
            if len(piece) >= PIECE:
                yield piece
                piece = ""
        if piece.strip():
            yield piece


def _articles(corpus: Path) -> list[Article]:
    return [item for item in read_articles([corpus]) if isinstance(item, Article)]


def _lines(corpus: Path) -> Iterator[str]:
    opened = gzip.open if corpus.name.endswith(".gz") else open
    with opened(corpus, "rt", encoding="utf-8", errors="surrogatepass") as lines:
        yield from lines
