"""Fields under the names and in the shapes that people and programs use."""

from datetime import datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Rejection
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.sources.named_fields import NamedFields, scalar
from index.sources.titles import first_heading
from index.text.dates import SHANGHAI
from tests.support.cost import assert_linear

DAY = datetime(2022, 9, 5, tzinfo=SHANGHAI)
NOON = DAY.replace(hour=12)


@pytest.fixture
def read(tmp_path: Path):
    def read_line(**fields: object) -> Article | Rejection:
        path = tmp_path / "a.jsonl"
        path.write_bytes(orjson.dumps(fields))
        (found,) = read_jsonl(path, str(path))
        return found

    return read_line


@pytest.mark.parametrize(
    "name",
    ["Title", "TITLE", "headline", "post_title", "og:title", "标题", "\u200btitle"],
)
def test_names_of_titles(read, name: str) -> None:
    """In any case, and under the names that other tools use."""
    assert read(**{name: "数字人民币", "body": "正文"}).title == "数字人民币"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Date",
            "publishDate",
            "publish_date",
            "publishTime",
            "publish_time",
            "pubdate",
            "pubDate",
        ),
        *("published_at", "PublishedAt", "datePublished", "date_published", "Published-Time"),
        *(
            "created",
            "created_at",
            "createTime",
            "timestamp",
            "发布时间",
            "日期",
            "updated",
            "lastmod",
        ),
    ],
)
def test_names_of_dates(read, name: str) -> None:
    """In any case, and under the names that other tools use."""
    assert read(**{"title": "题", name: "2022-09-05"}).published == DAY


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        pytest.param({"date": "待定", "created": "2022-09-05"}, DAY, id="the first that reads"),
        pytest.param({"date": "", "pubdate": "2022-09-05"}, DAY, id="an empty one"),
        pytest.param({"date": None, "created": "2022-09-05"}, DAY, id="null"),
        pytest.param({"updated": "2023-01-01", "date": "2022-09-05"}, DAY, id="not of a change"),
        pytest.param({"created": "2023-01-01", "date": "2022-09-05"}, DAY, id="not of creation"),
        pytest.param({"date": 1662350400}, NOON, id="seconds"),
        pytest.param({"date": {"$date": "2022-09-05T04:00:00Z"}}, NOON, id="MongoDB"),
        pytest.param({"date": {"$date": {"$numberLong": "1662350400000"}}}, NOON, id="its numbers"),
        pytest.param({"date": ["2022-09-05"]}, DAY, id="a list"),
        pytest.param({"params": {"date": "2022-09-05"}}, DAY, id="in a table"),
        pytest.param({"date": "12", "time": "12:00"}, None, id="none that reads"),
    ],
)
def test_dates(read, fields: dict[str, object], moment: datetime | None) -> None:
    """The first readable date counts, the most specific name first."""
    assert read(title="题", **fields).published == moment


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        pytest.param(
            {"url": "/posts/a/", "link": "https://a.cn/1"}, "https://a.cn/1", id="relative"
        ),
        pytest.param(
            {"permalink": "a", "original": "https://a.cn/1"}, "https://a.cn/1", id="a slug"
        ),
        pytest.param({"Link": "https://a.cn/1"}, "https://a.cn/1", id="case"),
        pytest.param({"canonical_url": "https://a.cn/1"}, "https://a.cn/1", id="another name"),
        pytest.param({"guid": "https://a.cn/1"}, "https://a.cn/1", id="a guid that is one"),
        pytest.param({"id": "https://a.cn/1"}, "https://a.cn/1", id="an id that is one"),
        pytest.param({"link": {"href": "https://a.cn/1"}}, "https://a.cn/1", id="an object"),
        pytest.param(
            {"link": [{"href": "/self"}, {"href": "https://a.cn/1"}]}, "https://a.cn/1", id="a list"
        ),
        pytest.param({"links": [{"href": "https://a.cn/1"}]}, "https://a.cn/1", id="feedparser's"),
        pytest.param(
            {"mainEntityOfPage": {"@id": "https://a.cn/1"}}, "https://a.cn/1", id="JSON-LD"
        ),
        pytest.param({"url": "/posts/a/"}, None, id="only a relative one"),
    ],
)
def test_addresses(read, fields: dict[str, object], url: str | None) -> None:
    """The first usable address counts."""
    assert read(title="题", **fields).url == url


