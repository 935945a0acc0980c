"""Vectors are made for what lacks one, once for each text, and dropped with the last article."""

from pathlib import Path

import pytest

from index.vectors.making import BATCH_ARTICLES, VectorMaker
from index.vectors.vector_file import TEXT_CHARS, VectorFile
from tests.support.fake_embedder import FakeEmbedder
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import DAY, NOW, article, fill

NEWS = (
    article("old", "银行", "存款。", published=NOW - DAY),
    article("new", "元宇宙", "游戏。", published=NOW),
    article("again", "银行", "存款。", published=NOW - 2 * DAY),
    article("long", "黄金", "价" * 2 * TEXT_CHARS, published=NOW - 3 * DAY),
)


class Stopped(Exception):  # noqa: N818
    """As Ctrl+C."""


def maker(folder: Path, *articles: object, embedder: FakeEmbedder | None = None) -> VectorMaker:
    used = embedder or FakeEmbedder()
    snapshot = fill(NaiveEngine(), articles or NEWS).open()  # type: ignore[arg-type]
    return VectorMaker(snapshot, VectorFile(folder, used), used)


def ignore(count: int) -> None:
    pass


def test_made_once_for_each_text(tmp_path: Path) -> None:
    """Title and the beginning of the text are embedded, the newest article first."""
    embedder = FakeEmbedder()
    making = maker(tmp_path, embedder=embedder)
    lacking = making.lacking(making.articles())
    told: list[int] = []
    making.make(lacking, told.append)

    assert lacking == ["new", "old", "long"]
    assert embedder.read == ["元宇宙\n游戏。", "银行\n存款。", "黄金\n" + "价" * TEXT_CHARS]
    assert sum(told) == 3
    assert making.lacking(making.articles()) == []
    assert maker(tmp_path).lacking(["again"]) == []


def test_stopped_and_gone_on_with(tmp_path: Path) -> None:
    """What was told as made is there when it goes on."""
    many = [article(f"a{at:03}", f"题{at}", "银行") for at in range(BATCH_ARTICLES + 3)]
    making = maker(tmp_path, *many)

    def stop(count: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        making.make(making.lacking(making.articles()), stop)
    again = maker(tmp_path, *many)
    assert len(again.lacking(again.articles())) == 3


def test_a_changed_text_lacks_one(tmp_path: Path) -> None:
    """Another generation keeps what it can; what nobody has any more is dropped."""
    before = maker(tmp_path)
    before.make(before.articles(), ignore)
    after = maker(tmp_path, NEWS[0], article("new", "元宇宙", "改了。"))

    assert after.lacking(after.articles()) == ["new"]
    assert after.drop_others(after.articles()) == 2
    assert after.lacking(["old"]) == []
