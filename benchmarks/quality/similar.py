"""Similar articles: lists to judge, by us and by plain «more like this», and the time they take.

    python -m benchmarks.quality.similar INDEX [--seed N] [--judged docs/how/similar.md]

Prints, for random articles of each part of the corpus, the five most similar by this product and by
tf·idf over the same index. With `--judged`: the means of the grades in that table, and the pairs of
the lists that have no grade yet.
"""

import re
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from random import Random

from index.engines.queries import And, Not, Or, Term
from index.engines.registry import open_engine
from index.engines.scoring import idf
from index.settings import Settings
from search.explore.similar import similar_to
from search.searcher import Searcher

DRAWN = {
    "a1": 5,
    "a1b": 4,
    "a2": 3,
    "a3": 2,
    "a4": 5,
    "a5": 2,
    "a6": 3,
    "a7": 1,
    "a8": 1,
    "a9": 1,
    "a10": 1,
    "a13": 1,
    "a16": 1,
}
"""Articles by part of the corpus, which the beginning of an id names."""
SHOWN = 5
TERMS = 25
_ROW = re.compile(r"^\| `(?P<id>\S+)` \| (?P<ours>.*?) \| (?P<plain>.*?) \|", re.MULTILINE)
_GRADE = re.compile(r"(\S+) \*\*([012])\*\*")


def drawn(searcher: Searcher, seed: int) -> list[str]:
    parts: dict[str, list[str]] = {}
    for article in sorted(searcher.snapshot.states()):
        parts.setdefault(article.split("_")[0], []).append(article)
    draw = Random(seed)
    return [a for part, count in DRAWN.items() for a in draw.sample(parts.get(part, []), count)]


def ours(searcher: Searcher, article: str) -> list[str]:
    return [hit.id for hit in similar_to(searcher, article, SHOWN).hits]


def plain(searcher: Searcher, article: str) -> list[str]:
    """The words with the highest tf·idf, as one query ranked by BM25; its own story is left out."""
    snapshot = searcher.snapshot
    (row,) = snapshot.stored([article], ("normalized", "story"))
    counts = Counter(searcher.segmenter.layers(row["normalized"]).words.split())
    articles = snapshot.generation.articles
    weights = {
        token: count * idf(articles, snapshot.doc_freq("text_words", token))
        for token, count in counts.items()
        if len(token) > 1
    }
    best = sorted(weights, key=lambda token: (-weights[token], token))[:TERMS]
    fields = ("title_words", "text_words")
    wanted = Or(tuple(Term(field, token) for token in best for field in fields))
    found = snapshot.match(And((wanted, Not(Term("story", row["story"])))), limit=SHOWN)
    return [match.id for match in found.matches]


def show(searcher: Searcher, articles: list[str]) -> None:
    for article in articles:
        print(f"\n{article} {_title(searcher, article)}")
        for name, found in (("ours", ours(searcher, article)), ("plain", plain(searcher, article))):
            for other in found:
                print(f"  {name:5} {other} {_title(searcher, other)}")


def _title(searcher: Searcher, article: str) -> str:
    (row,) = searcher.snapshot.stored([article], ("title", "source"))
    return f"[{row['source'] or '?'}] {row['title'][:60]}"


def summary(searcher: Searcher, table: str) -> None:
    """Means of the grades of a table, and the pairs of today's lists that it does not grade."""
    rows = list(_ROW.finditer(table))
    for name, find in (("ours", ours), ("plain", plain)):
        grades: list[int] = []
        fives: list[float] = []
        missing: list[str] = []
        for row in rows:
            known = {other: int(grade) for other, grade in _GRADE.findall(row["ours"])}
            known |= {other: int(grade) for other, grade in _GRADE.findall(row["plain"])}
            found = find(searcher, row["id"])
            missing += [f"{row['id']} {other}" for other in found if other not in known]
            given = [known.get(other, 0) for other in found]
            grades += given
            fives.append(sum(grade > 0 for grade in given) / SHOWN)
        print(f"{name}: {len(grades)} shown, mean grade {sum(grades) / len(grades):.2f}")
        print(
            f"  grade 2: {grades.count(2)}, grade 1: {grades.count(1)}, grade 0: {grades.count(0)}"
        )
        print(f"  precision of what is shown {1 - grades.count(0) / len(grades):.2f}")
        print(f"  precision@5 {sum(fives) / len(fives):.2f}; not judged: {missing or 'none'}")


def timing(searcher: Searcher, articles: list[str]) -> None:
    took = []
    for article in articles:
        started = time.perf_counter()
        similar_to(searcher, article)
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    print(
        f"\n{len(took)} articles: p50 {took[len(took) // 2]:.1f} ms, "
        f"p95 {took[int(len(took) * 0.95)]:.1f} ms, max {took[-1]:.1f} ms"
    )


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--judged", type=Path)
    given = parser.parse_args()
    searcher = Searcher(open_engine(Settings(index_dir=given.index)).open())
    if given.judged:
        summary(searcher, given.judged.read_text("utf-8"))
    else:
        show(searcher, drawn(searcher, given.seed))
    timing(searcher, [a for seed in range(10) for a in drawn(searcher, 100 + seed)])


if __name__ == "__main__":
    main()
