"""The pages for people, checked as HTML without a browser."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from index.article import Article
from search.request import MAX_QUERY
from tests.support.articles import NOON
from tests.support.attacks import ATTACKS
from tests.support.tiny_search import article
from tests.support.visitors import MANY, NOW, Markup, Visitor, index_of, visitor_of

PAGES = [
    pytest.param("/", 200, id="home"),
    pytest.param("/search?q=元宇宙", 200, id="results"),
    pytest.param("/search?q=饕餮盛宴", 200, id="nothing"),
    pytest.param("/search", 200, id="everything"),
    pytest.param("/article/yuan?q=元宇宙", 200, id="article"),
    pytest.param("/help", 200, id="help"),
    pytest.param("/nowhere", 404, id="error"),
]


def searched(visitor: Visitor, **args: Any) -> tuple[str, Markup]:
    page = visitor.page("/search", now=NOW, **args)
    return page, Markup(page)


def titles(page: str) -> list[str]:
    hits = re.findall(
        r'<li class="hit"[^>]*>(?:\s*<p class="divider">.*?</p>)?\s*<h2>(.*?)</h2>', page
    )
    return [re.sub("<[^>]*>", "", title) for title in hits]


def asked_by(link: str) -> dict[str, str]:
    """The arguments of a link, without the clock that these tests fix."""
    args = parse_qs(urlsplit(link).query)
    return {name: values[0] for name, values in args.items() if name != "now"}


def scripts(markup: Markup) -> list[str]:
    """Addresses of a page's scripts, "" for an inline one; data blocks are left out."""
    data = "application/ld+json"
    found = [attrs for tag, attrs in markup.tags if tag == "script" and attrs.get("type") != data]
    return [attrs.get("src") or "" for attrs in found]


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_every_page(visitor: Visitor, path: str, status: int) -> None:
    """In Chinese, with a search box, one heading, and no need for JavaScript."""
    page = visitor.page(path, status)
    markup = Markup(page)
    tags = [tag for tag, _ in markup.tags]

    assert '<html lang="zh-CN">' in page
    searches = [attrs for tag, attrs in markup.tags if attrs.get("role") == "search"]
    assert tags.count("h1") == len(searches) == tags.count("main") == 1
    assert all(source.startswith("/static/") for source in scripts(markup))
    assert "style" not in tags
    assert "img" not in tags
    assert not [name for _, attrs in markup.tags for name in attrs if name.startswith("on")]
    assert not [attrs for _, attrs in markup.tags if "style" in attrs]
    form = next(attrs for tag, attrs in markup.tags if tag == "form")
    assert (form["action"], form["method"]) == ("/search", "get")
    ids = [attrs["id"] for _, attrs in markup.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_headers_of_every_page(visitor: Visitor, path: str, status: int) -> None:
    """The policy allows our own files only; no sniffing, no referrer."""
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] in {"no-cache", "no-store"}


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_a_page_loads_only_our_files(visitor: Visitor, path: str, status: int) -> None:
    """Styles, icons and scripts are our own and exist."""
    markup = Markup(visitor.page(path, status))
    loaded = [attrs["href"] or "" for tag, attrs in markup.tags if tag == "link"]
    loaded += [attrs["src"] or "" for _, attrs in markup.tags if "src" in attrs]

    assert {"/static/icon.svg", "/static/style.css", "/static/page.js"} <= set(loaded)
    assert all(visitor.get(address).status_code == 200 for address in loaded)


def test_home(visitor: Visitor) -> None:
    """The search box has the focus; the page has the number of articles and examples as links."""
    page = visitor.page("/")
    markup = Markup(page)

    assert "现有 6 篇文章" in page
    assert any("autofocus" in attrs for _, attrs in markup.tags)
    assert asked_by(markup.link("数字人民币 试点")) == {"q": "数字人民币 试点"}


def test_home_without_an_index(nothing: Visitor) -> None:
    """The home page works and tells the owner what to run."""
    assert "yuansou index rebuild" in nothing.page("/")


def test_results(visitor: Visitor) -> None:
    """Count and time, no other name that no article has, and every part of a hit."""
    page, markup = searched(visitor, q="元宇宙")

    assert re.search(r"找到 <strong>1</strong> 条结果.*用时 \d\.\d{3} 秒", page)
    assert "Metaverse" not in page
    assert titles(page) == ["元宇宙白皮书发布"]
    link = markup.link("元宇宙白皮书发布")
    assert link.startswith("/article/yuan?q=")
    assert link.endswith("#match")
    assert markup.link("原文") == "https://news.example.com/2022/yuan"
    assert asked_by(markup.link("新闻来源：链上观察")) == {"q": "元宇宙", "source": "链上观察"}
    assert '<time datetime="2022-09-05T12:00:00+08:00" title="2022-09-05 12:00">' in page
    assert "<mark>元宇宙</mark>白皮书发布" in page
    assert "<title>元宇宙 - 搜索 - 元搜</title>" in page


