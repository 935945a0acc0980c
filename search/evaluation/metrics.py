"""Judged queries in, figures out: how good a ranking is, and whether another one is better.

Pure. The metrics are those of `ir-measures` (an extra, `evaluate`), over the first DEPTH articles:

- nDCG@10 (Järvelin and Kekäläinen 2002): gain 2^grade - 1, discount log2(rank + 1), over the best
  order of everything judged. An article without a grade counts as useless.
- cond: the same with articles that have no grade taken out of the ranking (Sakai 2007).
- MRR@10 and recall@50: relevant is grade 2 and better, or 1 where the grades are yes and no.
- judged@10: the share of the first ten that has a grade.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from index.errors import EvaluationError, install_hint
from search.evaluation.trec import JudgedQuery, Qrels, Run

DEPTH = 50
RELEVANT_GRADE = 2
BOOTSTRAP_SAMPLES = 10_000
"""Of the bootstrap."""
BOOTSTRAP_SEED = 7
MIN_NDCG_CHANGE = 0.005
"""Smaller differences of a query's nDCG@10 are not listed."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one query, or means over several; `empty` is 1 for a query without results."""

    queries: int
    ndcg: float
    cond: float
    mrr: float
    recall: float
    judged: float
    empty: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean difference and the 95% interval around it."""

    mean: float
    low: float
    high: float


def figures_by_query(queries: Sequence[JudgedQuery], qrels: Qrels, run: Run) -> dict[str, Figures]:
    """Figures by query, in the order of `queries`. Raises EvaluationError if nothing is judged or
    `ir-measures` is not installed."""
    judged = [query for query in queries if query.id in qrels]
    if not judged:
        raise EvaluationError("没有一个查询有判断。", hint="请核对 --queries 与 --qrels 是否配套。")
    measured = _measure({query.id: qrels[query.id] for query in judged}, run)
    return {
        query.id: Figures(1, **measured[query.id], empty=float(not run.get(query.id)))
        for query in judged
    }


def mean(figures: Iterable[Figures]) -> Figures:
    """The means over some queries, at least one."""
    every = list(figures)
    names = ("ndcg", "cond", "mrr", "recall", "judged", "empty")
    return Figures(len(every), *(fmean(getattr(each, name) for each in every) for name in names))


def by_intent(queries: Iterable[JudgedQuery], figures: Mapping[str, Figures]) -> dict[str, Figures]:
    """Means by class of queries, the largest class first."""
    classes: defaultdict[str, list[Figures]] = defaultdict(list)
    for query in queries:
        if query.id in figures:
            classes[query.intent].append(figures[query.id])
    ordered = sorted(classes.items(), key=lambda item: (-len(item[1]), item[0]))
    return {intent: mean(members) for intent, members in ordered}


def mean_difference(
    before: Mapping[str, Figures], after: Mapping[str, Figures], field: str = "ndcg"
) -> Interval:
    """How much better `after` is, query by query, by a paired bootstrap (Efron and Tibshirani 1993,
    percentile interval). Fixed seed: the same figures give the same interval."""
    both = [name for name in after if name in before]
    if not both:
        raise EvaluationError("两次运行没有共同的查询，无法比较。")
    moves = np.array([getattr(after[n], field) - getattr(before[n], field) for n in both])
    draws = np.random.default_rng(BOOTSTRAP_SEED).integers(
        len(moves), size=(BOOTSTRAP_SAMPLES, len(moves))
    )
    low, high = np.percentile(moves[draws].mean(axis=1), (2.5, 97.5))
    return Interval(float(moves.mean()), float(low), float(high))


def moved(before: Mapping[str, Figures], after: Mapping[str, Figures]) -> list[tuple[str, float]]:
    """Queries whose nDCG@10 differs, with the difference, the greatest loss first."""
    moves = [(name, after[name].ndcg - before[name].ndcg) for name in after if name in before]
    return sorted((m for m in moves if abs(m[1]) >= MIN_NDCG_CHANGE), key=lambda move: move[1])


def _measure(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    try:
        import ir_measures  # noqa: PLC0415 - an extra
        from ir_measures import RR, Judged, R, nDCG  # noqa: PLC0415
    except ImportError as error:
        raise EvaluationError(
            f"缺少评测用的库（{error.name}）。", hint=install_hint("evaluate")
        ) from error
    highest = max(max(grades.values(), default=0) for grades in qrels.values())
    relevant = min(RELEVANT_GRADE, max(highest, 1))
    gains = {grade: 2**grade - 1 for grade in range(1, highest + 1)}
    names: dict[Any, str] = {
        nDCG(gains=gains) @ 10: "ndcg",
        nDCG(gains=gains, judged_only=True) @ 10: "cond",
        RR(rel=relevant) @ 10: "mrr",
        R(rel=relevant) @ DEPTH: "recall",
        Judged @ 10: "judged",
    }
    documents = {
        query: {article: float(-rank) for rank, article in enumerate(run.get(query, ())[:DEPTH])}
        for query in qrels
        if run.get(query)  # the library divides by their number
    }
    measured: dict[str, dict[str, float]] = {q: dict.fromkeys(names.values(), 0.0) for q in qrels}
    for metric in ir_measures.iter_calc(list(names), qrels, documents):
        measured[metric.query_id][names[metric.measure]] = metric.value
    return measured
