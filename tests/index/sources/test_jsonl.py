"""JSON Lines: good lines become articles, bad ones rejections with their number."""

import gzip
import json
from pathlib import Path

import pytest

from index.article import Article, Rejection
from index.article_bounds import MAX_BODY
from index.sources.jsonl import read_jsonl

LINE = {
    "id": "a1",
    "title": "元宇宙",
    "body": "<p>正文</p>",
    "date": "2022-02-09T10:17:40+08:00",
    "source": "财新",
    "author": None,
    "categories": ["链"],
    "url": "https://a.cn/1",
}


@pytest.fixture
def read(tmp_path: Path):
    def read_lines(data: bytes, name: str = "a.jsonl") -> list[Article | Rejection]:
        path = tmp_path / name
        path.write_bytes(data)
        return list(read_jsonl(path, str(path)))

    return read_lines


def line(**changes: object) -> bytes:
    return json.dumps({**LINE, **changes}, ensure_ascii=False).encode() + b"\n"


def test_a_line(read, tmp_path: Path) -> None:
    """A line is an article with all its fields; its path ends with the line's number."""
    (found,) = read(b"\n" + line())
    assert (found.id, found.title, found.source, found.author) == ("a1", "元宇宙", "财新", None)
    assert (found.body_format, found.categories, found.url) == ("html", ("链",), "https://a.cn/1")
    assert found.path == f"{tmp_path}/a.jsonl:2"


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        pytest.param({"title": None}, "title", "正文", id="null title"),
        pytest.param({"body": None}, "body", "", id="null body"),
        pytest.param({"id": 7}, "id", "7", id="number as id"),
        pytest.param({"id": "..a/.b/c..d"}, "id", "..a/.b/c..d", id="dots within a segment"),
        pytest.param(
            {"title": "元\ud83d宙"}, "title", "元\ufffd宙", id="lone surrogate in a title"
        ),
        pytest.param({"body": "\ud83d"}, "body", "\ufffd", id="lone surrogate in a body"),
        pytest.param({"title": "甲 &#8211; A&amp;B"}, "title", "甲 – A&B", id="entities, title"),
        pytest.param({"title": "<![CDATA[<b>甲</b>]]>"}, "title", "甲", id="markup, title"),
        pytest.param({"title": "<br>"}, "title", "正文", id="nothing but markup, title"),
        pytest.param({"source": "A&amp;B 社"}, "source", "A&B 社", id="entities, source"),
        pytest.param({"author": ["<b>甲</b>", "A&amp;B"]}, "author", "甲、A&B", id="authors"),
        pytest.param({"categories": "A&amp;B,链"}, "categories", ("A&B", "链"), id="categories"),
        pytest.param({"categories": ["A&amp;B"]}, "categories", ("A&B",), id="category list"),
        pytest.param({"body": "甲\n乙"}, "body_format", "text", id="no markup is text"),
        pytest.param({"body": "甲 **乙**"}, "body_format", "markdown", id="Markdown"),
        pytest.param({"body": "甲&nbsp;乙"}, "body_format", "markdown", id="entities are markup"),
        pytest.param({"body_format": "text"}, "body_format", "text", id="format as given"),
    ],
)
def test_values(read, changes: dict[str, object], field: str, value: object) -> None:
    """Missing, odd and broken values are repaired."""
    data = json.dumps({**LINE, **changes}).encode()
    (found,) = read(data)
    assert getattr(found, field) == value


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b'{"title": "x"', "JSON", id="cut"),
        pytest.param(b"[1]", "对象", id="no object"),
        pytest.param(line(body=["x"]), "body", id="body of another type"),
        pytest.param(line(body_format="rtf"), "html、markdown、text", id="unknown format"),
        pytest.param(line(title="", body=""), "没有标题", id="nothing"),
        pytest.param(b"[" * 100_000, "JSON", id="deep"),
        pytest.param(line(id=".."), "网址", id="an id that no address can hold"),
        pytest.param(line(id="a/../b"), "网址", id="a dot segment within an id"),
        pytest.param(line(id="a/."), "网址", id="a dot segment at the end of an id"),
        pytest.param(line(body="\ufffd甲" * 30), "乱码", id="a body that is damage"),
    ],
)
def test_a_bad_line_does_not_stop_the_rest(read, data: bytes, says: str) -> None:
    """The lines around a bad one are read."""
    first, bad, last = read(line() + data.strip() + b"\n" + line(id="a2"))
    assert (first.id, last.id, bad.line) == ("a1", "a2", 2)
    assert says in bad.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings(read, encoding: str) -> None:
    """UTF-8 with BOM and GBK are read; UTF-16 is one rejection that says so."""
    assert read(line().decode().encode(encoding))[0].title == "元宇宙"
    (rejection,) = read(line().decode().encode("utf-16"))
    assert "UTF-8" in rejection.reason


def test_compressed(read) -> None:
    """A truncated .gz gives its readable lines and a rejection; a false one only a rejection."""
    data = gzip.compress(b"".join(line(id=str(number)) for number in range(500)))
    assert len(read(data, "a.jsonl.gz")) == 500
    *_, last = read(data[:-20], "b.jsonl.gz")
    assert isinstance(last, Rejection)
    assert "不完整" in last.reason
    (rejection,) = read(line(), "c.jsonl.gz")
    assert "损坏" in rejection.reason


def test_a_huge_line(read) -> None:
    """Of a body of 20 MB the beginning is read."""
    (found,) = read(line(body="元" * 7_000_000))
    assert found.body == "元" * MAX_BODY


def test_ids_from_the_content(read) -> None:
    """A line without id and address keeps its id when a line is put before it, and when its text is
    continued."""
    old = line(id=None, url=None)
    grown = line(
        id=None, url=None, body=LINE["body"] + "".join(f"<p>第{n}段</p>" for n in range(99))
    )
    (first,) = read(old)
    assert len(first.id) == 16
    assert read(line(id=None, url=None, title="新闻") + old)[1].id == first.id
    assert read(line(id=None, url=None, body="甲" * 300))[0].id != first.id
    long = line(id=None, url=None, body="甲" * 300)
    assert (
        read(long)[0].id
        == read(long.replace("甲".encode() * 300, ("甲" * 300 + "乙").encode()))[0].id
    )
    assert read(grown)[0].id != read(line(id=None, url=None, date="2022-02-10"))[0].id


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        pytest.param([{"guid": "k1"}, {"guid": "k2"}], 2, id="one address, two marks"),
        pytest.param(
            [{"guid": {"#text": "k1"}}, {"guid": {"#text": "k2"}}], 2, id="marks as objects"
        ),
        pytest.param(
            [{"guid": "https://a.cn/1#0"}, {"guid": "https://a.cn/1"}], 1, id="a mark of an address"
        ),
        pytest.param([{"guid": "k1"}, {"guid": "k1"}], 1, id="the same mark"),
        pytest.param([{}, {}], 1, id="no mark"),
    ],
)
def test_items_with_one_address(read, given: list[dict[str, object]], ids: int) -> None:
    """What a feed itself takes for an item's identity keeps items apart that share an address."""
    found = read(b"".join(line(id=None, **more) for more in given))
    assert len({article.id for article in found}) == ids
    assert {article.url for article in found} == {"https://a.cn/1"}