def test_what_was_typed_stays_in_the_box(visitor: Visitor) -> None:
    """The box keeps what was typed, up to the longest query allowed."""
    _, markup = searched(visitor, q='"元<宇>宙" &amp;')
    box = next(attrs for tag, attrs in markup.tags if attrs.get("id") == "q")

    assert box["value"] == '"元<宇>宙" &amp;'
    assert box["maxlength"] == str(MAX_QUERY)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("/search", "q", id="results"),
        pytest.param("/article/yuan", "q", id="article"),
        pytest.param("/compare", "q", id="comparison"),
        pytest.param("/chart.svg", "q", id="chart"),
        pytest.param("/embed", "query", id="widget"),
        pytest.param("/search.rss", "q", id="feed"),
        pytest.param("/api/v1/suggest", "q", id="suggestions"),
    ],
)
def test_an_overlong_query_is_refused(visitor: Visitor, path: str, name: str) -> None:
    """Nowhere is it cut without a word: the answer says how many characters there may be."""
    refused = visitor.get(path, **{name: "元" * (MAX_QUERY + 1)})

    assert refused.status_code == 400
    assert str(MAX_QUERY) in refused.text
    assert visitor.get(path, **{name: "元" * MAX_QUERY}).status_code == 200


def test_a_new_query_keeps_how_results_are_shown(visitor: Visitor) -> None:
    """The form keeps the sort, but neither the page nor the filters."""
    _, markup = searched(visitor, q="央行", sort="newest", page="1", source="财经日报", in_="text")
    end = next(at for at, (tag, _) in enumerate(markup.tags) if tag == "main")
    hidden = {a["name"]: a["value"] for t, a in markup.tags[:end] if a.get("type") == "hidden"}

    assert hidden == {"sort": "newest", "in": "text", "now": NOW}


@pytest.mark.parametrize(
    ("text", "args"),
    [
        pytest.param("按相关度", {}, id="relevance"),
        pytest.param("最新优先", {"sort": "newest"}, id="newest"),
        pytest.param("最早优先", {"sort": "oldest"}, id="oldest"),
        pytest.param("不限时间", {}, id="any time"),
        pytest.param("一天内 0", {"from": "2022-09-08"}, id="day"),
        pytest.param("一周内 1", {"from": "2022-09-02"}, id="week"),
        pytest.param("一月内 1", {"from": "2022-08-10"}, id="month"),
        pytest.param("一年内 1", {"from": "2021-09-09"}, id="year"),
        pytest.param("全文", {}, id="anywhere"),
        pytest.param("标题", {"in": "title"}, id="title"),
        pytest.param("正文", {"in": "text"}, id="text"),
        pytest.param("只搜原词", {"verbatim": "1"}, id="verbatim"),
        pytest.param("链上观察 1", {"source": "链上观察"}, id="source"),
        pytest.param("元宇宙 1", {"topic": "元宇宙"}, id="topic"),
        pytest.param("2022 1", {"from": "2022-01-01", "to": "2022-12-31"}, id="year facet"),
    ],
)
def test_links_that_narrow(visitor: Visitor, text: str, args: dict[str, str]) -> None:
    """Each link changes one parameter of this search and works."""
    _, markup = searched(visitor, q="元宇宙", page="1")
    link = markup.link(text)

    assert asked_by(link) == {"q": "元宇宙", **args}
    assert visitor.client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        pytest.param({"sort": "newest"}, ["最新优先", "全文", "全部", "不限时间"], id="sort"),
        pytest.param(
            {"from_": "2022-09-02", "in_": "title"},
            ["按相关度", "标题", "全部", "一周内 2"],
            id="others",
        ),
        pytest.param({"from_": "2022-09-07"}, ["按相关度", "全文", "全部"], id="from another day"),
        pytest.param({"to": "2022-09-30"}, ["按相关度", "全文", "全部"], id="up to a day"),
        pytest.param({"within": "7d"}, ["按相关度", "全文", "全部"], id="counted from now"),
        pytest.param({"date": "unknown"}, ["按相关度", "全文", "全部"], id="no date"),
        pytest.param(
            {"q": "央行 时间：2022年"}, ["按相关度", "全文", "全部"], id="a time in the query"
        ),
        pytest.param(
            {"q": "央行 -date:unknown"}, ["按相关度", "全文", "全部"], id="excluded there"
        ),
    ],
)
def test_what_is_in_force(visitor: Visitor, args: dict[str, str], shown: list[str]) -> None:
    """One option of each row is marked as current, not by colour alone; no time where another one
    is in force."""
    page, _ = searched(visitor, **{"q": "央行", **args})
    rows = page[page.index('class="bar"') : page.index('class="count"')]

    assert re.findall('<a [^>]*aria-current="true">([^<]*)<', rows) == shown


