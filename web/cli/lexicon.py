"""`yuansou lexicon …`: maintain the lexicon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from web.cli.console import TextCommand, echo_json
from web.cli.options import JSON_OUTPUT, Text, settings_of

if TYPE_CHECKING:
    from index.engines.api import Snapshot
    from index.lexicon.model import Lexicon
    from index.lexicon_tools.check import Finding
    from index.lexicon_tools.suggest import LexiconCandidate

SHOWN_WARNINGS = 20
MIN_ARTICLES_FOR_UNUSED = 3_000
"""Articles needed before unused words are reported. A word in none of 3,000 articles is in fewer
than 1 of 1,000, with 95% confidence (rule of three). A small index lacks most words by chance."""
WARNINGS = {
    "overlap": "可能切断别的词",
    "repeated": "重复的写法",
    "unused": "索引里没有出现",
    "unattested": "没有写明来源",
}
WHY = {"compound": "常常连写", "gloss": "括号注明", "title": "书名号"}


@click.group()
def lexicon() -> None:
    """检查词库、从文章里找新词、查看一个词。"""


@lexicon.command()
@click.option("--all", "everything", is_flag=True, help="列出全部提醒。")
@JSON_OUTPUT
@click.pass_context
def check(ctx: click.Context, everything: bool, as_json: bool) -> None:
    """检查词库：有错误时以状态 1 结束；没有索引时只查词库自身。"""
    from index.analysis.segmenter import Segmenter
    from index.lexicon_tools.check import check_lexicon
    from index.lexicon_tools.usage import article_counter

    words, snapshot = _lexicon(), _snapshot(ctx)
    count = article_counter(snapshot) if snapshot else None
    findings = check_lexicon(words, Segmenter(words), count)
    articles = snapshot.generation.articles if snapshot else 0
    few = 0 < articles < MIN_ARTICLES_FOR_UNUSED and not everything
    if few:
        findings = [finding for finding in findings if finding.kind != "unused"]
    faults = [finding for finding in findings if finding.is_fault]
    if as_json:
        rows = [{"kind": f.kind, "form": f.form, "message": f.message} for f in findings]
        summary = {"concepts": len(words.concepts), "forms": len(words.by_form)}
        echo_json({**summary, "findings": rows})
    else:
        for fault in faults:
            click.echo(f"错误：{fault.message}", err=True)
        _print_warnings(findings, everything)
        if snapshot is None:
            click.echo("没有索引：没有检查哪些词用不到、哪些词切断别的词。")
        if few:
            click.echo(f"索引只有 {articles:,} 篇文章，说明不了哪些词用不到；--all 照样列出。")
        click.echo(
            f"{len(words.concepts):,} 个概念，{len(words.by_form):,} 种写法："
            f"错误 {len(faults)}，提醒 {len(findings) - len(faults)}。"
        )
    if faults:
        ctx.exit(1)


def _print_warnings(findings: "Sequence[Finding]", everything: bool) -> None:
    for kind, title in WARNINGS.items():
        messages = [finding.message for finding in findings if finding.kind == kind]
        if messages:
            click.echo(f"{title}（{len(messages)}）")
            shown = messages if everything else messages[:SHOWN_WARNINGS]
            for message in shown:
                click.echo(f"  {message}")
            if len(shown) < len(messages):
                click.echo("  ……--all 列出全部。")


@lexicon.command()
@click.option("--limit", default=30, type=click.IntRange(1, 200), help="最多几条。")
@JSON_OUTPUT
@click.pass_context
def suggest(ctx: click.Context, limit: int, as_json: bool) -> None:
    """从索引里的文章找词库缺少的词，附可以粘贴的 TOML。"""
    from index.analysis.segmenter import Segmenter
    from index.engines.registry import open_engine
    from index.lexicon_tools.suggest import CandidateFinder
    from index.lexicon_tools.usage import article_counter, sample_articles

    words = _lexicon()
    snapshot = open_engine(settings_of(ctx)).open()
    found = CandidateFinder(words, Segmenter(words)).suggest(sample_articles(snapshot), limit)
    count = article_counter(snapshot)
    if as_json:
        rows = [_suggestion_json(suggestion, count(suggestion.form)) for suggestion in found]
        echo_json({"suggestions": rows})
        return
    for number, suggestion in enumerate(found, 1):
        _print_suggestion(number, suggestion, count(suggestion.form))
    click.echo(f"# {len(found)} 条建议；挑好后粘贴进词库，再运行 yuansou index update。")


def _suggestion_json(suggestion: "LexiconCandidate", articles: int) -> dict[str, Any]:
    from index.lexicon_tools.entry_toml import as_toml

    return {
        "form": suggestion.form,
        "why": suggestion.why,
        "articles": articles,
        "cut": list(suggestion.cut),
        "joins": suggestion.concept.name if suggestion.known else None,
        "example": suggestion.example,
        "toml": as_toml(suggestion.concept),
    }


def _print_suggestion(number: int, suggestion: "LexiconCandidate", articles: int) -> None:
    """Print comments and a table, so that the whole output is valid TOML."""
    from index.lexicon_tools.entry_toml import as_toml

    what = f"“{suggestion.concept.name}”的又一写法" if suggestion.known else "新概念"
    cut = "/".join(suggestion.cut)
    click.echo(
        f"# {number}. {suggestion.form}：{what}，{WHY[suggestion.why]}；"
        f"涉及 {articles:,} 篇，现在切作 {cut}"
    )
    click.echo(f"#    ……{suggestion.example}……")
    click.echo(as_toml(suggestion.concept))


@lexicon.command(cls=TextCommand)
@click.argument("word", type=Text(), metavar="词")
@JSON_OUTPUT
@click.pass_context
def show(ctx: click.Context, word: str, as_json: bool) -> None:
    """显示词库对一个词知道什么，以及索引里有多少文章写它。"""
    from index.lexicon_tools.usage import article_counter
    from index.text.normalize import normalize

    words, snapshot = _lexicon(), _snapshot(ctx)
    concept = words.find(word)
    if regional := words.regional_words.get(normalize(word)):
        click.echo(f"{word}：别的地区写作{'、'.join(regional)}", err=as_json)
        if concept is None:
            return
    if concept is None:
        raise click.ClickException(f"词库里没有“{word}”；yuansou analyze 显示它怎样切分。")
    count = article_counter(snapshot) if snapshot else None
    forms = {form: count(form) if count else None for form in concept.forms()}
    sources = [source for source in words.sources if source.id in concept.sources]
    if as_json:
        named = [{"title": source.title, "address": source.address} for source in sources]
        row = {"name": concept.name, "forms": forms, "related": list(concept.related)}
        rest = {"topic": concept.topic, "kind": concept.kind, "labels": concept.labels}
        echo_json({**row, **rest, "sources": named})
        return
    click.echo(f"{concept.name}（{'，'.join(filter(None, (concept.topic, concept.kind)))}）")
    for form, articles in forms.items():
        click.echo(f"  {form}" + ("" if articles is None else f"  {articles:,} 篇"))
    if concept.related:
        click.echo(f"相关 {'、'.join(concept.related)}")
    for source in sources:
        click.echo(f"来源 {' '.join(filter(None, (source.title, source.address)))}")


def _lexicon() -> "Lexicon":
    from index.lexicon.loading import load_lexicon

    return load_lexicon()


def _snapshot(ctx: click.Context) -> "Snapshot | None":
    """The index, if there is one that can be read."""
    from index.engines.registry import open_engine
    from index.errors import IndexProblem

    try:
        return open_engine(settings_of(ctx)).open()
    except IndexProblem:
        return None
