"""`Document`: what the index holds of an article."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.document import RESTORED_FIELDS, Arrival, Document, DocumentMaker, restored_article
from index.lexicon.model import Lexicon
from index.text.dates import SHANGHAI
from index.text.html import plain_text
from index.text.normalize import normalize
from tests.support.articles import ARTICLES, NOON


@pytest.fixture(scope="module")
def maker(tiny_lexicon: Lexicon) -> DocumentMaker:
    return DocumentMaker(tiny_lexicon)


def made(maker: DocumentMaker, article: Article) -> Document:
    return maker.make(Arrival(article, article.content_hash(), 1_000, 2_000))


def test_fields(maker: DocumentMaker) -> None:
    """The article's own values, and all that is derived from them."""
    article = ARTICLES[1]
    document = made(maker, article)
    for name in ("id", "url", "title", "body", "body_format", "author", "source", "categories"):
        assert getattr(document, name) == getattr(article, name)
    assert document.text == "中国人民银行宣布，数字人民币（e-CNY）试点扩大。e-CNY 也叫 DC/EP。"
    assert document.normalized == (
        "数字人民币试点扩大到十七个省市\n"
        "中国人民银行宣布,数字人民币(e-cny)试点扩大。e-cny 也叫 dc/ep。"
    )
    assert document.published == 1_662_436_800
    assert (document.day, document.month, document.year) == (20220906, 202209, 2022)
    assert (document.first_seen, document.indexed_at) == (1_000, 2_000)
    assert document.content_hash == article.content_hash()
    assert document.topics == ("数字人民币",)
    assert document.organisations == ("中国人民银行",)
    assert document.title_layers.words.split()[:2] == ["数字人民币", "试点"]
    assert document.text_layers.concepts.split() == ["中国人民银行", *["数字人民币"] * 4]
    assert "bank.example.com" in document.url_tokens


