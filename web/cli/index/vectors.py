"""`yuansou index vectors`: makes what compares articles with queries in meaning."""

import time

import click

from web.cli.console import INTERRUPTED
from web.cli.index.progress import Progress, duration
from web.cli.options import settings_of

TRIED_ARTICLES = 4
"""So many are made first, to say how long the rest will take."""


@click.command()
@click.pass_context
def vectors(ctx: click.Context) -> None:
    """给还没有意思向量的文章做向量，供设置 vectors 调整次序；可随时停下，下次接着做。"""
    from index.engines.registry import open_engine
    from index.vectors.embedder import open_embedder
    from index.vectors.making import VectorMaker
    from index.vectors.vector_file import VectorFile

    settings = settings_of(ctx)
    embedder = open_embedder()
    snapshot = open_engine(settings).open()
    file = VectorFile(settings.index_dir, embedder)
    maker = VectorMaker(snapshot, file, embedder)
    articles = maker.articles()
    lacking = maker.lacking(articles)
    first, rest = lacking[:TRIED_ARTICLES], lacking[TRIED_ARTICLES:]
    try:
        with Progress(len(lacking), "做向量") as progress:
            started = time.monotonic()
            maker.make(first, progress.advance)
            if rest:
                left = (time.monotonic() - started) / len(first) * len(rest)
                click.echo(f"要做 {len(lacking):,} 个向量，约需{duration(left)}。", err=True)
                maker.make(rest, progress.advance)
    except KeyboardInterrupt:
        click.echo("已停止。做好的向量都在，再运行一次就接着做。", err=True)
        ctx.exit(INTERRUPTED)
    dropped = maker.drop_others(articles)
    gone = f"，删去 {dropped:,} 个没有文章用的" if dropped else ""
    click.echo(f"做了 {len(lacking):,} 个向量{gone}，现有 {len(file.vectors()):,} 个：{file.path}")
    if settings.vectors == "off":
        click.echo("请把设置 vectors 改为 on，再重启 serve；在那以前次序不变。")