def test_times_are_counted_from_the_newest_article(visitor: Visitor) -> None:
    """Not from today, which may be long after; each count is the total of its page."""
    page, markup = searched(visitor, q="央行 OR 元宇宙", source="财经日报")
    pills = [text for text, _ in markup.links if re.fullmatch(r"一.内 \d+", text)]

    assert "相对最新一篇 2022-09-08" in page
    assert len(pills) == 4
    for text in pills:
        narrowed = visitor.page(markup.link(text))
        assert f"找到 <strong>{text.split()[1]}</strong> 条结果" in narrowed


def test_a_range_is_chosen_without_a_script(visitor: Visitor) -> None:
    """Two date fields; the form keeps the other arguments and drops other conditions on dates."""
    args = {"source": "财经日报", "measure": "share", "date": "given", "page": "1"}
    _, markup = searched(visitor, q="央行", from_="2022-09-01", **args)
    at = next(n for n, (_, attrs) in enumerate(markup.tags) if attrs.get("class") == "range")
    fields = {
        a["name"]: a["value"] for tag, a in markup.tags[at:] if tag == "input" and a.get("name")
    }

    assert markup.tags[at][1]["action"] == "/search"
    assert fields == {
        "q": "央行",
        "source": "财经日报",
        "measure": "share",
        "now": NOW,
        "from": "2022-09-01",
        "to": "",
    }
    assert asked_by(markup.link("不限")) == {"q": "央行", "source": "财经日报", "measure": "share"}


def test_the_measure_of_the_chart_is_kept(visitor: Visitor) -> None:
    """Every link of a page with shares leads to one with shares; its feeds know nothing of it."""
    page, markup = searched(visitor, q="", measure="share")

    assert "占同期全部文章的比例" in page
    assert asked_by(markup.link("最新优先"))["measure"] == "share"
    assert "measure" not in asked_by(markup.link("篇数"))
    assert "measure" not in asked_by(markup.link("RSS"))
    assert visitor.get("/api/v1/search", measure="share").status_code == 400


def test_facets_agree_with_what_they_lead_to(visitor: Visitor) -> None:
    """Each facet count is the total of the page it links to."""
    page, markup = searched(visitor, q="央行 OR 元宇宙")
    pattern = r'class="value">([^<]*)</span> <span class="number">(\d+)<'

    for value, count in re.findall(pattern, page):
        narrowed = visitor.client.get(markup.link(f"{value} {count}")).get_data(as_text=True)
        assert f"找到 <strong>{count}</strong> 条结果" in narrowed


@pytest.mark.parametrize(
    ("args", "text", "kept"),
    [
        pytest.param({"from_": "2022-13-01"}, "不限时间再查一次", {}, id="no date"),
        pytest.param(
            {"from_": "2022-09-05", "to": "2022-01-01", "source": "链上观察"},
            "不限时间再查一次",
            {"source": ["链上观察"]},
            id="dates that are turned round",
        ),
        pytest.param({"page": "999"}, "从第一页看起", {}, id="far page"),
        pytest.param(
            {"sort": "best", "in_": "title"},
            "不带 sort 再查一次",
            {"in": ["title"]},
            id="unknown order",
        ),
    ],
)
def test_a_refused_query_is_offered_without_its_fault(
    visitor: Visitor, args: dict[str, str], text: str, kept: dict[str, list[str]]
) -> None:
    """The error page links to the same query without the refused parameter."""
    link = Markup(visitor.page("/search", 400, q="元宇宙", **args)).link(text)

    assert parse_qs(urlsplit(link).query) == {"q": ["元宇宙"], **kept}
    assert "元宇宙白皮书" in visitor.page(link)


