"""What comparing the first fifty in meaning is worth: the table of docs/decisions/vectors.md.

    python -m benchmarks.quality.vectors INDEX FOLDER --queries QUERIES.jsonl --qrels QRELS.tsv \\
        --qrels benchmarks/quality/judged/vectors.tsv

Makes the vectors of the articles found, a quarter of a second each, and keeps them in FOLDER, so
that it goes on where it was stopped. Then a row for each weight, compared with no vectors query by
query (paired bootstrap). --queries and --qrels may be repeated: judged/vectors.tsv grades what the
vectors bring into the first ten and no other system did. Needs the extra `vectors`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from benchmarks.quality.judgements import NOW, add_arguments, opened
from index.engines.api import Snapshot
from index.vectors.embedder import Embedder, open_embedder
from index.vectors.making import VectorMaker
from index.vectors.vector_file import VectorFile
from search.evaluation.metrics import DEPTH, Figures, figures_by_query, mean, mean_difference
from search.evaluation.trec import JudgedQuery, Qrels, Run
from search.ranking import meaning
from search.ranking.meaning import Meaning
from search.request import SearchRequest
from search.searcher import Searcher
from web.cli.index.progress import Progress

WEIGHTS = (3.0, 5.0, 8.0, 12.0, 24.0)
FIELDS = ("ndcg", "cond", "mrr")


@dataclass(frozen=True, slots=True)
class VectorBench:
    """One index and its judged queries."""

    snapshot: Snapshot
    queries: Sequence[JudgedQuery]
    qrels: Qrels

    def run(self, compared: Meaning | None) -> Run:
        searcher = Searcher(self.snapshot, meaning=compared)
        return {
            query.id: searcher.ranked(SearchRequest(now=NOW, q=query.text, fold=False))[:DEPTH]
            for query in self.queries
        }

    def figures(self, compared: Meaning | None) -> dict[str, Figures]:
        return figures_by_query(self.queries, self.qrels, self.run(compared))

    def rows(self, file: VectorFile, embedder: Embedder) -> list[str]:
        """Of the table, with its head."""
        plain = self.figures(None)
        rows = ["| weight | nDCG@10 | cond | MRR@10 | judged@10 | gain | of cond | of MRR |"]
        rows.append("|---|" + "---|" * 7)
        rows.append(_row("no vectors", plain, plain))
        for weight in WEIGHTS:
            with patch.object(meaning, "MEANING_WEIGHT", weight):
                rows.append(_row(f"{weight:g}", self.figures(Meaning(file, embedder)), plain))
        return rows


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.vectors", description=__doc__
    )
    add_arguments(parser, engine="tantivy")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    judged = opened(options)
    bench = VectorBench(judged.snapshot, judged.queries, judged.qrels)
    embedder = open_embedder()
    file = VectorFile(options.folder, embedder)
    maker = VectorMaker(judged.snapshot, file, embedder)
    found = dict.fromkeys(name for ids in bench.run(None).values() for name in ids)
    lacking = maker.lacking([*found])
    with Progress(len(lacking), "做向量") as progress:
        maker.make(lacking, progress.advance)
    print("\n".join(bench.rows(file, embedder)))


def _row(name: str, figures: dict[str, Figures], plain: dict[str, Figures]) -> str:
    both = mean(figures.values())
    gains = [mean_difference(plain, figures, field) for field in FIELDS]
    cells = [f"{value:.3f}" for value in (both.ndcg, both.cond, both.mrr, both.judged)]
    cells += [f"{gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]" for gain in gains]
    return f"| {name} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
