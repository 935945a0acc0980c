"""What is too long is shortened at reading, and named; what is compressed is read within bounds."""

import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Article, Rejection
from index.article_bounds import (
    MAX_BODY,
    MAX_CATEGORIES,
    MAX_FILE,
    MAX_NAME,
    MAX_SIGNS,
    MAX_TITLE,
    Shortening,
)
from index.build.gaps import Gaps
from index.sources import jsonl, reader
from index.sources.jsonl import read_jsonl
from index.sources.reader import read_articles
from index.text.html import plain_text
from tests.support.cost import cost

Items = list[Article | Rejection]


def read(tmp_path: Path, **fields: object) -> Article:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "title": "题", "body": "正文。"} | fields), "utf-8")
    (found,) = read_jsonl(path, "a.jsonl")
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    ("fields", "shortened"),
    [
        pytest.param({}, (), id="an ordinary one"),
        pytest.param({"title": "元" * MAX_TITLE, "source": "元" * MAX_NAME}, (), id="just within"),
        pytest.param({"title": "元" * (MAX_TITLE + 1)}, ("标题",), id="title"),
        pytest.param({"title": "<b>元</b>" * 200_000}, ("标题",), id="a megabyte of title"),
        pytest.param({"title": None, "body": f"# {'元' * 3_000}"}, ("标题",), id="heading"),
        pytest.param({"source": "源" * 300, "author": "者" * 300}, ("作者", "来源"), id="names"),
        pytest.param({"author": ["者者"] * 500_000}, ("来源",), id="half a million authors"),
        pytest.param({"categories": ["链"] * 9 + ["长" * 300]}, ("分类",), id="long category"),
        pytest.param({"categories": [str(n) for n in range(101)]}, ("分类",), id="categories"),
        pytest.param({"categories": ",".join(map(str, range(9_000)))}, ("分类",), id="in a text"),
        pytest.param({"tags": [["链"] * 9] * 200_000}, (), id="one category again and again"),
        pytest.param({"body": "字。" * MAX_BODY}, ("正文",), id="body"),
        pytest.param({"body": "<p>字</p>" * 40_000}, ("正文",), id="tags"),
        pytest.param(
            {"body": "![图](https://a.example/p.png)\n\n" * 60_000}, ("正文",), id="pictures"
        ),
        pytest.param({"body": "- 字\n" * 40_000}, ("正文",), id="blocks"),
        pytest.param({"body": "> " * 600_000}, ("正文",), id="nesting"),
        pytest.param({"body": "[链](https://a.example)" * 40_000}, ("正文",), id="links"),
        pytest.param({"body": "<p>字</p>" * 9_000}, (), id="many tags, within the bound"),
        pytest.param(
            {"body": f'<p>字</p><img src="data:image/png;base64,{"QUJD" * 500_000}"><p>尾</p>'},
            (),
            id="an embedded picture leaves no text",
        ),
    ],
)
def test_what_is_too_long(tmp_path: Path, fields: dict[str, object], shortened: tuple[str]) -> None:
    """It is shortened within two seconds, named, and every part keeps its bound."""
    took = cost(lambda: read(tmp_path, **fields))
    found = read(tmp_path, **fields)
    assert found.shortened == shortened
    assert len(found.title) <= MAX_TITLE
    assert max(len(found.source or ""), len(found.author or "")) <= MAX_NAME
    assert len(found.categories) <= MAX_CATEGORIES
    assert all(len(category) <= MAX_NAME for category in found.categories)
    assert len(found.body) <= MAX_BODY
    assert took < 4


def test_a_body_is_cut_between_tags() -> None:
    """Its text is the beginning of the whole text, and the last block is whole."""
    unit = '<p title="甲">一段文字。</p>\n'
    body = Shortening().body(unit * MAX_SIGNS, "html")
    assert body.endswith(("</p>", "</p>\n", '">'))
    text = plain_text(body, "html")
    assert set(text.split("\n")) == {"一段文字。"}
    assert Shortening().body(body, "html") == body


def test_the_report_names_what_was_shortened(tmp_path: Path) -> None:
    """With the parts, so that nobody has to look for them."""
    gaps = Gaps()
    gaps.note(read(tmp_path, title="元" * 5_000, source="源" * 999))
    assert (gaps.shortened.count, gaps.shortened.first) == (1, ["a.jsonl:1（标题、来源）"])