def test_a_filter_shows_the_name_it_means(visitor: Visitor) -> None:
    """A filter shows the articles' spelling, is marked in its facet, and can be removed."""
    page = Markup(visitor.page("/search", source="財經日報", now=NOW))

    assert "財經日報" not in "".join(page.texts)
    assert "source" not in page.link("财经日报 ×")


@pytest.mark.parametrize(
    ("args", "label", "rest"),
    [
        pytest.param({"source": "财经日报"}, "财经日报", {}, id="source"),
        pytest.param({"source": "-财经日报"}, "不含 财经日报", {}, id="excluded"),
        pytest.param({"author": "e-CNY"}, "e-CNY", {}, id="hyphen inside"),
        pytest.param({"source": "甲,-乙"}, "不含 乙", {"source": "甲"}, id="one of two"),
        pytest.param({"source": ["甲", "乙"]}, "甲", {"source": "乙"}, id="given twice"),
        pytest.param({"from_": "2022-01-01", "to": "2022-12-31"}, "2022年", {}, id="year"),
        pytest.param({"from_": "2022-01-02"}, "2022-01-02 至 …", {}, id="from"),
        pytest.param({"to": "2022-01-02"}, "… 至 2022-01-02", {}, id="to"),
        pytest.param({"date": "unknown"}, "日期不详", {}, id="no date"),
        pytest.param({"date": "estimated"}, "日期推算", {}, id="estimated date"),
        pytest.param({"verbatim": "1"}, "只搜原词", {}, id="verbatim"),
        pytest.param({"fold": "0"}, "不折叠转载", {}, id="unfolded"),
    ],
)
def test_filters_can_be_taken_off(
    visitor: Visitor, args: dict[str, Any], label: str, rest: dict[str, str]
) -> None:
    """Each filter has a link that removes it."""
    _, markup = searched(visitor, q="央行", **args)

    assert asked_by(markup.link(f"{label} ×")) == {"q": "央行", **rest}


def test_a_second_value_is_added(visitor: Visitor) -> None:
    """A facet link adds its value to those already chosen."""
    _, markup = searched(visitor, source=["财经日报", "-转载网"])

    assert asked_by(markup.link("链上观察 2")) == {"source": "财经日报,-转载网,链上观察"}


def test_reposts(visitor: Visitor) -> None:
    """Reposts are folded with their number, and a link unfolds them."""
    page, markup = searched(visitor, q="“切断虚拟货币交易的资金链路”")

    assert "找到 <strong>2</strong> 条结果（本页折叠 1 篇转载" in page
    assert "另有 1 篇转载" in page
    unfolded, _ = searched(visitor, **asked_by(markup.link("全部展开")))
    assert len(titles(unfolded)) == 2


def test_an_article_without_a_date(visitor: Visitor) -> None:
    """The list and the article page say that there is no date."""
    assert "日期不详" in searched(visitor, q="旧闻")[0]
    assert "日期不详" in visitor.page("/article/undated")


def test_an_estimated_date(tmp_path: Path) -> None:
    """Is a marked day in the list and on the page, and is not cited."""
    written = replace(article("a", "甲", published=NOON), date_origin="file")
    visitor = visitor_of(index_of(tmp_path, [written]))
    marked = '</time> <abbr class="estimated" title="推算自文件名">推算</abbr>'
    explained = '</time> <span class="estimated">推算自文件名</span>'
    day = '<time datetime="2022-09-05"'

    assert f'{day} title="2022-09-05">2022年9月5日{marked}' in visitor.page("/search")
    assert f"{day}>2022-09-05{explained}" in visitor.page("/article/a")
    assert "，2022年9月5日" not in visitor.page("/article/a")


@pytest.mark.parametrize(
    ("source", "shown", "cited"),
    [
        pytest.param(None, True, "中国证券网", id="no source"),
        pytest.param("FinNA", True, "FinNA", id="a collection"),
        pytest.param("财联社", False, "财联社", id="a known outlet"),
        pytest.param("www.cnstock.com", False, "www.cnstock.com", id="its host"),
    ],
)
def test_who_the_text_says_it_is_from(
    tmp_path: Path, source: str | None, shown: bool, cited: str
) -> None:
    """Beside a source that names no known outlet; cited only without a source."""
    text = "中国证券网讯（记者 张三）某银行周三公告，拟回购股份。"
    visitor = visitor_of(index_of(tmp_path, [article("a", "甲", text, source=source)]))

    for page in (visitor.page("/search"), visitor.page("/article/a")):
        assert ("<span>文中来源：中国证券网</span>" in page) is shown
        assert f"《甲》，{cited}，" in page
    (hit,) = visitor.search()["hits"]
    assert (hit["source"], hit["credited"]) == (source, "中国证券网")


