"""What each part of the ranking contributes: the table of docs/how/relevance.md.

    python -m benchmarks.quality.ablation INDEX --queries QUERIES.jsonl --qrels QRELS.tsv

Each row leaves out one part, or changes one constant, and is compared with the current ranking
query by query with a paired bootstrap. Below the table: constants chosen on four fifths of the
queries and measured on the last fifth, five times, which shows how far the figures are tuned; and
the figure that a perfect order of the articles found would reach.
"""

import argparse
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from types import ModuleType
from unittest.mock import patch

from benchmarks.quality.judgements import NOW, add_arguments, opened
from index.engines.api import Snapshot
from search.evaluation.metrics import DEPTH, Figures, figures_by_query, mean, mean_difference
from search.evaluation.trec import JudgedQuery, Qrels, Run
from search.query import expansion
from search.ranking import reranker, signals, text_signals
from search.related import key_terms
from search.request import SearchRequest
from search.retrieval import relaxation, retriever
from search.searcher import Searcher

FOLDS = 5
NAMESAKES = {
    "ENOUGH_ARTICLES": (relaxation, retriever),
    "RERANKED_MATCHES": (reranker, retriever),
    "ALIAS_WEIGHT": (expansion, text_signals),
    "NEAR_WEIGHT": (expansion, text_signals),
    "TITLE_WEIGHT": (expansion, key_terms),
}
"""Constants that other modules have imported by name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row: constants of modules to change, and whether aliases are left out."""

    name: str
    constants: tuple[tuple[ModuleType, str, object], ...] = ()
    verbatim: bool = False


def _one(name: str, module: ModuleType, constant: str, value: object) -> Part:
    return Part(name, ((module, constant, value),))


PARTS = (
    _one("all words are required", relaxation, "ENOUGH_ARTICLES", 0),
    _one("... unless fewer than 10 articles have them (now 50)", relaxation, "ENOUGH_ARTICLES", 10),
    _one("... unless fewer than 200 have them", relaxation, "ENOUGH_ARTICLES", 200),
    _one(
        "three quarters of the words' weight are required (now half)",
        relaxation,
        "MIN_COVERAGE",
        0.75,
    ),
    _one("a quarter is enough", relaxation, "MIN_COVERAGE", 0.25),
    Part("no other names, no amounts, no near words", verbatim=True),
    _one("another name weighs 1 (now .7)", expansion, "ALIAS_WEIGHT", 1.0),
    _one("another name weighs .5", expansion, "ALIAS_WEIGHT", 0.5),
    _one("no mentions within words", expansion, "MENTION_WEIGHT", 0.0),
    _one("near words weigh 0 (now .5)", expansion, "NEAR_WEIGHT", 0.0),
    _one("near words weigh .7", expansion, "NEAR_WEIGHT", 0.7),
    _one("words within words weigh 1 (now .8)", expansion, "FINE_WEIGHT", 1.0),
    _one("words within words weigh 0", expansion, "FINE_WEIGHT", 0.0),
    _one("parts of compounds weigh 0 (now .5)", expansion, "PARTS_WEIGHT", 0.0),
    _one("title weighs 1 (now .3)", expansion, "TITLE_WEIGHT", 1.0),
    _one("title weighs 2", expansion, "TITLE_WEIGHT", 2.0),
    _one("title weighs 0", expansion, "TITLE_WEIGHT", 0.0),
    _one("no reranking", reranker, "RERANKED_MATCHES", 0),
    _one("20 are reranked (now 50)", reranker, "RERANKED_MATCHES", 20),
    _one("100 are reranked", reranker, "RERANKED_MATCHES", 100),
    _one("no pairs of characters", reranker, "PAIRS_WEIGHT", 0.0),
    _one("pairs weigh 2 (now 1)", reranker, "PAIRS_WEIGHT", 2.0),
    _one("no place of the first mention", reranker, "FIRST_MENTION_WEIGHT", 0.0),
    _one("first mention weighs 1 (now .5)", reranker, "FIRST_MENTION_WEIGHT", 1.0),
    _one("no words of the title", reranker, "TITLE_WORDS_WEIGHT", 0.0),
    _one("words of the title weigh 1 (now .3)", reranker, "TITLE_WORDS_WEIGHT", 1.0),
    _one("no opening", reranker, "OPENING_WEIGHT", 0.0),
    _one("the opening weighs .4 (now .2)", reranker, "OPENING_WEIGHT", 0.4),
    _one("no labels", reranker, "LABELS_WEIGHT", 0.0),
    _one("labels weigh .2 (now .4)", reranker, "LABELS_WEIGHT", 0.2),
    _one("labels weigh .6", reranker, "LABELS_WEIGHT", 0.6),
    Part(
        "neither opening nor labels",
        ((reranker, "OPENING_WEIGHT", 0.0), (reranker, "LABELS_WEIGHT", 0.0)),
    ),
    _one("no whole title and no question in it", reranker, "WHOLE_TITLE_BONUS", 0.0),
    _one("a whole title counts 1 (now 2)", reranker, "WHOLE_TITLE_BONUS", 1.0),
    _one("no question is looked for in titles", retriever, "TITLED_ARTICLES", 0),
    _one("every kind counts as any article", signals, "KIND_FACTORS", {}),
    _one("no freshness", signals, "FRESH_SHARE", 0.0),
    _one("freshness .1 (now .05)", signals, "FRESH_SHARE", 0.1),
    _one("half-life 30 days (now 180)", signals, "FRESH_HALF_LIFE_DAYS", 30),
)
GRID = tuple(
    Part(
        f"{pairs}/{first}/{title}",
        (
            (reranker, "PAIRS_WEIGHT", pairs),
            (reranker, "FIRST_MENTION_WEIGHT", first),
            (reranker, "TITLE_WORDS_WEIGHT", title),
        ),
    )
    for pairs, first, title in product((0.5, 1.0, 2.0), (0.25, 0.5, 0.75), (0.15, 0.3, 0.6))
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.ablation", description=__doc__
    )
    add_arguments(parser)
    judged = opened(parser.parse_args(arguments))
    bench = Bench(judged.snapshot, judged.queries, judged.qrels)
    bench.run(Part("what is done once"))
    whole = bench.measure(Part("nothing"))
    print("| left out or changed | nDCG@10 | cond | MRR@10 | gain [95%] | ms |")
    print("|---|---|---|---|---|---|")
    for part in (Part("nothing"), *PARTS):
        print(bench.row(part, whole), flush=True)
    tuned = mean(bench.cross_validated())
    print(
        f"\n{FOLDS}-fold: nDCG@10 {tuned.ndcg:.3f}, cond {tuned.cond:.3f}, MRR@10 {tuned.mrr:.3f}"
    )
    for depth in (10, DEPTH):
        print(f"best order of the first {depth}: nDCG@10 {bench.ceiling(depth):.3f}")


