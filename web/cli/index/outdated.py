"""Offers to rebuild an index of an older version when the server starts."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from index.settings import Settings
from web.cli.index.commands import builder_of
from web.cli.index.golden import golden_check
from web.cli.index.progress import Progress
from web.cli.index.report import print_report
from web.cli.index.sources import check_present, remembered_sources

if TYPE_CHECKING:
    from index.build.builder import Builder, BuildOptions, Report
    from index.engines.api import Engine, Generation, Snapshot
    from index.errors import IndexOutdated


def rebuild_outdated(settings: Settings, *, asked: bool) -> None:
    """Rebuild an index that an older version built, if `asked` or if the user agrees at the
    terminal. Failures are printed, and the server starts anyway."""
    from index.engines.registry import open_engine
    from index.errors import YuansouError

    problem = _problem(open_engine(settings))
    if problem is None or not (asked or _agreed(problem)):
        return
    try:
        _rebuild(settings)
    except YuansouError as error:
        click.echo(f"没有重建索引：{error}", err=True)


def _problem(engine: "Engine") -> "IndexOutdated | None":
    """Why the index must be rebuilt; None also for other problems, which are reported when it is
    opened."""
    from index.errors import IndexForeign, IndexOutdated, IndexProblem

    try:
        engine.check(engine.current())
    except IndexForeign:
        return None
    except IndexOutdated as problem:
        return problem
    except IndexProblem:
        return None
    return None


def _agreed(problem: "IndexOutdated") -> bool:
    if sys.stdin.isatty():
        click.echo(problem.message, err=True)
        if click.confirm("现在重建吗？旧版本保留，新版本建好后才上线", err=True):
            return True
    command = shlex.join(["yuansou", *sys.argv[1:], "--rebuild"])
    click.echo(f"要先重建再启动，请运行：{command}", err=True)
    return False


def _rebuild(settings: Settings) -> None:
    from index.build.builder import BuildOptions

    builder, engine = builder_of(settings)
    old = engine.read(engine.current())
    click.echo(f"正在重建索引，约 {old.articles:,} 篇文章。", err=True)
    with Progress(old.articles) as progress:
        options = BuildOptions(progress=progress.advance, check=golden_check(settings))
        report = _rebuilt(builder, engine, old, options)
    print_report(report, engine.location)


def _rebuilt(
    builder: "Builder", engine: "Engine", old: "Generation", options: "BuildOptions"
) -> "Report":
    """Rebuild from the articles stored in the index, so that none is lost if files are gone; from
    the files only if this version cannot read the stored articles."""
    from index.errors import IndexDamaged, IndexOutdated

    try:
        return builder.rebuild_stored(options)
    except (IndexOutdated, IndexDamaged):
        sources = remembered_sources(engine)
        built_by = f"元搜 {old.program} " if old.program else "元搜"
        check_present(
            sources,
            "请放回原处再启动，或运行 yuansou index rebuild 并写明路径；"
            f"旧索引没有改动，建它的{built_by}仍能使用它。",
        )
        check = _none_lost(old.articles, options.check)
        return builder.rebuild(sources, replace(options, check=check))


def _none_lost(
    held: int, check: "Callable[[Snapshot], list[str]]"
) -> "Callable[[Snapshot], list[str]]":
    """Refuses to lose articles, for example when a file was overwritten after they were added."""

    def checked(snapshot: "Snapshot") -> list[str]:
        read = snapshot.generation.articles
        if read >= held:
            return check(snapshot)
        return [
            f"来源里只有 {read:,} 篇文章，旧索引有 {held:,} 篇；"
            "若不要其余的，请运行 yuansou index rebuild。"
        ]

    return checked