def test_kinds(visitor: Visitor) -> None:
    """A mark behind the source, a facet with its name in Chinese, and a chip to remove it."""
    mark = '<span class="kind-mark">片段</span>'
    page, markup = searched(visitor)
    assert page.count(mark) == 1
    assert asked_by(markup.link("片段 1")) == {"kind": "fragment"}
    assert mark in visitor.page("/article/undated")
    assert mark not in visitor.page("/article/yuan")

    narrowed, markup = searched(visitor, kind="片段")
    assert titles(narrowed) == ["没有日期的旧闻"]
    assert asked_by(markup.link("片段 ×")) == {}
    others, markup = searched(visitor, kind="-fragment")
    assert mark not in others
    assert asked_by(markup.link("不含 片段 ×")) == {}


def test_no_empty_snippet(visitor: Visitor, tmp_path: Path) -> None:
    """Where the text only repeats the title, nothing is shown in its place."""
    alone = visitor_of(index_of(tmp_path, [article("a", "元宇宙白皮书发布", "元宇宙白皮书发布。")]))
    assert 'class="snippet"' not in searched(alone, q="元宇宙")[0]
    assert 'class="snippet"' in searched(visitor, q="元宇宙")[0]


def test_the_first_second_of_the_epoch_is_a_date(tmp_path: Path) -> None:
    """A timestamp of zero is a date."""
    root = index_of(tmp_path, [article("a", "甲", published=NOON.replace(1970, 1, 1, 0))])
    visitor = visitor_of(root)

    assert "1970年1月1日" in visitor.page("/search")
    assert "1970-01-01 08:00" in visitor.page("/article/a")


@pytest.mark.parametrize(
    ("q", "said"),
    [
        pytest.param("元宇宙", None, id="a word"),
        pytest.param("元宇宙 NFT", None, id="words"),
        pytest.param("“元宇宙”", None, id="quotes"),
        pytest.param("元宇宙 或 NFT", "元宇宙 或 NFT", id="or"),
        pytest.param("元宇宙 -NFT", "元宇宙 且 不含 NFT", id="not"),
    ],
)
def test_how_the_query_was_read(visitor: Visitor, q: str, said: str | None) -> None:
    """It is shown if it says more than the query itself."""
    page, _ = searched(visitor, q=q)

    assert ("已理解为" in page) == (said is not None)
    assert said is None or f"<b>{said}</b>" in page


@pytest.mark.parametrize(
    ("q", "label", "offered"),
    [
        pytest.param("元宇宙 2022", "时间：2022年", "元宇宙 时间:2022年", id="a year"),
        pytest.param("元宇宙 近7天", "时间：近7天", "元宇宙 时间:近7天", id="a relative time"),
    ],
)
def test_an_offered_time(visitor: Visitor, q: str, label: str, offered: str) -> None:
    """A bare time is a link to the query in which it is a condition; no warning repeats it."""
    page, read = searched(visitor, q=q, sort="newest")
    target = parse_qs(urlsplit(read.link(label)).query)

    assert (target["q"], target["sort"]) == ([offered], ["newest"])
    assert '<p class="notice">' not in page


def test_what_is_left_out_is_told(visitor: Visitor) -> None:
    """Beyond a bound, with an unknown field and with a condition that does not exist."""
    page, _ = searched(visitor, q="元* 宇* 银* 数* 人* 民* foo:bar filetype:pdf")

    assert page.count('<p class="notice">') == 3
    assert "略去 1 个：民*" in page


def test_words_that_some_results_lack(tmp_path: Path) -> None:
    """They are not counted, and each says what it lacks. One click leads to the others alone."""
    texts = [
        "元宇宙 银行 游戏 地产",
        "元宇宙里有银行，也有游戏，没有别的。",
        "游戏公司说，银行也会来元宇宙。",
        "地产",
        *"乙丙丁戊己庚",
    ]
    root = index_of(tmp_path, [article(str(at), f"第{at}篇", t) for at, t in enumerate(texts)])
    page, _ = searched(visitor_of(root), q="元宇宙 银行 游戏 地产")

    assert len(titles(page)) == 3
    assert "找到 <strong>1</strong> 条结果" in page
    assert page.index("另有 2 篇缺少部分词") < page.index("第0篇") < page.index("第1篇")
    assert page.index("第0篇") < page.index("以下文章缺少部分词") < page.index("第1篇")
    assert page.count("缺少：地产") == 2
    assert "只看含有全部词的 1 篇" in page
    page, _ = searched(visitor_of(root), q="元宇宙 银行 游戏 地产", partial="0")
    assert titles(page) == ["第0篇"]
    assert "移除筛选：含有全部词" in page


