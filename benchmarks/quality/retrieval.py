"""Finding one known article: ours and plain BM25 over stock jieba, in one run.

    python -m benchmarks.quality.retrieval FOLDER [--queries N]

FOLDER holds `corpus.jsonl.gz` (id, title, text), `queries.jsonl.gz` (id, text) and `qrels.tsv.gz`.
"""

import argparse
import gzip
import json
import logging
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import jieba

from index.article import Article
from index.build.pipeline import writing_with
from index.document import Arrival
from index.engines.registry import open_engine
from index.engines.scoring import K1, B, idf
from index.lexicon.loading import load_lexicon
from index.settings import Settings
from search.evaluation.metrics import figures_by_query, mean, mean_difference
from search.evaluation.trec import JudgedQuery, NamedLines, read_qrels, read_queries
from search.request import MAX_QUERY, SearchRequest
from search.searcher import Searcher

NOW = datetime(2026, 9, 1, tzinfo=UTC)
DEPTH = 10
SEED = 1
Ranker = Callable[[str], list[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.retrieval", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, help="so many of them, drawn once and for all")
    options = parser.parse_args(arguments)
    logging.getLogger("jieba").setLevel(logging.ERROR)
    articles = list(_articles(options.folder / "corpus.jsonl.gz"))
    queries = read_queries(NamedLines("queries", _lines(options.folder / "queries.jsonl.gz")))
    qrels = read_qrels(NamedLines("qrels", _lines(options.folder / "qrels.tsv.gz")))
    if options.queries:
        queries = random.Random(SEED).sample(queries, options.queries)
    with TemporaryDirectory() as folder:
        plain = _measured(queries, PlainBm25(articles).rank)
        ours = _measured(queries, _ours(articles, Path(folder)))
    figures = (
        figures_by_query(queries, qrels, plain[0]),
        figures_by_query(queries, qrels, ours[0]),
    )
    print(f"{len(articles):,} articles, {len(queries):,} queries, {len(figures[0]):,} judged")
    for name, (_, took), measured in zip(
        ("plain BM25", "ours"), (plain, ours), figures, strict=True
    ):
        every = mean(measured.values())
        empty = f"{every.empty:.1%} without results"
        found = f"MRR@10 {every.mrr:.3f}  recall@10 {every.recall:.3f}"
        print(f"{name:<12} {found}  {empty}  {took:.1f} ms a query")
    gain = mean_difference(figures[0], figures[1], field="mrr")
    print(f"{'difference':<12} {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")


def _lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode().splitlines()


def _articles(path: Path) -> Iterator[Article]:
    for line in _lines(path):
        row = json.loads(line)
        yield Article(row["id"], row["title"], row["text"], "text")


def _measured(queries: Sequence[JudgedQuery], rank: Ranker) -> tuple[dict[str, list[str]], float]:
    """The run, and milliseconds a query."""
    rank(queries[0].text)
    started = time.perf_counter()
    run = {query.id: rank(query.text) for query in queries}
    return run, (time.perf_counter() - started) / len(queries) * 1000


def _ours(articles: Sequence[Article], folder: Path) -> Ranker:
    """Our search with default settings, reposts not folded."""
    engine = open_engine(Settings(index_dir=folder))
    lexicon = load_lexicon()
    writer = engine.build(lexicon, base=None, sources=())
    with writing_with(writer, lexicon, engine.pack) as writing:
        writing.draft(Arrival(article, "", 0, 0) for article in articles)
        writing.finish()
    engine.publish(writer.commit().name)
    searcher = Searcher(engine.open())

    def rank(text: str) -> list[str]:
        request = SearchRequest(now=NOW, q=text[:MAX_QUERY], fold=False)
        return searcher.ranked(request)[:DEPTH]

    return rank


class PlainBm25:
    """BM25 over stock jieba's words of title and text together."""

    def __init__(self, articles: Sequence[Article]) -> None:
        cut = [Counter(_cut(f"{article.title} {article.body}")) for article in articles]
        lengths = [sum(words.values()) for words in cut]
        average = sum(lengths) / len(lengths)
        found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for article, words, length in zip(articles, cut, lengths, strict=True):
            norm = K1 * (1 - B + B * length / average)
            for word, tf in words.items():
                found[word].append((article.id, tf / (tf + norm)))
        self._found = found
        self._articles = len(articles)

    def rank(self, text: str) -> list[str]:
        scores: defaultdict[str, float] = defaultdict(float)
        for word in _cut(text):
            postings = self._found.get(word, [])
            for article, weight in postings:
                scores[article] += weight * idf(self._articles, len(postings))
        return sorted(scores, key=lambda name: (-scores[name], name))[:DEPTH]


def _cut(text: str) -> list[str]:
    return [word for word in jieba.lcut(text.lower()) if any(map(str.isalnum, word))]


if __name__ == "__main__":
    main()
