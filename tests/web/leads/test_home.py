"""The home page: what the index holds, and links whose figures are right."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.articles import NOON
from tests.support.tiny_search import article
from tests.support.visitors import Markup, Visitor, index_of, visitor_of

STORY = "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户，保护老百姓。"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    articles = [
        *(
            article(f"m{at}", f"元宇宙第{at}回", "元宇宙", published=NOON - timedelta(days=at))
            for at in range(8)
        ),
        *(
            article(f"d{at}", f"天气第{at}天", "晴", published=NOON - timedelta(days=at))
            for at in range(100)
        ),
        article("first", "会议", STORY, source="财新网", published=NOON - timedelta(days=2)),
        article("second", "会议", STORY, source="转载网", published=NOON - timedelta(days=1)),
        article("undated", "元宇宙旧闻", "元宇宙"),
    ]
    root = tmp_path_factory.mktemp("home") / "index"
    return visitor_of(index_of(root, articles)).warmed()


def test_span_and_freshness(visitor: Visitor) -> None:
    page = visitor.page("/")

    assert re.search("现有 111 篇文章，2022年5月29日 至 2022年9月5日；索引更新于 [0-9]{4}年", page)
    assert Markup(page).link("天气第0天").startswith("/article/")


def test_most_reposted(visitor: Visitor) -> None:
    """The story, who was first, how many articles it has, and its page."""
    page = visitor.page("/")
    story = visitor.page(Markup(page).link("会议"))

    assert "首发：财新网，共 2 篇" in page
    assert "共 2 篇" in story


def test_figures_are_what_their_links_find(visitor: Visitor) -> None:
    """Of rising concepts: articles of the month, and of the time before."""
    page = visitor.page("/")
    rows = re.findall(r'<a href="([^"]*)">(\d+) 篇</a>', page)

    assert "此前 90 天 0 篇" in page
    assert len(rows) == 1
    for href, number in rows:
        assert f"找到 <strong>{number}</strong> 条结果" in visitor.page(href.replace("&amp;", "&"))


@pytest.mark.parametrize("path", ["/", "/sources"])
def test_topics(visitor: Visitor, path: str) -> None:
    """Each leads to its page, which has as many articles about it."""
    page = Markup(visitor.page(path))
    topic = visitor.page(page.link("元宇宙 9"))

    assert "9 篇关于它" in topic


def test_compared_concepts_have_a_page(visitor: Visitor) -> None:
    page = Markup(visitor.page("/compare?q=元宇宙&q=天气"))

    assert page.link("专题 元宇宙").startswith("/topic/")
    assert "专题 天气" not in " ".join(page.texts)


def test_before_it_is_known(tmp_path: Path) -> None:
    """Right after a start, the page has no digest yet, and is whole without."""
    page = visitor_of(index_of(tmp_path / "index", [article("1", "元宇宙", "一")])).page("/")

    assert "现有 1 篇文章；索引更新于" in page