def test_words_that_reposts_have_too(tmp_path: Path) -> None:
    """The count is of articles, and a story is as many as tell it."""
    story = (
        "元宇宙平台开设银行网点，玩家在游戏里买卖地产，一天之内成交额超过三亿元；"
        "平台说，下一步还要让商户在游戏里收付款，并与更多机构一起定出交易的规则，让玩家放心。"
    )
    rows = [("a", "首发", story), ("b", "转载", story), ("c", "其他", "元宇宙 银行 游戏")]
    rows += [(str(at), f"第{at}篇", "地产") for at in range(9)]
    root = index_of(tmp_path, [article(*row) for row in rows])
    page, _ = searched(visitor_of(root), q="元宇宙 银行 游戏 地产")

    assert "找到 <strong>2</strong> 条结果" in page
    assert set(titles(page)) == {"首发", "其他"}


def test_a_correction_that_was_searched(visitor: Visitor) -> None:
    """The page names the correction, marks what it found, and links to the query as typed."""
    page, markup = searched(visitor, q="元宇舟", source="链上观察")

    assert "没有“元宇舟”的结果，改为显示“元宇宙”的结果。" in page
    assert markup.marks() > 0
    asked = {"q": "元宇舟", "source": "链上观察", "verbatim": "1"}
    assert asked_by(markup.link("仍搜“元宇舟”")) == asked
    assert "q=%E5%85%83%E5%AE%87%E5%AE%99" in markup.link("元宇宙白皮书发布")
    as_typed, _ = searched(visitor, q="元宇舟", verbatim="1")
    assert "改为显示" not in as_typed


def test_a_correction_that_is_offered(visitor: Visitor) -> None:
    """The link keeps the filters."""
    page, markup = searched(visitor, q="元宇舟 OR V神", source="链上观察")

    assert "您是不是要找：" in page
    asked = {"q": "元宇宙 OR V神", "source": "链上观察"}
    assert asked_by(markup.link("元宇宙 OR V神")) == asked


def test_no_correction(visitor: Visitor) -> None:
    """A correct query has no such line."""
    page, _ = searched(visitor, q="元宇宙")

    assert "您是不是要找" not in page
    assert "改为显示" not in page


def test_warnings(visitor: Visitor) -> None:
    """Warnings about the query are above the results."""
    page, _ = searched(visitor, q="时间：后天的后天 元宇宙")

    assert '<p class="notice">看不懂时间' in page


@pytest.mark.parametrize(
    ("args", "says", "leads_to"),
    [
        pytest.param({"q": "饕餮盛宴"}, "没有一篇文章含有“饕餮”、“盛宴”。", None, id="unknown"),
        pytest.param({"q": "饕餮 银行"}, "不要“饕餮”：4 篇", {"q": "银行"}, id="one word too many"),
        pytest.param(
            {"q": "数字人民币", "source": "甲"},
            "去掉筛选“甲”：1 篇",
            {"q": "数字人民币"},
            id="source",
        ),
        pytest.param(
            {"q": "数字人民币", "within": "24h"},
            "这段时间里没有；别的时间有 1 篇，最近的在2022年9月6日",
            {"q": "数字人民币"},
            id="time",
        ),
        pytest.param({"q": "林小满 银行", "in_": "title"}, "没有找到", None, id="title and more"),
        pytest.param(
            {"q": "时间：2020 时间：2021"}, "时间条件互相矛盾", None, id="contradictory dates"
        ),
        pytest.param(
            {"q": "元宇宙", "sort": "newest", "source": "甲", "within": "24h"},
            "去掉全部筛选：",
            {"q": "元宇宙"},
            id="several filters",
        ),
    ],
)
def test_nothing_found(
    visitor: Visitor, args: dict[str, str], says: str, leads_to: dict[str, str] | None
) -> None:
    """The page names the cause, and leads to what is found without it."""
    page, markup = searched(visitor, **args)

    assert says in page
    assert "换一个说法" not in page
    if leads_to:
        (text,) = [text for text, _ in markup.links if text.startswith(says)]
        assert asked_by(markup.link(text)) == leads_to