@pytest.mark.parametrize(
    ("fields", "source", "author"),
    [
        pytest.param({"Source": "甲报", "Author": "张三"}, "甲报", "张三", id="case"),
        pytest.param({"publisher": "甲报"}, "甲报", None, id="publisher"),
        pytest.param({"site_name": "甲报"}, "甲报", None, id="site_name"),
        pytest.param({"media": {"name": "甲报", "id": 7}}, "甲报", None, id="an object"),
        pytest.param({"来源": "甲报", "作者": "张三"}, "甲报", "张三", id="Chinese"),
        pytest.param({"source": "", "publisher": "甲报"}, "甲报", None, id="an empty one"),
        pytest.param(
            {"source": "甲报", "authors": [{"name": "张三"}, {"name": "李四"}]},
            *("甲报", "张三、李四"),
            id="objects",
        ),
        pytest.param({"source": "https://www.a.cn/x"}, "a.cn", None, id="an address"),
        pytest.param({"dc:creator": "张三"}, "张三", None, id="an author stands in"),
    ],
)
def test_sources(read, fields: dict[str, object], source: str, author: str | None) -> None:
    """The publisher and the author."""
    found = read(title="题", **fields)
    assert (found.source, found.author) == (source, author)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"categories": [["金融", "银行"], ["金融"]]}, id="lists of lists"),
        pytest.param({"Categories": ["金融", ["银行"]]}, id="mixed"),
        pytest.param({"tags": [{"name": "金融"}, {"name": "银行", "slug": "yh"}]}, id="objects"),
        pytest.param({"tags": [{"term": "金融"}, {"term": "银行"}]}, id="feedparser's"),
        pytest.param({"keywords": "金融, 银行"}, id="keywords"),
        pytest.param({"categories": [], "标签": "金融，银行"}, id="an empty one"),
    ],
)
def test_categories(read, given: dict[str, object]) -> None:
    """In any shape, each word is a category."""
    assert read(title="题", **given).categories == ("金融", "银行")


def test_bodies(read) -> None:
    """The text is found under other names; a body of another type is a rejection."""
    assert read(title="题", content="正文").body == "正文"
    assert read(title={"rendered": "题"}, content={"rendered": "<p>正文</p>"}).body == "<p>正文</p>"
    assert read(title="题", body="", content_html="<p>正文</p>").body == "<p>正文</p>"
    assert isinstance(read(title="题", body=7), Rejection)


def test_ids(read) -> None:
    """MongoDB's id is accepted."""
    assert read(title="题", _id={"$oid": "63a0"}).id == "63a0"


@pytest.mark.parametrize(
    "line",
    [
        *("draft: true", "draft: yes", "draft: 1", "Draft: True", "draft: on", "published: false"),
        *("published: no", "published: 0", "publish: false", "status: draft", "Status: 草稿"),
    ],
)
def test_drafts(line: str) -> None:
    """Every way to mark a draft gives a rejection."""
    found = read_markdown(f"---\ntitle: 题\n{line}\n---\n正文".encode(), "/x/a.md", "a.md")
    assert isinstance(found, Rejection)
    assert "草稿" in found.reason


@pytest.mark.parametrize(
    "line",
    ["draft: false", "published: true", "published: 2022-09-05", "status: publish", "draft:"],
)
def test_no_drafts(line: str) -> None:
    """These values mean a published article, or nothing."""
    found = read_markdown(f"---\ntitle: 题\n{line}\n---\n正文".encode(), "/x/a.md", "a.md")
    assert isinstance(found, Article)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        pytest.param("![徽章](b.png)\n\n# 标题\n\n正文", "标题", id="after a picture"),
        pytest.param("<!-- # 注 -->\n\n# 标题\n\n正文", "标题", id="after a comment"),
        pytest.param("<br>\n\n# 标题\n\n正文", "标题", id="after a blank tag"),
        pytest.param("导语。\n\n## 标题\n\n正文", "标题", id="after text"),
        pytest.param("标题\n====\n\n正文", "标题", id="underlined"),
        pytest.param("<p><img src=a.png></p>\n\n标题\n===\n\n正文", "标题", id="after HTML"),
        pytest.param("标题\n---\n\n正文", "标题", id="underlined, second level"),
        pytest.param("<h1 align='center'>标<b>题</b></h1>\n\n正文", "标题", id="HTML"),
        pytest.param("<div><h2>标题</h2></div>\n<p>正文</p>", "标题", id="HTML in blocks"),
        pytest.param("#标题\n\n正文", "标题", id="without a space"),
        pytest.param("# \n\n## 标题", "标题", id="after an empty one"),
        pytest.param("# ![图](a.png)\n\n## 标题", "标题", id="after a picture as heading"),
        pytest.param("```sh\n# 注释\n```\n\n# 标题", "标题", id="not in code"),
        pytest.param("正文\n#\n", "a", id="none"),
        pytest.param("#比特币 #以太坊\n\n正文", "a", id="hashtags are none"),
    ],
)
def test_titles_of_files_without_front_matter(body: str, title: str) -> None:
    """The first heading in any form, whatever precedes it; else the file's name."""
    found = read_markdown(body.encode(), "/x/a.md", "a.md")
    assert (found.title, found.named_after_file) == (title, title == "a")


@pytest.mark.parametrize("unit", ["<h1>", "<h1 ", "<h1>a</h2>", "#a ", "# ", "<!--", "a\n=\n"])
def test_headings_are_found_in_linear_time(unit: str) -> None:
    """Hostile bodies cost no more than their length."""
    assert_linear(lambda body: first_heading(body, "html"), unit)


def test_a_name_is_a_title_of_last_resort(read) -> None:
    """`name` is often a short form for addresses, so a heading is preferred."""
    assert read(name="slug", body="<h2>标题</h2><p>正文</p>").title == "标题"
    assert read(name="名称", body="正文。").title == "名称"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "value", "$date", "x"]), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["id", "guid", "date", "tags", "author", "params"]), JSON))
def test_any_shapes(fields: dict[str, object]) -> None:
    """Any value gives a text without an error."""
    named = NamedFields(fields)
    assert all(scalar(value) == scalar(value).strip() for value in named.scalars("author"))
    assert isinstance(named.display_line("author"), str)