def test_a_file_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is rejected unread; the files beside it are read."""
    monkeypatch.setattr(reader, "MAX_FILE", 1_000)
    (tmp_path / "a.md").write_text("# 题\n\n" + "字" * 2_000, "utf-8")
    (tmp_path / "b.md").write_text("# 题\n\n字", "utf-8")
    bad, good = read_articles([tmp_path])
    assert isinstance(bad, Rejection)
    assert "JSON Lines" in bad.reason
    assert isinstance(good, Article)


ROWS = [
    json.dumps({"id": f"a{n}", "title": f"第{n}篇", "body": f"第{n}篇的正文。" * 9}).encode()
    + b"\n"
    for n in range(2_000)
]
WHOLE = gzip.compress(b"".join(ROWS), mtime=0)
LONG_ROW = b'{"id": "x", "title": "' + b"a" * 200_000 + b'"}\n'


def _flipped(at: int) -> bytes:
    return WHOLE[:at] + bytes([WHOLE[at] ^ 0xFF]) + WHOLE[at + 1 :]


@pytest.mark.parametrize(
    ("data", "kept", "says"),
    [
        pytest.param(WHOLE, 2_000, None, id="whole"),
        pytest.param(WHOLE + gzip.compress(b"".join(ROWS[:9])), 2_000, "相同", id="two members"),
        pytest.param(WHOLE[:-1], 2_000, "不完整", id="cut in the length"),
        pytest.param(WHOLE[:-5], 2_000, "不完整", id="cut in the check sum"),
        pytest.param(WHOLE[:-9], 1_900, "不完整", id="cut before the check sum"),
        pytest.param(WHOLE[: len(WHOLE) // 2], 700, "不完整", id="half"),
        pytest.param(WHOLE[:200], 0, "不完整", id="the beginning"),
        pytest.param(WHOLE[:12], 0, "不完整", id="the header and two bytes"),
        pytest.param(WHOLE[:5], 0, "损坏", id="half of the header"),
        pytest.param(WHOLE[:1], 0, "损坏", id="one byte"),
        pytest.param(b"", 0, None, id="empty"),
        pytest.param(b"".join(ROWS), 0, "损坏", id="not compressed"),
        pytest.param(b"\0" * 5_000, 0, "损坏", id="zeros"),
        pytest.param(WHOLE + b"\0" * 512, 2_000, None, id="padded with zeros"),
        pytest.param(WHOLE + b"garbage", 2_000, "损坏", id="something after it"),
        pytest.param(_flipped(0), 0, "损坏", id="no gzip by its first byte"),
        pytest.param(_flipped(2), 0, "损坏", id="unknown method"),
        pytest.param(_flipped(len(WHOLE) - 6), 2_000, "损坏", id="wrong check sum"),
        pytest.param(_flipped(len(WHOLE) // 2), 0, "", id="a bit in the middle"),
        pytest.param(_flipped(40), 0, "损坏", id="a bit at the beginning"),
        pytest.param(zlib.compress(b"".join(ROWS)), 0, "损坏", id="zlib without gzip"),
        pytest.param(WHOLE[:9_000] + b"\0" * 90 + WHOLE[9_090:], 100, "", id="a hole"),
    ],
)
def test_damaged_files(tmp_path: Path, data: bytes, kept: int, says: str | None) -> None:
    """Each gives a rejection with its line, never a traceback; the rows before it are kept."""
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data)
    found = [*read_articles([path])]
    articles = [item for item in found if isinstance(item, Article)]
    rejected = [item for item in found if isinstance(item, Rejection)]
    assert len(articles) >= kept
    assert bool(rejected) == (says is not None)
    if says is not None:
        assert any(says in each.reason for each in rejected)
        assert rejected[-1].line is not None or "相同" in says


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_line_that_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It is skipped and named; the rows around it are read, also where it is the last."""
    monkeypatch.setattr(jsonl, "MAX_FILE", 50_000)
    for rows in ([ROWS[0], LONG_ROW, ROWS[1]], [ROWS[0], ROWS[1], LONG_ROW[:-1]]):
        data = b"".join(rows)
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
        found: Items = [*read_jsonl(tmp_path / name, name)]
        assert [each.id for each in found if isinstance(each, Article)] == ["a0", "a1"]
        (bad,) = (each for each in found if isinstance(each, Rejection))
        assert (bad.line, "超过" in bad.reason) == (rows.index(max(rows, key=len)) + 1, True)


@pytest.mark.parametrize("unit", [b"a", b" ", b"\n", b"[", b'{"a":1}\n', b"\0"])
def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: bytes) -> None:
    """Reading stops where the content is far longer than texts can be; what came first is kept."""
    monkeypatch.setattr(jsonl, "FREE_BYTES", 1_000_000)
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(ROWS[0] + unit * (20_000_000 // len(unit))))
    seen = 0
    for seen, item in enumerate(read_jsonl(path, "a.jsonl.gz"), 1):
        if seen == 1:
            assert isinstance(item, Article)
        last = item
    assert isinstance(last, Rejection)
    assert seen < 1_000_000
    assert "倍" in last.reason
    assert last.line


@pytest.mark.slow
def test_a_bomb_of_a_gigabyte(tmp_path: Path) -> None:
    """A megabyte that expands to a line of one gigabyte takes seconds and little memory."""
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(ROWS[0])
        for _ in range(1_000):
            file.write(b"a" * 1_000_000)
    found: Items = []
    took = cost(lambda: found.extend(read_jsonl(path, "a.jsonl.gz")))
    assert [type(item) for item in found] == [Article, Rejection]
    assert took < 5
    assert path.stat().st_size * 200 < 1_000 * MAX_FILE


def test_growing(tmp_path: Path) -> None:
    """Lines of white space cost no more than their length."""
    run: Callable[[int], float] = lambda n: cost(  # noqa: E731
        lambda: [*read_jsonl(_written(tmp_path, b" \n" * n), "a.jsonl")]
    )
    run(1_000)
    assert run(400_000) < 2


def _written(folder: Path, data: bytes) -> Path:
    path = folder / "a.jsonl"
    path.write_bytes(data)
    return path