@pytest.mark.parametrize(
    ("page", "numbers", "prev", "next_"),
    [
        pytest.param("1", range(1, 10), None, "2", id="first"),
        pytest.param("50", range(46, 55), "49", "51", id="middle"),
        pytest.param("100", range(92, 101), "99", None, id="last"),
    ],
)
def test_pages(
    many: Visitor, page: str, numbers: range, prev: str | None, next_: str | None
) -> None:
    """Nine page numbers around the current one, and links in both directions."""
    _, markup = searched(many, q="稳定币", page=page)
    shown = [text for text, _ in markup.links if text.isdigit()]
    links = dict(markup.links)

    assert shown == [str(number) for number in numbers]
    assert (asked_by(links["上一页"]).get("page") if prev else links.get("上一页")) == prev
    assert (asked_by(links["下一页"]).get("page") if next_ else links.get("下一页")) == next_


@pytest.mark.slow
def test_pages_hold_everything_once(many: Visitor) -> None:
    """Pages give every result once up to their limit; then the page says how to go on."""
    seen: list[str] = []
    for number in range(1, 11):
        page, _ = searched(many, q="稳定币", per_page="100", page=str(number))
        seen += titles(page)

    assert len(seen) == len(set(seen)) == 1_000
    assert f"找到 <strong>{MANY:,}</strong> 条结果" in page
    years = re.findall(r'<a href="([^"]*)">(\d{4}|日期不详) \(([\d,]+)\)</a>', page)
    assert sum(int(count.replace(",", "")) for _, _, count in years) == MANY
    beyond = many.page("/search", 400, q="稳定币", per_page="100", page="11")
    assert [count for *_, count in years] == re.findall(r"\(([\d,]+)\)</a>", beyond)
    assert "cursor" not in page + beyond


def test_a_page_past_the_last(visitor: Visitor) -> None:
    """It says that the results are on earlier pages, not that nothing was found."""
    page, markup = searched(visitor, per_page="2", page="40")

    assert "这一页没有结果" in page
    assert "没有找到" not in page
    assert asked_by(dict(markup.links)["上一页"])["page"] == "3"


def test_names_that_links_pick_up(visitor: Visitor) -> None:
    """`utm_…` parameters are ignored and not passed on."""
    page, markup = searched(visitor, q="元宇宙", utm_source="weixin")

    assert titles(page) == ["元宇宙白皮书发布"]
    assert all("utm_" not in link for _, link in markup.links)


def test_an_article(visitor: Visitor) -> None:
    """Title, source, author, date, topics, a link back, and marks."""
    page = visitor.page("/article/ecny", q="数字人民币")
    markup = Markup(page)

    assert "<mark>數字人民幣</mark>試點" in page
    assert "财经日报" in page
    assert "林小满" in page
    assert '<time datetime="2022-09-06T12:00:00+08:00">2022-09-06 12:00</time>' in page
    assert markup.link("原文") == "https://bank.example.com/ecny"
    assert asked_by(markup.link("数字人民币")) == {"topic": "数字人民币"}
    assert asked_by(markup.link("← 返回“数字人民币”的搜索结果")) == {"q": "数字人民币"}
    assert page.count('id="match"') == 1
    assert '<mark id="match">数字人民币</mark>' in page


def test_an_article_by_itself(visitor: Visitor) -> None:
    """Without a query there are no marks and no link back."""
    page = visitor.page("/article/ecny")

    assert "<mark" not in page
    assert "返回" not in page


def test_no_such_article(visitor: Visitor) -> None:
    """A 404 that says why the article may be gone."""
    assert "它可能已被移除" in visitor.page("/article/nobody", 404)


def test_an_excerpt_only(tmp_path: Path) -> None:
    """A short text and a link to the original."""
    one = article("a", "甲", "长" * 900, url="https://a.example/1")
    visitor = visitor_of(index_of(tmp_path, [one]), article_page="excerpt")
    page = visitor.page("/article/a")

    assert "长" * 200 + "…" in page
    assert "长" * 201 not in page
    assert "本站只展示摘录。" in page


def test_no_article_pages(tiny_root: Path) -> None:
    """Results link to the original, or are no links."""
    visitor = visitor_of(tiny_root, article_page="off")
    page, markup = searched(visitor, q="元宇宙 OR 银行")

    assert markup.link("元宇宙白皮书发布") == "https://news.example.com/2022/yuan"
    assert "央行重申：炒作虚拟货币要严查" in titles(page)
    assert all("/article/" not in link for _, link in markup.links)
    visitor.page("/article/yuan", 404)