class Bench:
    """One index and its judged queries."""

    def __init__(self, snapshot: Snapshot, queries: Sequence[JudgedQuery], qrels: Qrels) -> None:
        self._snapshot = snapshot
        self._queries = queries
        self._qrels = qrels

    def run(self, part: Part) -> Run:
        with _set(part):
            searcher = Searcher(self._snapshot)
            return {
                query.id: searcher.ranked(
                    SearchRequest(now=NOW, q=query.text, fold=False, verbatim=part.verbatim)
                )[:DEPTH]
                for query in self._queries
            }

    def measure(self, part: Part) -> dict[str, Figures]:
        return figures_by_query(self._queries, self._qrels, self.run(part))

    def row(self, part: Part, whole: Mapping[str, Figures]) -> str:
        """With processor milliseconds for each query: ranking only, no snippets or facets."""
        started = time.process_time()
        run = self.run(part)
        took = (time.process_time() - started) / len(self._queries) * 1000
        figures = figures_by_query(self._queries, self._qrels, run)
        gain, both = mean_difference(whole, figures), mean(figures.values())
        interval = f"{gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        measured = f"{both.ndcg:.3f} | {both.cond:.3f} | {both.mrr:.3f}"
        return f"| {part.name} | {measured} | {interval} | {took:.1f} |"

    def cross_validated(self) -> list[Figures]:
        """Each query's figures with the constants that were best on the other folds."""
        measured = [self.measure(part) for part in GRID]
        names = sorted(measured[0])
        random.Random(1).shuffle(names)
        found = []
        for fold in range(FOLDS):
            held = set(names[fold::FOLDS])
            best = max(measured, key=lambda run: sum(run[n].ndcg for n in names if n not in held))
            found += [best[name] for name in sorted(held)]
        return found

    def ceiling(self, depth: int) -> float:
        """nDCG@10 of the first `depth` articles in the order of their grades."""
        best = {
            query: sorted(ids[:depth], key=lambda name: -self._qrels.get(query, {}).get(name, 0))
            for query, ids in self.run(Part("nothing")).items()
        }
        return mean(figures_by_query(self._queries, self._qrels, best).values()).ndcg


@contextmanager
def _set(part: Part) -> Iterator[None]:
    with ExitStack() as stack:
        for module, name, value in part.constants:
            for place in NAMESAKES.get(name, (module,)):
                stack.enter_context(patch.object(place, name, value))
        yield


if __name__ == "__main__":
    main()
