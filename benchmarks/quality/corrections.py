"""Right corrections of misspelled queries, wrong ones of correct queries, time of suggestions.

    python -m benchmarks.quality.corrections INDEX_DIR [QUERIES…]

Misspelled queries are those of tests/search/spelling/typos.tsv; correct ones the `query` (or
`text`) of each line of .jsonl or .jsonl.gz files.
"""

import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from index.engines.registry import open_engine
from index.settings import Settings
from index.text.normalize import normalize
from search.pinyin import spell
from search.request import MAX_QUERY, SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher

TYPOS = Path(__file__).parents[2] / "tests" / "search" / "spelling" / "typos.tsv"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
TYPED = 1_000
"""Beginnings that suggestions are asked for."""


@click.command()
@click.argument("index_dir", type=click.Path(exists=True, path_type=Path))
@click.argument("queries", type=click.Path(exists=True, path_type=Path), nargs=-1)
@click.option("--limit", default=3_000, show_default=True, help="Queries of each file.")
def main(index_dir: Path, queries: tuple[Path, ...], limit: int) -> None:
    """Prints tables."""
    searcher = Searcher(open_engine(Settings(index_dir=index_dir)).open())
    started = time.perf_counter()
    searcher.aids.load()
    click.echo(f"warm after {time.perf_counter() - started:.1f} s")
    _typos(searcher)
    for path in queries:
        _correct(searcher, path, limit)
    _suggestions(searcher)


def _ask(searcher: Searcher, query: str) -> SearchResponse:
    return searcher.search(SearchRequest(now=NOW, q=query[:MAX_QUERY], facets=()))


def _typos(searcher: Searcher) -> None:
    """Misspelled queries by kind: how many are searched or offered as expected, and wrongly."""
    rows = [line.split("\t") for line in TYPOS.read_text("utf-8").splitlines() if line[0] != "#"]
    told: Counter[tuple[str, str]] = Counter()
    for kind, typed, meant in rows:
        query = _ask(searcher, typed).query
        given = query.q if query.corrected_from is not None else query.suggestion
        right = given is not None and normalize(given) == normalize(meant)
        how = "searched" if query.corrected_from is not None else "offered"
        told[kind, "nothing" if given is None else how if right else "wrong"] += 1
        if not right:
            click.echo(f"  {kind}: {typed} → {given}, meant {meant}")
    for kind in dict.fromkeys(row[0] for row in rows):
        counts = {how: n for (of, how), n in told.items() if of == kind}
        click.echo(f"{kind:8} {counts}")


def _correct(searcher: Searcher, path: Path, limit: int) -> None:
    """Correct queries: how many get a correction."""
    told: Counter[str] = Counter()
    for text in _sample(path, limit):
        query = _ask(searcher, text).query
        if query.corrected_from is not None or query.suggestion is not None:
            told["offered" if query.suggestion else "searched"] += 1
            click.echo(f"  {text} → {query.suggestion or query.q}")
        told["queries"] += 1
    click.echo(f"{path.parent.name}/{path.name}: {dict(told)}")


def _sample(path: Path, limit: int) -> list[str]:
    found = list(_texts(path))
    return random.Random(1).sample(found, min(limit, len(found)))


def _texts(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row.get("query") or row.get("text") or row["title"]


def _suggestions(searcher: Searcher) -> None:
    """Milliseconds for the beginnings of names in characters, pinyin and initials, half of them
    after another name."""
    draw = random.Random(1)
    names = [form for concept in searcher.snapshot.lexicon.concepts for form in concept.forms()]
    times: list[float] = []
    for number in range(TYPED):
        name = normalize(draw.choice(names))
        spelling = spell(name)
        whole = draw.choice((name, spelling.letters.lower(), spelling.initials)) or name
        before = f"{draw.choice(names)} " if number % 2 else ""
        started = time.perf_counter()
        searcher.aids.suggest(before + whole[: draw.randint(1, len(whole))])
        times.append((time.perf_counter() - started) * 1_000)
    times.sort()
    shares = " ".join(f"p{share} {times[TYPED * share // 100]:.1f}" for share in (50, 95, 99))
    click.echo(f"suggestions, ms: {shares} max {times[-1]:.1f}")


if __name__ == "__main__":
    main()
