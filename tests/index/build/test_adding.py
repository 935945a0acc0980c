"""`index add`: articles are added, and all others stay."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.build.builder import BuildOptions
from index.engines.api import Engine
from index.errors import IndexMissing, SourceError
from index.lexicon.model import Concept, Lexicon
from tests.support.articles import ARTICLES, write_articles
from tests.support.site import Site, counts

pytestmark = pytest.mark.slow

FRESH = replace(ARTICLES[0], id="fresh", title="新来的一篇", url="https://news.example.com/fresh")


@pytest.fixture
def site(engine: Engine, tmp_path: Path, tiny_lexicon: Lexicon) -> Site:
    made = Site(engine, tmp_path / "site", tiny_lexicon)
    made.builder.rebuild(made.write(*ARTICLES))
    return made


def incoming(site: Site, *articles: object) -> list[Path]:
    return [write_articles(site.root / "incoming.jsonl", articles)]  # type: ignore[arg-type]


def test_what_comes(site: Site) -> None:
    """A new, a changed and a known article; the others are not read."""
    corrected = replace(ARTICLES[1], title=f"{ARTICLES[1].title}（更正）")
    before = site.states()
    report = site.builder.add(incoming(site, FRESH, corrected, ARTICLES[2]))
    assert counts(report) == (1, 1, 1, 0)
    assert (report.untouched, report.held) == (4, 7)
    assert sorted(site.ids()) == sorted([*before, "fresh"])
    after = site.states()
    untouched = set(before) - {ARTICLES[1].id}
    assert {name: after[name].indexed_at for name in untouched} == {
        name: before[name].indexed_at for name in untouched
    }


def test_sources_are_remembered(site: Site) -> None:
    """The next update without paths keeps them; no path is stored twice."""
    paths = incoming(site, FRESH)
    for _ in range(2):
        site.builder.add(paths)
    snapshot = site.engine.open()
    sources = snapshot.generation.sources
    snapshot.close()
    assert sources == (str(site.file.resolve()), str(paths[0].resolve()))
    report = site.builder.update([Path(source) for source in sources])
    assert counts(report) == (0, 0, 7, 0)


def test_the_lexicon_of_the_index_is_used(site: Site) -> None:
    """A changed lexicon waits for an update: an index has one lexicon."""
    changed = replace(site, lexicon=Lexicon((Concept("比特币", ("BTC",)),)))
    changed.builder.add(incoming(site, FRESH))
    snapshot = site.engine.open()
    assert snapshot.lexicon.version == site.lexicon.version
    snapshot.close()


def test_taken_down_stays_out(site: Site) -> None:
    """A takedown applies to additions."""
    site.builder.remove(["yuan"], "投诉")
    report = site.builder.add(incoming(site, ARTICLES[0], FRESH))
    assert (report.added, report.taken_down) == (1, 1)
    assert "yuan" not in site.ids()


def test_nothing_to_take_in(site: Site) -> None:
    """A path without articles changes nothing and says so."""
    before = site.ids()
    empty = site.root / "empty"
    empty.mkdir()
    with pytest.raises(SourceError, match="没有读到"):
        site.builder.add([empty])
    assert site.ids() == before


def test_nothing_that_can_be_used(site: Site) -> None:
    """The message says what was read and why it could not be used."""
    folder = site.root / "refused"
    folder.mkdir()
    (folder / "empty.md").write_text("", "utf-8")
    (folder / "notes.docx").write_text("x", "utf-8")
    with pytest.raises(SourceError, match=r"拒收 1 篇：.*empty.md: 文件是空的.*1 个：.docx。"):
        site.builder.add([folder])
    site.builder.remove(["yuan"], "投诉")
    with pytest.raises(SourceError, match="已下架 1 篇"):
        site.builder.add(incoming(site, ARTICLES[0]))


def test_many_small_additions(site: Site) -> None:
    """An index of too many segments is rewritten, and loses nothing."""
    for number in range(20):
        one = replace(FRESH, id=f"n{number}", url=f"https://news.example.com/{number}")
        site.builder.add(incoming(site, one), BuildOptions())
    assert len(site.ids()) == 26
    assert len(site.engine.generations()) <= 3 or site.engine.updates_in_place


def test_without_an_index(engine: Engine, tmp_path: Path, tiny_lexicon: Lexicon) -> None:
    """The message names rebuild."""
    site = Site(engine, tmp_path / "site", tiny_lexicon)
    with pytest.raises(IndexMissing):
        site.builder.add(site.write(FRESH))
