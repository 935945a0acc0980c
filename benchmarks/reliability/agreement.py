"""Random queries over random documents: each engine against the naive one."""

import importlib
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reliability.systems import opened
from index.engines.queries import (
    All,
    And,
    AnyTerm,
    Best,
    Boost,
    Near,
    Not,
    Or,
    Query,
    Range,
    Substring,
    Term,
)

EVERYTHING = 100_000
_TOKENS = ("title_words", "title_fine", "text_words", "text_fine", "text_concepts")


def agreed(engines: tuple[str, ...], documents: int, queries: int, seed: int, work: Path) -> Any:
    """By engine, how many queries gave other articles or totals than the naive engine."""
    support: Any = importlib.import_module("tests.support.documents")
    naive = importlib.import_module("tests.support.naive_engine").NaiveEngine()
    made = support.random_documents(seed, [f"n{number:05}" for number in range(documents)])
    batches = [made[start : start + 500] for start in range(0, documents, 500)]
    support.build(naive, batches)
    snapshots = {}
    for name in engines:
        engine, _ = opened(name, work / f"agreement-{name}")
        support.build(engine, batches)
        snapshots[name] = engine.open()
    random, oracle = Random(seed), naive.open()
    differing: dict[str, list[str]] = {name: [] for name in engines}
    for _ in range(queries):
        query = _tree(random, support, 3)
        expected = oracle.match(query, limit=EVERYTHING)
        ids = {match.id for match in expected.matches}
        for name, snapshot in snapshots.items():
            found = snapshot.match(query, limit=EVERYTHING)
            if found.total != expected.total or {match.id for match in found.matches} != ids:
                differing[name].append(repr(query))
    return {
        "documents": documents,
        "queries": queries,
        "differences": {name: len(found) for name, found in differing.items()},
        "examples": {name: found[:1] for name, found in differing.items() if found},
    }


def _tree(random: Random, support: Any, depth: int) -> Query:
    if depth == 0 or random.random() < 0.3:
        return _leaf(random, support)
    below = tuple(_tree(random, support, depth - 1) for _ in range(random.randint(1, 3)))
    kind = random.choice((And, Or, Best, "not", "boost"))
    if kind == "not":
        return Not(below[0])
    if kind == "boost":
        return Boost(below[0], random.choice((0.5, 3.0)))
    return kind(below)  # type: ignore[operator]


def _leaf(random: Random, support: Any) -> Query:
    kind = random.randrange(7)
    if kind == 0:
        text = "".join(random.choices(support.CHARACTERS, k=random.randint(1, 4)))
        return Substring(text, random.choice((None, "title", "text")))
    if kind == 1:
        tokens = (*support.TOKENS, "没有")
        return AnyTerm(random.choice(_TOKENS), tuple(random.sample(tokens, random.randint(1, 3))))
    if kind == 2:
        low = random.choice((None, 1970, 2022))
        return Range("year", low, random.choice((None, 2022, 2023)))
    if kind == 3:
        fields = {"source": support.SOURCES[:-1], "topic": support.TOPICS, "story": support.STORIES}
        field = random.choice(list(fields))
        return Term(field, random.choice(fields[field]))
    if kind == 4:
        left, right = (("数字", "银行"), ("人民", "nf"))
        return Near(left, right, random.choice((0, 1, 3, 20)), random.choice((None, "title")))
    if kind == 5:
        return All()
    return Term(random.choice(_TOKENS), random.choice((*support.TOKENS, "没有")))
