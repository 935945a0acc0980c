"""`yuansou search 'QUERY'`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from web.cli.console import TextCommand, echo_json
from web.cli.options import Text, settings_of

if TYPE_CHECKING:
    from search.response import Highlighted, Hit, Partial, SearchResponse


@click.command(cls=TextCommand)
@click.argument("query", type=Text())
@click.option("--page", default=1, show_default=True, help="第几页。")
@click.option("--per-page", default=10, show_default=True, help="每页几条。")
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest", "reposts"]),
    default="relevance",
    show_default=True,
    help="排序。",
)
@click.option("--json", "as_json", is_flag=True, help="输出与 /api/v1/search 相同的 JSON。")
@click.pass_context
def search(
    ctx: click.Context, query: str, page: int, per_page: int, sort: str, as_json: bool
) -> None:
    """在终端里搜索。"""
    import msgspec

    from index.engines.registry import open_engine, open_takedowns
    from index.fallback import open_answering
    from search.ranking.meaning import open_meaning
    from search.request import SearchRequest
    from search.searcher import Searcher
    from web.api.serialize import search_json

    request = SearchRequest(
        now=datetime.now(UTC),
        q=query,
        page=page,
        per_page=per_page,
        sort=sort,  # type: ignore[arg-type]  # click.Choice
    )
    settings = settings_of(ctx)
    answering = open_answering(open_engine(settings), open_takedowns(settings))
    if answering.warning:
        click.echo(f"注意：{answering.warning}", err=True)
    response = Searcher(answering.snapshot, meaning=open_meaning(settings)).search(request)
    if as_json:
        answer = search_json(response, {}, lambda _: None)  # a terminal has no pages
        echo_json(msgspec.to_builtins(answer, enc_hook=str), indent=2)
    else:
        _print(response)


def _print(response: "SearchResponse") -> None:
    read = response.query
    click.echo(f"找到 {response.total:,} 条结果，用时 {response.took_ms / 1000:.3f} 秒")
    if read.corrected_from is not None:
        click.echo(f"没有“{read.corrected_from}”的结果，改为显示“{read.q}”的结果")
    if read.suggestion is not None:
        click.echo(f"您是不是要找：{read.suggestion}")
    if read.also_searched:
        click.echo(f"已同时搜索：{'、'.join(read.also_searched[:8])}")
    if read.words:
        click.echo(f"已理解为：{read.words}")
    for warning in read.warnings:
        click.echo(f"注意：{warning}")
    if response.partial:
        _print_partial(response.partial)
    first = (response.page - 1) * response.per_page + 1
    for number, hit in enumerate(response.hits, first):
        _print_hit(number, hit)
    if response.total and not response.hits:
        click.echo(f"第 {response.page} 页没有结果：一共只有 {response.pages} 页。")
    if response.pages > response.page:
        click.echo(
            f"\n第 {response.page} / {response.pages} 页；--page {response.page + 1} 看下一页。"
        )


def _source(hit: "Hit") -> str:
    from web.markup.formatting import credit

    named = credit(hit.source, hit.credited)
    parts = (hit.source, f"文中来源：{named}" if named else None)
    return " · ".join(filter(None, parts)) or "来源不详"


def _print_partial(partial: "Partial") -> None:
    click.echo(f"另有 {partial.total:,} 条缺少部分词，列出最相关的几条，注明“缺少”")
    if partial.near:
        click.echo(f"也看了相近的：{'、'.join(partial.near[:8])}")


def _print_hit(number: int, hit: "Hit") -> None:
    from web.markup.formatting import kind_name

    click.echo(f"\n{number:>3}. {_styled(hit.title)}")
    reposts = f"另有 {hit.story.size - 1} 篇转载" if hit.story.size > 1 else ""
    kinds = map(kind_name, hit.kinds)
    missing = f"缺少：{'、'.join(hit.missing)}" if hit.missing else ""
    about = filter(None, (_source(hit), *kinds, _when(hit), reposts, missing, hit.id))
    click.secho(f"     {' · '.join(about)}", dim=True)
    if hit.snippet.text:
        click.echo(f"     {_styled(hit.snippet)}")
    if hit.url:
        click.secho(f"     {hit.url}", dim=True)


def _when(hit: "Hit") -> str:
    from web.markup.formatting import exact_day, exact_time

    if hit.published is None:
        return "日期不详"
    if hit.date_origin != "given":
        return f"{exact_day(hit.published)}（推算）"
    return exact_time(hit.published)


def _styled(text: "Highlighted") -> str:
    parts = []
    position = 0
    for start, end in text.marks:
        parts.append(text.text[position:start])
        parts.append(click.style(text.text[start:end], bold=True, fg="red"))
        position = end
    return "".join([*parts, text.text[position:]])
