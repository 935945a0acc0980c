"""`yuansou feeds status`: how each feed is doing, in words and with a small picture."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from web.cli.console import echo_json
from web.cli.options import JSON_OUTPUT, settings_of

if TYPE_CHECKING:
    from index.fetching.condition import Condition
    from index.settings import Settings

BARS = "▁▂▃▄▅▆▇█"
UNITS = {"minutes": "分钟", "hours": "小时", "days": "天"}


@click.command()
@JSON_OUTPUT
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """每个订阅源的情况：上次成功、上次有新文章、每天几篇、下次抓取、出了什么错。"""
    found = _conditions(settings_of(ctx))
    if as_json:
        echo_json([_json(each) for each in found])
        return
    for each in found:
        for line in _lines(each):
            click.echo(line)
    if not found:
        click.echo("还没有订阅源：yuansou feeds add 网址", err=True)


def _conditions(settings: "Settings") -> "list[Condition]":
    """Of all feeds, in the order of feeds.toml."""
    from index.fetching.condition import feed_condition, feed_conditions
    from index.fetching.schedule import FeedState
    from index.fetching.state import state_path
    from index.fetching.subscriptions import read_subscriptions
    from web.cli.feeds.session import now

    listed, moment = read_subscriptions(settings.feeds), now()
    found = feed_conditions(listed, state_path(settings.index_dir), moment)
    if found is None:
        states = (FeedState(each.name, each.url, each.url) for each in listed)
        found = [feed_condition(state, (), moment) for state in states]
    return found


def _lines(each: "Condition") -> Iterator[str]:
    state = each.state
    yield f"{state.name}  {count_bars(each.a_day)}  今天 {each.a_day[-1]} 篇"
    if not state.last_try:
        yield "    还没有抓取过"
        return
    yield (
        f"    上次成功 {_when(state.last_success)}，上次有新文章 {_when(state.last_article)}，"
        f"下次 {'不再抓取' if state.ended else _when(state.next_at)}"
    )
    if each.silent:
        yield f"    很久没有新文章了，往常每 {_duration(state.gap)}有一次"
    if state.error:
        times = f"（连续 {state.failures} 次）" if state.failures > 1 else ""
        yield f"    出错：{state.trouble}{times}"
    if each.texts:
        yield f"    {_texts(each)}"
    if state.address != state.asked:
        yield f"    已改到新地址 {state.address}，请改 feeds.toml 里的网址"


def _texts(each: "Condition") -> str:
    parts = [f"全文 {each.texts.get('page', 0)} 篇"]
    for kind, what in (("none", "没有全文"), ("pending", "等着取全文")):
        if number := each.texts.get(kind):
            parts.append(f"{what} {number} 篇")
    why = f"（最近：{each.state.page_error}）" if each.state.page_error else ""
    return f"{'，'.join(parts)}{why}"


def count_bars(counts: Sequence[int]) -> str:
    """Counts as a row of bars; a day without any is a dot."""
    most = max(counts, default=0)
    return "".join(BARS[(n * (len(BARS) - 1)) // most] if n else "·" for n in counts)


def _duration(seconds: int) -> str:
    """3 小时, 20 分钟, 2 天."""
    from index.fetching.condition import rounded

    number, unit = rounded(seconds)
    return f"{number} {UNITS[unit]}"


def _when(moment: int) -> str:
    from index.text.dates import SHANGHAI

    return f"{datetime.fromtimestamp(moment, SHANGHAI):%m-%d %H:%M}" if moment else "无"


def _texts_json(each: "Condition") -> dict[str, Any] | None:
    if not each.texts:
        return None
    found = {kind: each.texts.get(kind, 0) for kind in ("page", "none", "pending")}
    return {**found, "error": each.state.page_error or None}


def _json(each: "Condition") -> dict[str, Any]:
    state = each.state
    return {
        "name": state.name,
        "url": state.asked,
        "address": state.address,
        "last_try": state.last_try or None,
        "last_success": state.last_success or None,
        "last_article": state.last_article or None,
        "usual_gap": state.gap or None,
        "next": None if state.ended else state.next_at,
        "error": state.trouble or None,
        "failures": state.failures,
        "ended": bool(state.ended),
        "silent": each.silent,
        "full_text": _texts_json(each),
        "articles_a_day": list(each.a_day),
    }
