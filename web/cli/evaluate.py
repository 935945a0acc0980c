"""`yuansou evaluate`: measures the ranking on judged queries."""

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from index.errors import EvaluationError
from web.cli.options import as_setting, settings_of

if TYPE_CHECKING:
    from index.engines.api import Snapshot
    from search.evaluation.metrics import Figures
    from search.evaluation.trec import JudgedQuery, NamedLines
    from search.searcher import Searcher

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COLUMNS = ("nDCG@10", "cond", "MRR@10", "recall@50", "judged@10")

Read = TypeVar("Read")


@click.command()
@click.option(
    "--queries", required=True, type=EXISTING_FILE, help="每行一个 JSON：qid、query、intent。"
)
@click.option(
    "--qrels", required=True, type=EXISTING_FILE, help="TREC 格式的判断：查询 0 文章 等级。"
)
@click.option("--engine", callback=as_setting, help="引擎。")
@click.option("--save", type=click.Path(path_type=Path), help="把结果存成 TREC 格式的文件。")
@click.option("--compare", type=EXISTING_FILE, help="与先前存下的结果比较。")
@click.option(
    "--now",
    type=click.DateTime(["%Y-%m-%d"]),
    help="新鲜度从哪一天算起；省略则从最新一篇文章的发布时间算起。",
)
@click.pass_context
def evaluate(
    ctx: click.Context,
    queries: Path,
    qrels: Path,
    engine: str | None,
    save: Path | None,
    compare: Path | None,
    now: datetime | None,
) -> None:
    """用评判过的查询衡量排序。"""
    from index.engines.registry import open_engine
    from search.evaluation import metrics as measures
    from search.evaluation import trec
    from search.ranking.meaning import open_meaning
    from search.searcher import Searcher

    asked = _read(queries, trec.read_queries)
    grades = _read(qrels, trec.read_qrels)
    other = _read(compare, trec.read_run) if compare else None
    settings = settings_of(ctx, {"engine": engine})
    searcher = Searcher(open_engine(settings).open(), meaning=open_meaning(settings))
    clock = now.replace(tzinfo=UTC) if now else newest_publication(searcher.snapshot)
    run = {query.id: ranked(searcher, query.text, clock) for query in asked}
    if save:
        save.write_text("".join(trec.run_lines(run, "yuansou")), "utf-8")
    figures = measures.figures_by_query(asked, grades, run)
    _print_table(measures.by_intent(asked, figures), measures.mean(figures.values()))
    if other is not None and compare:
        _print_comparison(
            asked, measures.figures_by_query(asked, grades, other), figures, compare.name
        )


def newest_publication(snapshot: "Snapshot") -> datetime:
    """When the newest article was published; now, if no article has a date. Counting freshness
    from it keeps the figures of an index the same on every day."""
    from index.engines.queries import All

    newest = snapshot.match(All(), sort="newest", limit=1).matches
    seconds = newest[0].published if newest else None
    return datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)


def ranked(searcher: "Searcher", text: str, now: datetime) -> list[str]:
    """Ids of the results of a query, best first, without collapsing reposts."""
    from search.evaluation.metrics import DEPTH
    from search.request import SearchRequest

    return searcher.ranked(SearchRequest(now=now, q=text, fold=False))[:DEPTH]


def _read(path: Path, read: "Callable[[NamedLines], Read]") -> Read:
    from search.evaluation.trec import NamedLines

    try:
        return read(NamedLines(str(path), _lines(path)))
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise EvaluationError(f"{path} 不是 UTF-8 文本，或压缩文件不完整。") from error


def _lines(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _print_table(classes: "Mapping[str, Figures]", overall: "Figures") -> None:
    width = max(8, *(len(name) for name in classes))
    click.echo(f"{'intent':<{width}}  queries  " + "  ".join(COLUMNS) + "  empty")
    for name, figures in classes.items() if len(classes) > 1 else ():
        click.echo(_row(f"{name:<{width}}", figures))
    click.echo(_row(f"{'all':<{width}}", overall))


def _row(name: str, figures: "Figures") -> str:
    values = (figures.ndcg, figures.cond, figures.mrr, figures.recall, figures.judged)
    cells = (f"{v:>{len(c)}.3f}" for v, c in zip(values, COLUMNS, strict=True))
    return f"{name}  {figures.queries:>7}  " + "  ".join(cells) + f"  {figures.empty:>5.2f}"


def _print_comparison(
    queries: "Sequence[JudgedQuery]",
    before: "Mapping[str, Figures]",
    after: "Mapping[str, Figures]",
    name: str,
) -> None:
    from search.evaluation.metrics import mean_difference, moved

    click.echo(f"\n比 {name}（差值与 95% 区间）：")
    for label, field in (("nDCG@10", "ndcg"), ("cond", "cond")):
        gain = mean_difference(before, after, field)
        click.echo(f"  {label:<7}  {gain.mean:+.3f}  [{gain.low:+.3f}, {gain.high:+.3f}]")
    texts = {query.id: query.text for query in queries}
    for query, move in moved(before, after):
        click.echo(f"  {query}  {move:+.3f} → {after[query].ndcg:.3f}  {texts[query]}")
