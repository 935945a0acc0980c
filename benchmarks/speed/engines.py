"""How engines grow with the corpus.

    python -m benchmarks.speed.engines CORPUS --sizes 1000,10000 --engines whoosh

For each size and engine: a rebuild by the command, a server queried over HTTP, and an update while
it serves, until it answers with a new article. Everything measured is a process of its own. Each
finished row is appended to --out as a line of JSON; `--draw` redraws docs/measured/growth.svg and
prints the table from such a file. Articles beyond the corpus are synthetic (synthetic_corpus.py).
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import yuansou, yuansou_cluster
from benchmarks.harness.process import private_mb, run
from benchmarks.harness.report import folder_mb, machine
from benchmarks.speed import growth_report
from benchmarks.speed.classes import drawn
from benchmarks.speed.profile import SETTLED
from benchmarks.speed.synthetic_corpus import grown, sized
from index.article import Article
from index.lexicon.loading import load_lexicon
from index.sources.reader import read_articles

SIZES = (1_000, 10_000, 35_287)
NEW, CHANGED, REMOVED = 50, 30, 20
SAMPLED = 2_000
"""Articles that queries are drawn from."""
MARK = "这一句只有更新以后才读得到"
"""Stands in the last article that an update brings."""
WAIT = 60
"""Seconds after an update within which it must be seen."""


@dataclass(frozen=True, slots=True)
class Job:
    """A row to measure: `corpus` has its articles, `queries` are by class."""

    engine: str
    articles: int
    corpus: Path
    queries: Mapping[str, Sequence[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if not options.draw:
        for size in options.sizes:
            with TemporaryDirectory(prefix="yuansou-growth-", dir=options.folder) as folder:
                Path(folder).chmod(0o711)  # a cluster's node runs as another user
                _measure_size(options, size, Path(folder).resolve())
    rows = growth_report.read(options.out)
    print(growth_report.table(rows))
    if options.picture:
        options.picture.write_text(growth_report.picture(rows), "utf-8")


def _measure_size(options: argparse.Namespace, size: int, folder: Path) -> None:
    real = [item for item in read_articles([options.corpus]) if isinstance(item, Article)]
    queries = drawn(real[:SAMPLED], load_lexicon(), options.queries)
    for engine in options.engines:
        _say(f"{size:,} articles, {engine}")
        part = folder / engine
        part.mkdir()
        corpus = sized(options.corpus, size, part / "corpus.jsonl")
        row = measured(Job(engine, size, corpus, queries), part, real)
        with options.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")


def measured(job: Job, folder: Path, real: Sequence[Article]) -> dict[str, object]:
    """One row: seconds, milliseconds, megabytes. A cluster is one node, started before."""
    if job.engine != yuansou_cluster.ENGINE:
        return _measured(job, folder, real, lambda: folder_mb(yuansou.index_folder(folder)))
    with yuansou_cluster.cluster(folder) as node:
        return _measured(job, folder, real, lambda: yuansou_cluster.index_mb(node))


def _measured(
    job: Job, folder: Path, real: Sequence[Article], size_mb: Callable[[], float]
) -> dict[str, object]:
    command = yuansou.command(folder, job.engine)
    built = run([*command, "index", "rebuild", str(job.corpus), "--json"], folder)
    index_mb = size_mb()
    started = time.perf_counter()
    with yuansou.serve_index(yuansou.index_folder(folder), job.engine) as server:
        server.ask([yuansou.WARM_UP])
        cold = time.perf_counter() - started
        time.sleep(SETTLED)
        latency = {name: _percentiles(server, asked) for name, asked in job.queries.items()}
        server_mb = private_mb(server.pid)
        reading = _reading(job.corpus)
        renew(job.corpus, real)
        started = time.perf_counter()
        updated = run([*command, "index", "update", str(job.corpus), "--json"], folder)
        _until_seen(server)
        visible = time.perf_counter() - started
    return {
        "engine": job.engine,
        "articles": job.articles,
        "build_s": built.seconds,
        "peak_mb": built.peak_all_mb,
        "bytes_an_article": index_mb * 1e6 / job.articles,
        "cold_s": cold,
        "server_mb": server_mb,
        "latency_ms": latency,
        "update_s": visible,
        "update_peak_mb": updated.peak_all_mb,
        "reading_s": reading,
        "machine": machine(),
    }


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Milliseconds of one class."""

    p50: float
    p95: float
    p99: float


def _percentiles(server: yuansou.Server, queries: Sequence[str]) -> dict[str, float]:
    times = sorted(answer.seconds * 1000 for answer in server.ask(queries))
    at = [times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 0.99)]
    return asdict(Percentiles(*at))


def renew(corpus: Path, real: Sequence[Article]) -> None:
    """Rewrites `corpus` with REMOVED articles less, CHANGED changed and NEW new ones."""
    with corpus.open(encoding="utf-8", errors="surrogatepass") as lines:
        count = sum(1 for _ in lines)
    chosen = random.Random(2).sample(range(count), REMOVED + CHANGED)
    removed, changed = set(chosen[:REMOVED]), set(chosen[REMOVED:])
    new = list(islice(grown(real, seed=3), NEW))
    for at, made in enumerate(new):
        made["id"] = f"new_{at}"
    new[-1]["body"] += MARK + "。"
    renewed = corpus.with_suffix(".new")
    with (
        corpus.open(encoding="utf-8", errors="surrogatepass") as old,
        renewed.open("w", encoding="utf-8", errors="surrogatepass") as out,
    ):
        for at, line in enumerate(old):
            if at not in removed:
                out.write(_changed(line) + "\n" if at in changed else line)
        out.writelines(json.dumps(made) + "\n" for made in new)
    renewed.replace(corpus)


def _changed(line: str) -> str:
    article = json.loads(line)
    return json.dumps({**article, "body": article["body"] + "本文有更正。"})


def _until_seen(server: yuansou.Server) -> None:
    deadline = time.monotonic() + WAIT
    server.connection.close()  # the server gave it up meanwhile; the next request connects again
    while not server.ask([f'"{MARK}"'])[0].total:
        if time.monotonic() > deadline:
            raise SystemExit("the update was not seen")
        time.sleep(0.02)


def _reading(corpus: Path) -> float:
    """Seconds to read and hash every article, with which every update of all paths begins."""
    started = time.perf_counter()
    for article in read_articles([corpus]):
        if isinstance(article, Article):
            article.content_hash()
    return time.perf_counter() - started


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.engines", description=__doc__)
    parser.add_argument("corpus", type=Path, help=".jsonl or .jsonl.gz")
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="such as 1000,10000")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["whoosh"])
    parser.add_argument("--queries", type=int, default=60, help="a class")
    parser.add_argument("--out", type=Path, default=Path("var/growth.jsonl"))
    parser.add_argument("--folder", type=Path, help="where indexes are built, for a while")
    parser.add_argument("--draw", action="store_true", help="measure nothing, read --out")
    parser.add_argument("--picture", type=Path, help="an SVG of the growth")
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
