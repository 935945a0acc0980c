"""Rebuild, update, remove, roll back: counts, what is kept, and failures."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.build.builder import Builder, BuildOptions, Report
from index.engines.api import Snapshot
from index.engines.embedded.generations import KEPT_GENERATIONS
from index.engines.queries import All
from index.errors import (
    CheckFailed,
    IndexLocked,
    SourceError,
)
from index.lexicon.model import Concept, Lexicon
from index.takedowns import Takedowns
from tests.conftest import whoosh_engine
from tests.support.articles import ARTICLES
from tests.support.site import Site, counts


def changed(article: Article) -> Article:
    return replace(article, title=f"{article.title}（更正）")


def test_a_first_rebuild(site: Site) -> None:
    """Everything is new; the report names the generation and its inputs."""
    report = site.builder.rebuild([site.file])
    assert counts(report) == (6, 0, 0, 0)
    assert report.generation is not None
    assert report.generation.name == site.engine.current()
    assert report.generation.articles == 6
    assert report.generation.sources == (str(site.file.resolve()),)
    assert report.seconds > 0
    assert site.ids() == ["flash-copy", "flash", "uniswap", "ecny", "yuan", "undated"]


@pytest.mark.parametrize("call", ["rebuild", "update"])
def test_what_is_counted(built: Site, call: str) -> None:
    """Added, changed, unchanged and removed, by update and rebuild."""
    fresh = replace(ARTICLES[0], id="fresh")
    paths = built.write(changed(ARTICLES[0]), *ARTICLES[1:4], fresh)
    report: Report = getattr(built.builder, call)(paths)
    assert counts(report) == (1, 1, 3, 2)
    assert sorted(built.ids()) == ["ecny", "flash", "fresh", "uniswap", "yuan"]
    (row,) = built.engine.open().stored(["yuan"], ["title"])
    assert row["title"] == "元宇宙白皮书发布（更正）"


@pytest.mark.parametrize("call", ["rebuild", "update"])
def test_times_are_carried(built: Site, call: str) -> None:
    """A change keeps `first_seen` and renews `indexed_at`; unchanged articles keep both."""
    fresh = replace(ARTICLES[0], id="fresh")
    getattr(built.builder, call)(built.write(changed(ARTICLES[0]), ARTICLES[1], fresh))
    states = built.states()
    assert (states["ecny"].first_seen, states["ecny"].indexed_at) == (1_000, 2_000)
    assert states["yuan"].first_seen == 1_000
    assert states["yuan"].indexed_at == states["fresh"].indexed_at > 2_000
    assert states["fresh"].first_seen == states["fresh"].indexed_at


def test_an_update_of_nothing(built: Site) -> None:
    """Without changes nothing is written and the generation stays."""
    before = built.engine.generations()
    report = built.builder.update([built.file])
    assert counts(report) == (0, 0, 6, 0)
    assert report.generation is not None
    assert report.generation.name == built.engine.current()
    assert built.engine.generations() == before


def test_an_update_without_an_index(site: Site) -> None:
    """It is a rebuild."""
    report = site.builder.update([site.file])
    assert counts(report) == (6, 0, 0, 0)
    assert len(site.ids()) == 6


def test_too_many_segments(tmp_path: Path, tiny_lexicon: Lexicon) -> None:
    """With too many segments an update becomes a rebuild that keeps the times. (On Whoosh: engines
    that merge by themselves never have too many.)"""
    site = Site(whoosh_engine(tmp_path / "index"), tmp_path / "index", tiny_lexicon)
    site.write(*ARTICLES)
    site.builder.rebuild([site.file])
    site.engine.max_segments = 2
    before = site.states()["yuan"]
    segments = []
    for number in range(3):
        extra = replace(ARTICLES[0], id=f"extra{number}")
        report = site.builder.update(site.write(*ARTICLES, extra))
        assert counts(report)[:3] == (1, 0, 6)
        assert report.generation is not None
        segments.append(report.generation.segments)
    assert segments == [2, 1, 2]
    assert site.states()["yuan"].first_seen == before.first_seen


def test_progress(site: Site) -> None:
    """Every analysed article is reported."""
    done: list[int] = []
    site.builder.rebuild([site.file], BuildOptions(progress=done.append))
    assert sum(done) == 6


@pytest.mark.slow
def test_only_so_many_generations_stay(built: Site) -> None:
    """The current one and two for rollbacks."""
    for number in range(KEPT_GENERATIONS + 2):
        built.change(*ARTICLES, replace(ARTICLES[0], id=f"x{number}"))
    names = [generation.name for generation in built.engine.generations()]
    assert len(names) == KEPT_GENERATIONS == 3
    assert names[-1] == built.engine.current()


# What must not happen


@pytest.mark.parametrize("call", ["rebuild", "update"])
def test_nothing_to_index(built: Site, call: str) -> None:
    """No article at all is an error, since the path is probably wrong."""
    before = built.ids()
    with pytest.raises(SourceError, match="保持原样"):
        getattr(built.builder, call)(built.write())
    with pytest.raises(SourceError, match="没有这个文件"):
        getattr(built.builder, call)([built.root / "missing"])
    assert built.ids() == before
    assert len(built.engine.generations()) == 1


def refuse(snapshot: Snapshot) -> list[str]:
    return ["查不到“元宇宙”。"] if snapshot.match(All(), limit=1).total else []


def fail(snapshot: Snapshot) -> list[str]:
    raise ZeroDivisionError


FAILING = pytest.mark.parametrize(
    ("check", "error"),
    [
        pytest.param(refuse, CheckFailed, id="refused"),
        pytest.param(fail, ZeroDivisionError, id="the check itself fails"),
    ],
)


@FAILING
def test_a_failed_check(
    built: Site, check: Callable[[Snapshot], list[str]], error: type[Exception]
) -> None:
    """A rebuild that fails its check is not published and leaves nothing behind."""
    before = built.engine.generations()
    with pytest.raises(error):
        built.builder.rebuild(built.write(*ARTICLES[:3]), BuildOptions(check=check))
    assert built.engine.generations() == before
    assert len(built.ids()) == 6
    assert not list(built.root.glob("generations/*.partial"))
    built.builder.update([built.file])
    assert len(built.ids()) == 3


@FAILING
def test_a_failed_check_of_an_update(
    built: Site, check: Callable[[Snapshot], list[str]], error: type[Exception]
) -> None:
    """The same for an update, unless the engine updates in place: then it is live, and the report
    has the failure."""
    before = built.engine.generations()
    paths, options = built.write(*ARTICLES[:3]), BuildOptions(check=check)
    if built.engine.updates_in_place and error is CheckFailed:
        report = built.builder.update(paths, options)
        assert any("查不到“元宇宙”" in warning for warning in report.warnings)
        assert len(built.ids()) == 3
        return
    with pytest.raises(error):
        built.builder.update(paths, options)
    if not built.engine.updates_in_place:
        assert built.engine.generations() == before
        assert len(built.ids()) == 6
    built.builder.update([built.file])
    assert len(built.ids()) == 3


def test_a_failed_check_says_which(built: Site) -> None:
    """The message has the text of the check."""
    with pytest.raises(CheckFailed, match="查不到“元宇宙”"):
        built.builder.rebuild([built.file], BuildOptions(check=refuse))


def test_rejected_articles(site: Site) -> None:
    """A bad line is reported with its place; the others are indexed."""
    lines = site.file.read_text("utf-8")
    site.file.write_text(f"{lines}{{不是 JSON\n", "utf-8")
    report = site.builder.rebuild([site.file])
    assert report.added == 6
    (rejection,) = report.rejected
    assert str(rejection).startswith(f"{site.file}:7: ")


def test_one_writer_at_a_time(built: Site) -> None:
    """Every call that writes waits for the lock, up to its limit."""
    options = BuildOptions(wait=0.05)
    with built.engine.lock(0):
        for call in (
            lambda: built.builder.rebuild([built.file], options),
            lambda: built.builder.update([built.file], options),
            lambda: built.builder.remove(["yuan"], "投诉", wait=0.05),
            lambda: built.builder.rollback(wait=0.05),
        ):
            with pytest.raises(IndexLocked):
                call()


# The lexicon


def test_another_lexicon(built: Site) -> None:
    """An update uses the new lexicon and analyses again what it affects; times stay."""
    ours = Lexicon((*built.lexicon.concepts, Concept("白皮书", topic="报告")), ("银行卡",))
    report = Builder(built.engine, ours, Takedowns(built.root)).update([built.file])
    assert (report.unchanged, report.reanalysed, report.warnings) == (6, 1, [])
    snapshot = built.engine.open()
    assert snapshot.lexicon == ours
    assert snapshot.doc_freq("topic", "报告") == 1
    assert built.states()["yuan"].indexed_at == 2_000


def test_a_lexicon_of_no_consequence(built: Site) -> None:
    """A new word that no article has needs no analysis, and is in the lexicon from then on."""
    ours = Lexicon((*built.lexicon.concepts, Concept("福费廷")), built.lexicon.masks)
    report = Builder(built.engine, ours, Takedowns(built.root)).update([built.file])
    assert (report.unchanged, report.reanalysed) == (6, 0)
    assert built.engine.open().lexicon == ours


def test_a_lexicon_that_touches_most(built: Site) -> None:
    """It becomes a rebuild, and says so."""
    ours = Lexicon((Concept("白皮书", topic="报告"),), (), ("报告",))
    report = Builder(built.engine, ours, Takedowns(built.root)).update([built.file])
    assert "全部重建" in report.warnings[0]
    snapshot = built.engine.open()
    assert snapshot.lexicon == ours
    assert snapshot.doc_freq("text_concepts", "元宇宙") == 0
