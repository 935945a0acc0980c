"""bm25s: a matrix of scores computed at build time; ranking only, keeps no text."""

import json
from collections.abc import Iterable
from pathlib import Path

import bm25s

from benchmarks.harness.corpus import Text
from benchmarks.peers.base import COUNT, TITLE_WEIGHT, Hit, Search
from benchmarks.peers.words import words_asked, words_of

SHOWN = "shown.json"


def build(articles: Iterable[Text], folder: Path) -> None:
    vocabulary: dict[str, int] = {}
    numbers, shown = [], []
    for id_, title, text in articles:
        words = words_of(title) * TITLE_WEIGHT + words_of(text)
        numbers.append([vocabulary.setdefault(word, len(vocabulary)) for word in words])
        shown.append((id_, title))
    ranking = bm25s.BM25()
    ranking.index(bm25s.tokenization.Tokenized(numbers, vocabulary), show_progress=False)
    ranking.save(folder)
    (folder / SHOWN).write_text(json.dumps(shown), "utf-8")


def open_index(folder: Path) -> Search:
    ranking = bm25s.BM25.load(folder)
    shown = json.loads((folder / SHOWN).read_text("utf-8"))
    count = min(COUNT, len(shown))

    def search(query: str) -> list[Hit]:
        words = [word for word in words_asked(query) if word in ranking.vocab_dict]
        if not words:
            return []
        found, scores = ranking.retrieve([words], k=count, show_progress=False)
        best = zip(found[0], scores[0], strict=True)
        return [_hit(shown[number]) for number, score in best if score > 0]

    return search


def _hit(shown: list[str]) -> Hit:
    id_, title = shown
    return Hit(id_, title, "")
