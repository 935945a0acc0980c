"""The pages: what a person sees without JavaScript."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.settings import Settings
from tests.web_seeds import seeds_index
from web.app import create_app


@pytest.fixture
def client() -> FlaskClient:
    """Over the sample articles."""
    return create_app(seeds_index()).test_client()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("/", ["搜索", "现有 72 篇文章"], id="home"),
        pytest.param(
            "/search?q=元宇宙", ["<mark>元宇宙</mark>", "条结果", "已同时搜索"], id="hits"
        ),
        pytest.param("/search?q=ＮＦＴ", ["<mark>NFT</mark>"], id="full width"),
        pytest.param("/search?q=区块链", ["<mark>區塊鏈</mark>"], id="in the original script"),
        pytest.param(
            "/search?q=元宇宙", ["最新优先", "一周内", "来源", "话题", "年份"], id="ways on"
        ),
        pytest.param("/search?q=“没有这样的一句话”", ["没有找到"], id="nothing"),
        pytest.param("/search?q=冬奥会 沙特央行 坎昆", ["可能不含"], id="most words"),
        pytest.param("/search?q=来源：不存在的报 元宇宙", ["没有名为"], id="a warning"),
        pytest.param("/search?utm_source=x&q=NFT", ["条结果"], id="foreign parameters"),
        pytest.param("/help", ["查询语法", "JSON"], id="help"),
    ],
)
def test_what_is_shown(client: FlaskClient, path: str, shown: list[str]) -> None:
    """Each state of the page says what it should."""
    response = client.get(path)

    assert response.status_code == 200
    assert [text for text in shown if text not in response.text] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/search?page=0", 400, id="bad page"),
        pytest.param("/search?q=" + "长" * 501, 400, id="long query"),
        pytest.param("/article/none", 404, id="no article"),
        pytest.param("/nowhere", 404, id="no page"),
    ],
)
def test_an_error_is_one_calm_sentence(client: FlaskClient, path: str, status: int) -> None:
    """The right status, and a page in Chinese with the search box still there."""
    response = client.get(path)

    assert response.status_code == status
    assert "<form" in response.text
    assert "Traceback" not in response.text


def test_without_an_index_the_page_says_what_to_do(tmp_path: Path) -> None:
    """The home page stands; a search is a 503 with the command."""
    client = create_app(Settings(index_dir=tmp_path)).test_client()

    assert "yuansou index rebuild" in client.get("/").text
    assert client.get("/search?q=x").status_code == 503


@pytest.mark.parametrize("path", ["/", "/search?q=元宇宙", "/help", "/nowhere"])
def test_the_policy_allows_nothing_foreign_or_inline(client: FlaskClient, path: str) -> None:
    """default-src 'self' without unsafe-inline; the pages need nothing else."""
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<style" not in response.text
    assert " style=" not in response.text
    assert " on" + "click=" not in response.text
    assert "<script" not in response.text


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("<script>alert(1)</script>", id="tag"),
        pytest.param('"><img src=x onerror=alert(1)>', id="out of an attribute"),
        pytest.param("' onmouseover='x", id="single quotes"),
    ],
)
def test_a_query_is_text(client: FlaskClient, query: str) -> None:
    """No byte of a query reaches the page unescaped."""
    text = client.get("/search", query_string={"q": query}).text

    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_an_article_marks_what_was_searched(client: FlaskClient) -> None:
    """The first match carries the id that results link to."""
    hit = client.get("/api/v1/search?q=跨链桥").get_json()["hits"][0]
    text = client.get(f"/article/{hit['id']}?q=跨链桥").text

    assert '<mark id="match">' in text
    assert "<img" not in text


def test_article_page_off() -> None:
    """Where nothing may be republished there is no article page."""
    settings = Settings(index_dir=seeds_index().index_dir, article_page="off")
    client = create_app(settings).test_client()
    identity = client.get("/api/v1/search").get_json()["hits"][0]["id"]

    assert client.get(f"/article/{identity}").status_code == 404