def test_the_title_is_one_line(maker: DocumentMaker) -> None:
    """White space and invisible characters are cleaned; markup in titles is text."""
    document = made(maker, replace(ARTICLES[0], title=" 元\u200b宇宙\n <b>白皮书 "))
    assert document.title == "元宇宙 <b>白皮书"
    assert document.normalized.split("\n")[0] == "元宇宙 <b>白皮书"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2022, 9, 5, 15, 59, 59, tzinfo=UTC), 20220905, id="before midnight"),
        pytest.param(datetime(2022, 9, 5, 16, 0, tzinfo=UTC), 20220906, id="midnight in Shanghai"),
        pytest.param(datetime(2021, 12, 31, 16, 0, tzinfo=UTC), 20220101, id="new year"),
        pytest.param(datetime(2022, 9, 5, 0, 0, tzinfo=SHANGHAI), 20220905, id="in Shanghai"),
        pytest.param(datetime(1988, 7, 1, 15, 30, tzinfo=UTC), 19880702, id="summer time of 1988"),
        pytest.param(datetime(1970, 1, 1, tzinfo=SHANGHAI), 19700101, id="before the epoch"),
    ],
)
def test_days(maker: DocumentMaker, moment: datetime, day: int) -> None:
    """Days, months and years are those of Asia/Shanghai; the timestamp is UTC."""
    document = made(maker, replace(ARTICLES[0], published=moment))
    assert (document.day, document.month, document.year) == (day, day // 100, day // 10_000)
    assert document.published == int(moment.timestamp())


def test_no_date(maker: DocumentMaker) -> None:
    """An undated article has no day, month or year."""
    document = made(maker, ARTICLES[5])
    assert [document.published, document.day, document.month, document.year] == [None] * 4


def test_the_outlet_that_a_text_names(maker: DocumentMaker) -> None:
    """Is found in what a reader sees, whatever the markup; None where there is none."""
    body = "<p><b>中国证券网</b>讯（记者 张三）</p><p>某银行公告。</p>"
    assert made(maker, Article("a", "甲", body, "html")).credited == "中国证券网"
    assert made(maker, ARTICLES[0]).credited is None


def test_an_article_alone_is_its_own_story(maker: DocumentMaker) -> None:
    """Stories are found later, when all articles are there."""
    assert [made(maker, article).story for article in ARTICLES] == [a.id for a in ARTICLES]


INDEXED = 1_700_000_000
"""Epoch seconds, November 2023."""
ELSEWHERE = Article("elsewhere", "会议开幕", "正文。", "text", published=NOON, date_origin="file")
DATELINE = "新华社北京9月5日电 正文。"


@pytest.mark.parametrize(
    ("changes", "origin", "day"),
    [
        pytest.param({"date_origin": "given"}, "given", 20220905, id="given"),
        pytest.param({}, "file", 20220905, id="file"),
        pytest.param({"published": None}, "none", None, id="none"),
        pytest.param({"url": "https://a.cn/2021/3/4/a"}, "address", 20210304, id="address"),
        pytest.param({"body": "2021年3月4日\n正文。"}, "text", 20210304, id="text"),
        pytest.param(
            {"url": "https://a.cn/2020/1/2/a", "body": "2021年3月4日\n正文。"},
            "address",
            20200102,
            id="address before text",
        ),
        pytest.param({"body": DATELINE}, "text", 20220905, id="day of the file"),
        pytest.param(
            {"body": DATELINE, "published": None, "url": "https://a.cn/202109/1.html"},
            "text",
            20210905,
            id="month of the address",
        ),
        pytest.param({"body": DATELINE, "published": None}, "none", None, id="no year"),
        pytest.param({"body": "2030年3月4日\n正文。"}, "file", 20220905, id="in the future"),
        pytest.param({"url": "https://a.cn/1949/10/1/a"}, "file", 20220905, id="long ago"),
        pytest.param(
            {"url": "https://a.cn/2021/3/4/a", "date_origin": "given"},
            "given",
            20220905,
            id="a given one stays",
        ),
    ],
)
def test_estimated_dates(
    maker: DocumentMaker, changes: dict[str, object], origin: str, day: int | None
) -> None:
    """Where no date is given: of the address, then the text, then the file's name."""
    article = replace(ELSEWHERE, **changes)  # type: ignore[arg-type]
    document = maker.make(Arrival(article, "", INDEXED, INDEXED))
    assert (document.date_origin, document.day) == (origin, day)


FROM_FILE = replace(ARTICLES[0], id="file", date_origin="file")
FROM_ADDRESS = replace(ARTICLES[5], id="address", url="https://a.cn/2021/3/4/a")
FROM_TEXT = replace(ARTICLES[5], id="text", body="2021年3月4日\n正文。")


@pytest.mark.parametrize(
    "article", [*ARTICLES, FROM_FILE, FROM_ADDRESS, FROM_TEXT], ids=lambda article: article.id
)
def test_restored(maker: DocumentMaker, article: Article) -> None:
    """The stored fields give the same document again."""
    document = maker.make(Arrival(replace(article, path="a.jsonl"), "", INDEXED, INDEXED))
    row = {name: getattr(document, name) for name in RESTORED_FIELDS}
    assert maker.make(Arrival(restored_article(row), "", INDEXED, INDEXED)) == document


@given(st.text(max_size=60), st.text(max_size=200), st.sampled_from(["html", "markdown", "text"]))
def test_any_article(maker: DocumentMaker, title: str, body: str, body_format: str) -> None:
    """For any text, the normalised text has the length of the plain one."""
    article = Article("a", title, body, body_format)  # type: ignore[arg-type]
    document = made(maker, article)
    assert document.normalized == normalize(f"{document.title}\n{document.text}")
    assert document.text == plain_text(body, document.body_format)
    assert "\n" not in document.title


def test_one_maker_for_all(maker: DocumentMaker) -> None:
    """Articles do not influence one another."""
    arrivals = [Arrival(article, article.content_hash(), 1, 2) for article in ARTICLES]
    alone = [maker.make(arrival) for arrival in reversed(arrivals)]
    assert maker.make_all(arrivals) == alone[::-1]
