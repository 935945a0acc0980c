"""`yuansou feeds add`, `import` and `export`: changes of the list of feeds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.options import Text, settings_of

if TYPE_CHECKING:
    from index.fetching.connecting.http_client import Client, Response
    from index.fetching.subscriptions import Subscription

NO_SCHEME = "https://"


@click.command()
@click.argument("urls", nargs=-1, required=True, type=Text(), metavar="URL…")
@click.option("--name", type=Text(), help="名称，也是文章的来源和目录名；省略则用订阅源的标题。")
@click.option("--category", default="", type=Text(), help="分类。")
@click.option("--language", default="", type=Text(), help="语言，如 zh。")
@click.option("--every", type=Text(), help="多久抓取一次：30m、2h、1d。")
@click.option("--allow-private", is_flag=True, help="这是自己的服务，可以在内部地址上。")
@click.option("--full-text", is_flag=True, help="只有摘要的文章，从网页取全文。")
@click.pass_context
def add(
    ctx: click.Context,
    urls: tuple[str, ...],
    name: str | None,
    category: str,
    language: str,
    every: str | None,
    allow_private: bool,
    full_text: bool,
) -> None:
    """订阅 URL：订阅源的地址，或网页的地址（从网页里找出订阅源）。"""
    from index.fetching.connecting.http_client import HttpClient, user_agent
    from index.fetching.pages.extraction import require_extra
    from index.fetching.subscriptions import (
        Subscription,
        add_subscriptions,
        read_subscriptions,
        seconds_of,
    )

    if not all(map(str.strip, urls)):
        raise click.UsageError("网址是空的。", ctx)
    if name and len(urls) > 1:
        raise click.UsageError("--name 一次只能给一个网址。", ctx)
    try:
        seconds = seconds_of(every) if every else 0
    except ValueError:
        raise click.UsageError("--every 要写成 30m、2h 或 1d。", ctx) from None
    if full_text:
        require_extra()
    settings = settings_of(ctx)
    client = HttpClient(agent=user_agent(settings.public_url))
    for url in urls:
        given = Subscription(
            *(name or "", _with_scheme(url), category, language),
            *(seconds, allow_private, full_text),
        )
        known = read_subscriptions(settings.feeds)
        found = _found(client, given, known)
        add_subscriptions(settings.feeds, [found])
        click.echo(f"已订阅 {found.name}：{found.url}")
    click.echo("现在抓取：yuansou feeds fetch")


@click.command(name="import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def import_opml(ctx: click.Context, path: Path) -> None:
    """收入 OPML 文件里的订阅源；已有的跳过。"""
    from index.fetching.connecting.addresses import host_and_port
    from index.fetching.connecting.errors import RefusedAddressError
    from index.fetching.opml import read_opml
    from index.fetching.subscriptions import add_subscriptions, read_subscriptions

    settings = settings_of(ctx)
    known = read_subscriptions(settings.feeds)
    urls = {each.url for each in known}
    fresh: list[Subscription] = []
    listed = read_opml(path.read_bytes())
    for each in listed:
        try:
            host_and_port(each.url)
        except RefusedAddressError as problem:
            click.echo(f"跳过 {each.url[:100]}：{problem.reason}。", err=True)
            continue
        if each.url not in urls:
            urls.add(each.url)
            fresh.append(replace(each, name=free_name(each, [*known, *fresh])))
    add_subscriptions(settings.feeds, fresh)
    click.echo(f"收入 {len(fresh)} 个订阅源，跳过 {len(listed) - len(fresh)} 个。")


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export(ctx: click.Context, path: Path | None) -> None:
    """把订阅源写成 OPML，到 PATH 或标准输出。"""
    from index.fetching.opml import write_opml
    from index.fetching.subscriptions import read_subscriptions

    settings = settings_of(ctx)
    text = write_opml(read_subscriptions(settings.feeds), settings.site_name)
    if path:
        path.write_text(text, "utf-8")
        click.echo(f"已写到 {path}。")
    else:
        click.echo(text, nl=False)


def _with_scheme(url: str) -> str:
    return url.strip() if "://" in url else f"{NO_SCHEME}{url.strip()}"


def _found(
    client: "Client", given: "Subscription", known: "Sequence[Subscription]"
) -> "Subscription":
    """The feed at an address, or the first feed that the page there names."""
    from index.errors import FeedsError
    from index.fetching.connecting.discovery import feeds_of_page
    from index.fetching.reading.feed_encoding import decoded_feed

    response = _get(client, given, given.url)
    title = _feed_title(response)
    if title is None:
        page = decoded_feed(response.body, response.headers.get("content-type", ""))
        for url in feeds_of_page(page, response.url):
            title = _feed_title(_get(client, given, url))
            if title is not None:
                given = _named(given, url)
                break
    if title is None:
        hint = "请在网页里找到 RSS 的链接，用那个地址。"
        raise FeedsError(f"{given.url} 不是订阅源，网页里也没有找到。", hint=hint)
    if any(each.url == given.url for each in known):
        raise FeedsError(f"已经订阅了：{given.url}。")
    return replace(given, name=given.name or free_name(given, known, title))


def _named(given: "Subscription", url: str) -> "Subscription":
    """What a page names; it is private only on the host that its owner gave."""
    found = replace(given, url=url)
    return replace(found, allow_private=bool(found.private_hosts & given.private_hosts))


def _get(client: "Client", given: "Subscription", url: str) -> "Response":
    """What is at an address that was given, or that a page there names."""
    from index.errors import FeedsError
    from index.fetching.connecting.addresses import host_and_port
    from index.fetching.connecting.errors import FetchError, InsideAddressError, status_in_words
    from index.fetching.connecting.http_client import Request

    try:
        response = client.fetch(Request(url, private_hosts=given.private_hosts))
    except InsideAddressError as problem:
        hint = "确是自己的服务，请加 --allow-private。"
        own = problem.host == host_and_port(given.url)[0] and not given.allow_private
        raise FeedsError(f"{url}：{problem}。", hint=hint if own else "") from problem
    except FetchError as problem:
        said = problem.reason if problem.detail == url else problem
        raise FeedsError(f"{url}：{said}。") from problem
    if response.status != 200:
        raise FeedsError(f"{url}：{status_in_words(response.status)}。")
    return response


def _feed_title(response: "Response") -> str | None:
    from index.fetching.reading.entries import NotAFeedError
    from index.fetching.reading.feed_parser import read_feed

    try:
        return read_feed(response.body, response.headers.get("content-type", "")).title
    except NotAFeedError:
        return None


def free_name(given: "Subscription", known: "Iterable[Subscription]", title: str = "") -> str:
    """The title of a feed, or its host, made a name that no other feed has."""
    from index.fetching.connecting.addresses import host_and_port
    from index.fetching.subscriptions import MAX_NAME, usable_name

    name = given.name or usable_name(title) or usable_name(host_and_port(given.url)[0]) or "feed"
    taken = {each.name.casefold() for each in known}
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        found = f"{name[: MAX_NAME - 5]} {number}"
    return found
