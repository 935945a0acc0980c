"""Markdown files: every form of front matter, and rejections that say what to fix."""

import codecs
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Rejection
from index.sources.markdown import read_markdown
from index.text.dates import SHANGHAI

RSSHUB = """
---
title: '年轻人玩元宇宙，先玩一把“NFT”: it''s...'
categories:
 - 新媒体
 - 36kr
author: 36kr
comments: false
date: Wed, 09 Feb 2022 02:17:40 GMT
link: https://36kr.com/p/1?utm_source=rss
---

<div>
<p>万物都逃不过元宇宙。</p>
</div>
"""


def read(text: str | bytes, name: str = "posts/a.md") -> Article | Rejection:
    return read_markdown(text if isinstance(text, bytes) else text.encode(), f"/x/{name}", name)


def article(text: str | bytes, name: str = "posts/a.md") -> Article:
    found = read(text, name)
    assert isinstance(found, Article), found
    return found


def test_an_article_of_an_aggregator() -> None:
    """A blank line before the front matter, quotes in the title and a mail date are accepted."""
    assert article(RSSHUB) == Article(
        id=article(RSSHUB).id,
        title="年轻人玩元宇宙，先玩一把“NFT”: it's...",
        body="<div>\n<p>万物都逃不过元宇宙。</p>\n</div>",
        body_format="html",
        url="https://36kr.com/p/1",
        source="36kr",
        categories=("新媒体", "36kr"),
        published=datetime(2022, 2, 9, 10, 17, 40, tzinfo=SHANGHAI),
        path="/x/posts/a.md",
    )
    assert len(article(RSSHUB).id) == 16


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(codecs.BOM_UTF8 + RSSHUB.encode(), id="BOM"),
        pytest.param(RSSHUB.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(RSSHUB.replace("\n", "\r").encode(), id="CR"),
        pytest.param(RSSHUB.encode("gb18030"), id="GB 18030"),
        pytest.param(RSSHUB.encode("utf-16"), id="UTF-16"),
    ],
)
def test_encodings(data: bytes) -> None:
    """A file is the same article in any encoding."""
    assert article(data) == article(RSSHUB)


def test_one_bad_byte_does_not_make_it_gbk() -> None:
    """A broken byte in UTF-8 costs one character, not the whole text."""
    assert article("元宇宙".encode() + b"\xff").body == "元宇宙\ufffd"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        pytest.param("title: 1.10", "1.10", id="number"),
        pytest.param("title: 2022-13-45", "2022-13-45", id="impossible date"),
        pytest.param("title: 12:30", "12:30", id="sexagesimal"),
        pytest.param("title: yes", "yes", id="yes"),
        pytest.param("title: [快讯]", "快讯", id="brackets"),
        pytest.param('title: "a \\"b\\": c"', 'a "b": c', id="escaped quotes"),
        pytest.param("title: |\n  两\n  行", "两行", id="two lines"),
        pytest.param("title: ~\nauthor: x", "小标题", id="null: first heading"),
    ],
)
def test_titles(line: str, title: str) -> None:
    """A title is text, whatever type YAML gives it."""
    assert article(f"---\n{line}\n---\n## 小**标**题 ##\n正文").title == title


@pytest.mark.parametrize(
    ("body", "title"),
    [
        pytest.param("比特币大涨。以太坊也是。", "比特币大涨。", id="first sentence"),
        pytest.param("长" * 99, "长" * 59 + "…", id="60 characters at most"),
        pytest.param("<h2>标<b>题</b></h2><p>正文</p>", "标题", id="HTML heading"),
    ],
)
def test_title_from_the_body(body: str, title: str) -> None:
    """Without a title, the first heading or sentence becomes one."""
    assert article(f"---\nauthor: x\n---\n{body}").title == title


def test_without_front_matter() -> None:
    """A heading on the first line becomes the title and leaves the text; else the file's name is
    the title."""
    assert (article("# 标题 #\n\n正文").title, article("# 标题\n\n正文").body) == ("标题", "正文")
    assert article("正文", "posts/元宇宙.md").title == "元宇宙"
    assert article("正文", "posts/元宇宙.md").id == "posts/元宇宙.md"


def test_toml() -> None:
    """TOML front matter, with Zola's table of categories and native dates."""
    found = article(
        '+++\ntitle = "题"\ndate = 2023-02-11T15:46:08+08:00\n'
        '[taxonomies]\ncategories = ["链"]\n+++\n正文'
    )
    assert (found.title, found.categories, found.body) == ("题", ("链",), "正文")
    assert found.published == datetime(2023, 2, 11, 15, 46, 8, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("front", "source", "author"),
    [
        pytest.param("source: 财新\nauthor: 张三", "财新", "张三", id="both"),
        pytest.param("author: 张三", "张三", None, id="author stands in"),
        pytest.param("url: https://www.a.cn/1", "a.cn", None, id="host"),
        pytest.param("title: x", None, None, id="none"),
    ],
)
def test_source(front: str, source: str | None, author: str | None) -> None:
    """Source is source, else author, else host; the author is not repeated."""
    found = article(f"---\n{front}\n---\n正文")
    assert (found.source, found.author) == (source, author)


