"""Golden queries: articles that must be found before an index goes live."""

from pathlib import Path

import pytest

from index.errors import EvaluationError
from search.evaluation.golden import Golden, checking, read_golden
from tests.support.terminal import Terminal, built, terminal
from tests.support.tiny_search import NOW, article, searcher
from web.cli.index.golden import seeds_check
from web.cli.index.sources import seed_articles

__all__ = ["built", "terminal"]

LONG = "这是同一篇稿子，几家都转载了，文字一个也没有改动过，所以只占一行。" * 3
OVER = (
    article("a", "元宇宙来了", "元宇宙。"),
    article("b", "银行", "存款。"),
    article("first", "稿子", LONG, published=NOW),
    article("repost", "稿子", LONG, published=NOW),
)


@pytest.mark.parametrize(
    ("entry", "faults"),
    [
        pytest.param(Golden("元宇宙", ("a",)), [], id="found"),
        pytest.param(
            Golden("元宇宙", ("a", "b")), ["“元宇宙”的第一页没有文章 b。"], id="one is missing"
        ),
        pytest.param(Golden("稿子", ("first", "repost")), [], id="a repost is in its story's line"),
        pytest.param(
            Golden("元宇宙", ("gone",)), ["“元宇宙”的第一页没有文章 gone。"], id="removed"
        ),
    ],
)
def test_check(entry: Golden, faults: list[str]) -> None:
    """A failed check names the query and the article."""
    assert checking([entry], NOW)(searcher(*OVER).snapshot) == faults


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("q = ", id="no TOML"),
        pytest.param('[[query]]\nq = "元宇宙"', id="no articles"),
        pytest.param('[[query]]\nq = "元宇宙"\narticles = []', id="an empty list"),
        pytest.param('[[query]]\nq = "元宇宙"\narticles = "a"', id="no list"),
        pytest.param('[[query]]\nq = "元宇宙"\narticles = [1]', id="no ids"),
        pytest.param('[[query]]\nq = 1\narticles = ["a"]', id="no query"),
        pytest.param('[[query]]\nq = "x"\narticles = ["a"]\nid = 1', id="another key"),
        pytest.param("query = 1", id="no table"),
        pytest.param("", id="nothing"),
    ],
)
def test_unreadable_files(text: str) -> None:
    """The message names the file."""
    with pytest.raises(EvaluationError, match=r"golden\.toml"):
        read_golden("golden.toml", text)


def write(folder: Path, article_id: str) -> str:
    path = folder / "golden.toml"
    path.write_text(f'[[query]]\nq = "元宇宙"\narticles = ["{article_id}"]\n', "utf-8")
    return str(path)


@pytest.mark.slow
@pytest.mark.parametrize("action", ["rebuild", "update"])
def test_a_failed_check_keeps_the_old_index(built: Terminal, action: str) -> None:
    """The new index is dropped and the old one stays; a flag overrides the check."""
    before = built.generation()
    golden = write(built.folder, "nowhere")
    built.news.write_text(built.news.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    command = ("index", action, str(built.news))

    said = built.fails(*command, YUANSOU_GOLDEN=golden)
    assert "“元宇宙”的第一页没有文章 nowhere。" in said
    assert "--ignore-golden" in said
    assert built.generation() == before

    built.run(*command, "--ignore-golden", YUANSOU_GOLDEN=golden)
    assert built.generation() != before


@pytest.mark.slow
def test_a_passed_check(built: Terminal) -> None:
    """The index goes live without a message."""
    golden = write(built.folder, "yuan")
    before = built.generation()
    built.run("index", "rebuild", str(built.news), YUANSOU_GOLDEN=golden)
    assert built.generation() != before


@pytest.mark.slow
def test_a_file_that_is_not_there(built: Terminal) -> None:
    """A missing file is reported before anything is built."""
    before = built.generation()
    said = built.fails("index", "rebuild", str(built.news), YUANSOU_GOLDEN="missing.toml")
    assert "missing.toml" in said
    assert built.generation() == before


@pytest.mark.slow
def test_seeds(terminal: Terminal) -> None:
    """The sample articles pass the golden queries shipped with them."""
    from index.engines.registry import open_engine  # noqa: PLC0415
    from index.settings import Settings  # noqa: PLC0415

    terminal.run("index", "rebuild", str(seed_articles()))
    snapshot = open_engine(Settings(index_dir=terminal.root)).open()
    assert seeds_check()(snapshot) == []
    snapshot.close()
