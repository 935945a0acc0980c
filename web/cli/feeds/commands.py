"""`yuansou feeds …`: news from feeds into the archive and the index."""

from typing import TYPE_CHECKING

import click

from web.cli.console import echo_json
from web.cli.options import JSON_OUTPUT, Text, settings_of

if TYPE_CHECKING:
    from index.fetching.subscriptions import Subscription
    from web.cli.feeds.session import Session


@click.group()
def feeds() -> None:
    """订阅源：列出、增减，抓取其中的新文章并收入索引。"""


@feeds.command(name="list")
@JSON_OUTPUT
@click.pass_context
def list_feeds(ctx: click.Context, as_json: bool) -> None:
    """列出订阅源。"""
    from index.fetching.subscriptions import read_subscriptions

    settings = settings_of(ctx)
    found = read_subscriptions(settings.feeds)
    if as_json:
        echo_json([{"name": e.name, "url": e.url, "category": e.category} for e in found])
        return
    for each in found:
        click.echo(f"{each.name}  {each.url}{f'  [{each.category}]' if each.category else ''}")
    if not found:
        click.echo(f"{settings.feeds} 里还没有订阅源：yuansou feeds add 网址", err=True)


@feeds.command()
@click.argument("name", type=Text())
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """取消订阅 NAME（名称或网址）；已有的文章留着。"""
    from index.fetching.subscriptions import remove_subscription

    settings = settings_of(ctx)
    gone = remove_subscription(settings.feeds, name)
    click.echo(f"已取消订阅 {gone.name}；{settings.articles / gone.name} 里的文章没有动。")


@feeds.command()
@click.option("--feed", "name", type=Text(), help="只抓取这一个，不管到没到时候。")
@JSON_OUTPUT
@click.pass_context
def fetch(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """抓取到了时候的订阅源，把新文章收入索引。"""
    from web.cli.feeds.rounds import fetch_round, print_round, round_json
    from web.cli.feeds.session import session

    with session(settings_of(ctx)) as opened:
        chosen = _chosen(opened, name)
        done = fetch_round(opened, chosen, quiet=as_json)
    if as_json:
        echo_json(round_json(done))
    else:
        print_round(done)
    if any(each.error for each in done.fetched):
        ctx.exit(1)


def _chosen(opened: "Session", name: str | None) -> "list[Subscription]":
    from index.errors import FeedsError
    from index.fetching.subscriptions import named

    found = opened.subscriptions()
    if not found:
        hint = "请先运行 yuansou feeds add 网址。"
        raise FeedsError(f"{opened.settings.feeds} 里还没有订阅源。", hint=hint)
    return opened.fetcher.due(found) if name is None else [named(found, name)]
