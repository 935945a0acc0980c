"""What all sides are given: the same articles, queries and quotations."""

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from index.article import Article
from index.sources.reader import read_articles
from index.text.html import collapse, plain_text

QUOTED_LENGTHS = range(1, 13)
QUOTES = frozenset("\"'\\“”‘’＂")
"""Would end or escape a quotation; strings with one of these are not drawn."""


class Text(NamedTuple):
    """An article as plain text."""

    id: str
    title: str
    text: str


def first_articles(corpus: Path, count: int | None, folder: Path) -> Path:
    """`corpus`, or a file in `folder` with its first `count` lines, compressed like `corpus`."""
    if count is None:
        return corpus
    if not corpus.name.endswith((".jsonl", ".jsonl.gz")):
        raise SystemExit("--articles needs a .jsonl or .jsonl.gz file")
    part = folder / corpus.name
    opened = gzip.open if corpus.name.endswith(".gz") else open
    with opened(corpus, "rb") as lines, opened(part, "wb") as out:
        out.writelines(islice(lines, count))
    return part


def cleaned(corpus: Path) -> Iterator[Text]:
    """The articles of `corpus` without their markup."""
    for article in read_articles([corpus]):
        if isinstance(article, Article):
            text = plain_text(article.body, article.body_format)
            yield Text(article.id, collapse(article.title), text)


def write_texts(texts: Iterable[Text], path: Path) -> Path:
    """One article a line, for processes that start from plain text."""
    with path.open("w", encoding="utf-8", errors="surrogatepass") as out:
        out.writelines(json.dumps(text) + "\n" for text in texts)
    return path


def read_queries(path: Path) -> list[str]:
    """Lines, or the `query` of each line of a .jsonl; without empty lines and # comments."""
    lines = path.read_text("utf-8").splitlines()
    if path.suffix == ".jsonl":
        return [json.loads(line)["query"] for line in lines if line.strip()]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def quotations(texts: Sequence[str], count: int, seed: int = 1) -> list[str]:
    """`count` random strings of these texts, none across a border of blocks."""
    draw = random.Random(seed)
    filled = [text for text in texts if text]
    found: list[str] = []
    while len(found) < count:
        text = draw.choice(filled)
        start = draw.randrange(len(text))
        piece = text[start : start + draw.choice(QUOTED_LENGTHS)].split("\n")[0].strip()
        if piece and not QUOTES.intersection(piece):
            found.append(piece)
    return found
