"""Whether a series should give way on the first page: docs/how/relevance.md, "Series".

    python -m benchmarks.quality.series INDEX --queries QUERIES.jsonl --qrels QRELS.tsv

A series is five articles or more of one source whose titles begin alike up to the first mark,
numbers apart (8点1氪丨…, 第 12 期：…). nDCG@10 with every group counted once: of a story or series
only the first article of a ranking has its grade, the others fill places, and the best order has
each group once, with its best grade. Compared are rankings in which articles of a series that come
after the first few stand behind all others.
"""

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

from benchmarks.quality.judgements import NOW, add_arguments, opened
from index.engines.api import Match, Snapshot
from index.engines.queries import All
from search.evaluation.metrics import DEPTH, Figures, mean, mean_difference, moved
from search.evaluation.trec import Qrels, Run
from search.related.key_terms import series_key
from search.request import SearchRequest
from search.searcher import Searcher

SERIES_ARTICLES = 5
SHORTEST_BEGINNING = 4
"""Characters of a title's beginning, at least."""
BATCH = 2_000
FIRST_PAGE = 10
_MARK = re.compile(r"[:|丨(【]|——|–")

Group = Callable[[str], Hashable]
"""Article → its series, or else its story."""


def beginning(title: str) -> str:
    """What the titles of a series have in common."""
    key = series_key(title)
    mark = _MARK.search(key, 2)
    return key[: mark.start()] if mark else key


def gain(order: Sequence[str], grades: Mapping[str, int], group: Group) -> float:
    """nDCG@10 with every group counted once."""
    best: defaultdict[Hashable, int] = defaultdict(int)
    for name, grade in grades.items():
        best[group(name)] = max(best[group(name)], grade)
    seen: set[Hashable] = set()
    found = []
    for name in order[:FIRST_PAGE]:
        found.append(0 if group(name) in seen else grades.get(name, 0))
        seen.add(group(name))
    ideal = _discounted(sorted(best.values(), reverse=True)[:FIRST_PAGE])
    return _discounted(found) / ideal if ideal else 0.0


def giving_way(order: Sequence[str], group: Group, after: int) -> list[str]:
    """The order with each group's articles after the first `after` behind all others."""
    counts: Counter[Hashable] = Counter()
    first: list[str] = []
    later: list[str] = []
    for name in order:
        counts[group(name)] += 1
        (first if counts[group(name)] <= after else later).append(name)
    return [*first, *later]


def _discounted(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))


def all_matches(snapshot: Snapshot) -> Sequence[Match]:
    return snapshot.match(All(), sort="newest", limit=snapshot.generation.articles).matches


def groups_of(snapshot: Snapshot, found: Sequence[Match]) -> Group:
    """`found`: all articles."""
    begins: dict[str, tuple[str, str]] = {}
    for start in range(0, len(found), BATCH):
        names = [match.id for match in found[start : start + BATCH]]
        for row in snapshot.stored(names, ("id", "title", "source")):
            begins[row["id"]] = (row["source"], beginning(row["title"]))
    articles = Counter(begins.values())
    stories = {match.id: match.story for match in found}

    def group(name: str) -> Hashable:
        begin = begins.get(name, ("", ""))
        is_series = len(begin[1]) >= SHORTEST_BEGINNING and articles[begin] >= SERIES_ARTICLES
        return begin if is_series else stories.get(name, name)

    return group


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    judged = opened(parser.parse_args(arguments))
    snapshot, qrels = judged.snapshot, judged.qrels
    over, found = Searcher(snapshot), all_matches(snapshot)
    stories = {match.id: match.story for match in found}
    group = groups_of(snapshot, found)
    ranked = {
        query.id: over.ranked(SearchRequest(now=NOW, q=query.text, fold=False))[:DEPTH]
        for query in judged.queries
        if query.id in qrels
    }
    folded = {name: giving_way(order, stories.__getitem__, 1) for name, order in ranked.items()}
    rows = {"articles": ranked, "stories": folded}
    for after in (1, 2, 3):
        rows[f"a series gives way after {after}"] = {
            name: giving_way(order, group, after) for name, order in folded.items()
        }
    before = _figures(folded, qrels, group)
    print("| ranking | nDCG@10, groups once | gain [95%] | queries that move |\n|---|---|---|---|")
    for title, run in rows.items():
        figures = _figures(run, qrels, group)
        both, by = mean(figures.values()).ndcg, mean_difference(before, figures)
        interval = f"{by.mean:+.4f} [{by.low:+.3f}, {by.high:+.3f}]"
        print(f"| {title} | {both:.3f} | {interval} | {len(moved(before, figures))} |")


def _figures(run: Run, qrels: Qrels, group: Group) -> dict[str, Figures]:
    return {
        name: Figures(1, gain(order, qrels[name], group), 0.0, 0.0, 0.0, 0.0, 0.0)
        for name, order in run.items()
    }


if __name__ == "__main__":
    main()