@pytest.mark.slow
@pytest.mark.parametrize("markup", ATTACKS)
def test_attacks_in_every_field(tmp_path: Path, markup: str) -> None:
    """Title, source, author, category and query are escaped."""
    one = Article(
        "a", f"题{markup}", "正文", "html", author=markup, source=markup, categories=(markup,)
    )
    visitor = visitor_of(index_of(tmp_path, [one]), site_name=markup)

    for page in (
        visitor.page("/search", q=markup, verbatim="1"),
        visitor.page("/search", source=markup),
        visitor.page("/article/a", q=f"题 {markup}"),
        visitor.page("/nowhere", 404, q=markup),
        visitor.page("/search", 400, sort=markup),
    ):
        read = Markup(page)
        assert not {tag for tag, _ in read.tags} & {"img", "iframe", "style", "object", "base"}
        assert [src for src in scripts(read) if not src.startswith("/static/")] == []
        assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
        assert not [link for _, link in read.links if re.match(r"\s*[a-z]+script:", link, re.I)]


def test_under_a_path(tiny_root: Path) -> None:
    """Every link and file of a page begins with the path of the public address."""
    visitor = visitor_of(tiny_root, public_url="https://s.example/news")
    for path in ("/", "/search?q=元宇宙", "/article/yuan?q=元宇宙", "/help"):
        read = Markup(visitor.page(path))
        own = [
            attrs.get("href") or attrs.get("action") or ""
            for tag, attrs in read.tags
            if tag in {"a", "link", "form"}
        ]
        known = "/news/|#|https://s.example/news/|https://news.example.com/"
        assert [link for link in own if not re.match(known, link)] == []


def test_behind_a_proxy(tiny_root: Path) -> None:
    """A path named by a trusted proxy has the same effect."""
    visitor = visitor_of(tiny_root, trusted_proxies=1)
    read = Markup(visitor.page("/", headers={"X-Forwarded-Prefix": "/news"}))

    assert read.link("元宇宙").startswith("/news/search?")


def test_help(visitor: Visitor) -> None:
    """Every example works as a search; every API parameter is named."""
    read = Markup(visitor.page("/help"))
    examples = [link for _, link in read.links if link.startswith("/search?q=")]

    assert len(examples) >= 8
    for link in examples:
        assert '<p class="notice">' not in visitor.client.get(link).get_data(as_text=True)


def test_an_unchanged_page_is_not_sent_again(visitor: Visitor) -> None:
    """A 304 within the minute: pages show relative times."""
    first = visitor.get("/article/yuan")
    again = visitor.get("/article/yuan", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert "ETag" in visitor.get("/search").headers


def test_the_name_of_the_site(tiny_root: Path) -> None:
    """The name set is on every page."""
    page = visitor_of(tiny_root, site_name="链搜").page("/")

    assert "<title>链搜</title>" in page
    assert "元搜" not in page


@pytest.mark.parametrize(
    ("args", "coverage", "row"),
    [
        pytest.param({}, True, True, id="all articles"),
        pytest.param({"from_": "2022-01-01", "to": "2022-12-31"}, True, True, id="one year"),
        pytest.param({"q": "没有日期的旧闻"}, False, True, id="none has a date"),
        pytest.param({"date": "unknown"}, True, True, id="those without a date"),
    ],
)
def test_undated_articles_are_counted(
    visitor: Visitor, args: dict[str, str], coverage: bool, row: bool
) -> None:
    """Beside a chart, which cannot show them, and below the years, which add up with them."""
    page, _ = searched(visitor, **args)
    total = visitor.search(now=NOW, facets="", **args)["total"]

    told = re.search(r"图中 (\d+) / (\d+) 篇</span><a [^>]*>(\d+) 篇日期不详", page)
    assert bool(told) == coverage
    if told:
        charted, everything, undated = map(int, told.groups())
        assert charted + undated == everything
        assert everything == visitor.search(now=NOW, facets="")["total"] >= total
    assert bool(re.search(r'<span class="value">日期不详</span>', page)) == row


def test_first_articles_only(visitor: Visitor) -> None:
    """One choice leaves the reposts out of every figure; its mark takes them in again."""
    _, all_of_them = searched(visitor, q="央行")
    page, markup = searched(visitor, **asked_by(all_of_them.link("只看首发")))

    assert asked_by(all_of_them.link("只看首发")) == {"q": "央行", "first": "1"}
    assert visitor.search(q="央行", first=1)["total"] == visitor.search(q="央行")["total"] - 1
    assert "转载：央行再谈虚拟货币" not in page
    assert asked_by(markup.link("只看首发 ×")) == {"q": "央行"}
