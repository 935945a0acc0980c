"""`index copy` moves an index to another engine; only the speed changes."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from index.build.builder import Builder
from index.engines.api import Engine
from index.lexicon.model import Lexicon
from index.takedowns import Takedowns
from tests.conftest import tantivy_engine, whoosh_engine
from tests.support.articles import ARTICLES, write_articles
from tests.support.site import Site, counts
from web.cli.main import main

pytestmark = [pytest.mark.tantivy, pytest.mark.slow]


@pytest.fixture
def whoosh(tmp_path: Path, tiny_lexicon: Lexicon) -> Site:
    """An index that Whoosh made."""
    made = Site(whoosh_engine(tmp_path), tmp_path, tiny_lexicon)
    made.builder.rebuild(made.write(*ARTICLES))
    return made


def copied(site: Site) -> Site:
    """The same folder with the other engine, after a copy."""
    other = replace(site, engine=tantivy_engine(site.root))
    source = site.engine.open()
    other.builder.copy(source)
    source.close()
    return other


def test_a_copy_holds_the_same(whoosh: Site) -> None:
    """The same articles with the same times and stories."""
    before, fields = whoosh.states(), ("id", "title", "text", "body", "topics", "published")
    rows = whoosh.engine.open().stored(sorted(before), fields)
    other = copied(whoosh)
    assert other.states() == before
    assert other.engine.open().stored(sorted(before), fields) == rows


def test_an_update_goes_on_from_a_copy(whoosh: Site) -> None:
    """Unchanged articles are not analysed again."""
    other = copied(whoosh)
    changed = replace(ARTICLES[0], title=f"{ARTICLES[0].title}（更正）")
    report = other.builder.update(other.write(changed, *ARTICLES[1:]))
    assert counts(report) == (0, 1, 5, 0)
    assert report.reanalysed == 0


def test_what_was_taken_down_is_not_copied(whoosh: Site) -> None:
    """Takedowns apply to every engine."""
    source = whoosh.engine.open()
    whoosh.builder.remove(["yuan"], "投诉")
    other = replace(whoosh, engine=tantivy_engine(whoosh.root))
    report = Builder(other.engine, other.lexicon, Takedowns(other.root)).copy(source)
    assert (report.held, report.taken_down) == (5, 1)
    assert "yuan" not in other.ids()


def command(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--index-dir", str(root), "index", *words])


def test_the_command(whoosh: Site) -> None:
    """It says how long it will take and what to do next; the old engine can be used again."""
    first = whoosh.engine.current()
    result = command(whoosh.root, "copy", "--from", "whoosh", "--to", "tantivy")
    assert result.exit_code == 0, result.output
    assert "要迁移 6 篇文章，约需 1 秒" in result.stderr
    assert "请把设置 engine 改为 tantivy" in result.stdout
    engine: Engine = tantivy_engine(whoosh.root)
    assert engine.open().generation.articles == 6
    assert command(whoosh.root, "rollback").exit_code == 0
    assert whoosh.engine.current() == first


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("--to", "whoosh"), "都是 whoosh", id="to itself"),
        pytest.param(("--to", "solr"), "tantivy、opensearch 之一", id="an unknown engine"),
        pytest.param((), "--to", id="to nothing"),
    ],
)
def test_what_is_refused(whoosh: Site, words: tuple[str, ...], says: str) -> None:
    """The error is one line, and the index stays."""
    result = command(whoosh.root, "copy", *words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    """Without an index there is nothing to copy."""
    result = command(tmp_path, "copy", "--to", "tantivy")
    assert result.exit_code == 1
    assert "index rebuild" in result.stderr


def test_golden_queries_hold_there_too(whoosh: Site, tmp_path: Path) -> None:
    """A copy that loses a golden article does not go live."""
    golden = write_articles(tmp_path / "other.jsonl", ARTICLES).with_name("golden.toml")
    golden.write_text('[[query]]\nq = "稳定币"\narticles = ["nobody"]\n', "utf-8")
    first = whoosh.engine.current()
    runner = CliRunner(env={"YUANSOU_GOLDEN": str(golden)})
    words = ["--index-dir", str(whoosh.root), "index", "copy", "--to", "tantivy"]
    assert runner.invoke(main, words).exit_code == 1
    assert whoosh.engine.current() == first
    assert runner.invoke(main, [*words, "--ignore-golden"]).exit_code == 0