@pytest.mark.parametrize(
    "front",
    ["categories: [甲, 乙, 甲]", "categories: 甲，乙", "category: 甲;乙", "tags: 甲 | 乙、"],
)
def test_categories(front: str) -> None:
    """Categories are a list or divided text, under three names."""
    assert article(f"---\n{front}\n---\n正文").categories == ("甲", "乙")


def test_ids() -> None:
    """The given id, else one of the address without tracking parameters, else the path."""
    assert article("---\nid: 7\nurl: http://a.cn/\n---\n正文").id == "7"
    tracked, plain = (f"---\nurl: http://a.cn/{end}\n---\n正文" for end in ("?spm=1", ""))
    assert article(tracked).id == article(plain).id


def test_date_in_the_name() -> None:
    """A date at the start of the file's name counts if the front matter has none."""
    assert article("正文", "2022-3-5-a.md").published == datetime(2022, 3, 5, tzinfo=SHANGHAI)
    named = article("---\ndate: 2020-01-01\n---\n正文", "2022-3-5-a.md").published
    assert named == datetime(2020, 1, 1, tzinfo=SHANGHAI)
    assert article("---\ndate: Invalid Date\n---\n正文").published is None


@pytest.mark.parametrize(
    ("front", "name", "origin"),
    [
        pytest.param("date: 2020-01-01", "2022-3-5-a.md", "given", id="given"),
        pytest.param("title: 甲", "2022-3-5-a.md", "file", id="file"),
        pytest.param("date: Invalid Date", "2022-3-5-a.md", "file", id="nonsense, then file"),
        pytest.param("title: 甲", "a.md", "none", id="none"),
    ],
)
def test_where_a_date_is_from(front: str, name: str, origin: str) -> None:
    """What nobody gave is an estimate and says so."""
    assert article(f"---\n{front}\n---\n正文", name).date_origin == origin


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        pytest.param("<div>\n1. 甲\n2. 乙\n</div>", "html", id="HTML with numbered lines"),
        pytest.param("导语<br>正文<p>段", "html", id="HTML that begins with text"),
        pytest.param("# 标题\n\n<p>甲</p><p>乙</p>", "markdown", id="Markdown with HTML in it"),
        pytest.param(
            "<div>x</div>\n\n# 标题\n\n[链](http://a)", "markdown", id="HTML, then Markdown"
        ),
        pytest.param("a < b <b>c</b>", "markdown", id="inline tags only"),
    ],
)
def test_body_format(body: str, body_format: str) -> None:
    """HTML is recognised by its block elements."""
    assert article(f"---\ntitle: x\n---\n{body}").body_format == body_format


DEEP = "[" * 50_000


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("", None, "空的", id="empty"),
        pytest.param("---\ntitle: x\n正文", 1, "没有结束", id="no end"),
        pytest.param("+++\ntitle = x\n+++\n", 2, "TOML", id="TOML"),
        pytest.param(f"---\na: {DEEP}\n---\n", 2, "嵌套", id="deep"),
        pytest.param("\n\n---\ntitle: x\n央行降准\n---\n", 6, "YAML", id="a line without key"),
        pytest.param('{"title": "x",}\n正文', 1, "JSON", id="JSON"),
        pytest.param(f"+++\na={DEEP}\n+++\n", 1, "头部", id="deep TOML"),
        pytest.param(f"---\na: {'x' * 200_001}\n---\n", 1, "超过", id="long"),
        pytest.param("---\ntitle: x\ndraft: true\n---\n正文", None, "草稿", id="draft"),
        pytest.param("---\ntitle: x\npublished: false\n---\n正文", None, "草稿", id="unpublished"),
        pytest.param("---\nauthor: x\n---\n", None, "没有标题", id="nothing"),
        pytest.param(f"---\nid: {'x' * 600}\n---\n正文", None, "id", id="long id"),
        pytest.param("---\nid: a/../b\n---\n正文", None, "网址", id="id with dot segments"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", None, "不是文本", id="picture"),
        pytest.param("元宇宙的正文\0" * 9, None, "不是文本", id="NUL"),
        pytest.param("# NFT".encode("utf-16-le"), None, "不是文本", id="UTF-16 without BOM"),
        pytest.param(b"---\ntitle: x\n---\n" + b"\xff\xfe\x01" * 99, None, "乱码", id="noise"),
    ],
)
def test_rejections(text: str | bytes, line: int | None, says: str) -> None:
    """A bad file is a rejection with the line and what to fix."""
    found = read(text)
    assert isinstance(found, Rejection)
    assert found.line == line
    assert says in found.reason
    assert "\n" not in found.reason


@given(
    st.binary() | st.text().map(lambda text: f"---\n{text}\n---\n{text}".encode("utf-8", "replace"))
)
def test_any_bytes(data: bytes) -> None:
    """Any file is an article or a rejection."""
    found = read(data)
    assert isinstance(found, Article | Rejection)
    str(found).encode()
