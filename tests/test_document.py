"""What the index holds of an article."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.clean import plain_text
from index.dates import SHANGHAI
from index.document import STORY_MIN, Arrival, Document, DocumentMaker, story_of
from index.lexicon import Lexicon
from index.normalize import normalize
from tests.articles import ARTICLES

LONG = (
    "央行要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户，保护老百姓的钱袋子。"
)


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
    assert document.folded == (
        "数字人民币试点扩大到十七个省市\n"
        "中国人民银行宣布,数字人民币(e-cny)试点扩大。e-cny 也叫 dc/ep。"
    )
    assert document.published == 1_662_436_800
    assert (document.day, document.month, document.year) == (20220906, 202209, 2022)
    assert (document.first_seen, document.indexed_at) == (1_000, 2_000)
    assert document.content_hash == article.content_hash()
    assert document.topics == ("数字人民币",)
    assert document.organisations == ()
    assert document.title_layers.words.split()[:2] == ["数字人民币", "试点"]
    assert document.text_layers.concepts.split() == ["中国人民银行", *["数字人民币"] * 4]
    assert "bank.example.com" in document.url_tokens


def test_the_title_is_one_line(maker: DocumentMaker) -> None:
    """White space and invisible characters are those of a line; markup is no markup there."""
    document = made(maker, replace(ARTICLES[0], title=" 元\u200b宇宙\n <b>白皮书 "))
    assert document.title == "元宇宙 <b>白皮书"
    assert document.folded.split("\n")[0] == "元宇宙 <b>白皮书"


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
    """Days, months and years are those of Asia/Shanghai; the moment itself is UTC's."""
    document = made(maker, replace(ARTICLES[0], published=moment))
    assert (document.day, document.month, document.year) == (day, day // 100, day // 10_000)
    assert document.published == int(moment.timestamp())


def test_no_date(maker: DocumentMaker) -> None:
    """An article without a date has none of them."""
    document = made(maker, ARTICLES[5])
    assert [document.published, document.day, document.month, document.year] == [None] * 4


def test_copies_are_one_story(maker: DocumentMaker) -> None:
    """Other titles, markup and dates do not hide that the text is the same."""
    first, copy = made(maker, ARTICLES[3]), made(maker, ARTICLES[4])
    assert first.story == copy.story
    assert len({made(maker, article).story for article in ARTICLES}) == len(ARTICLES) - 1


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param(LONG.replace("，", "\n"), True, id="other punctuation"),
        pytest.param(f"  {LONG}  ", True, id="white space"),
        pytest.param(LONG.replace("央行", "国行"), False, id="another letter"),
        pytest.param(f"{LONG}完", False, id="one letter more"),
    ],
)
def test_stories(text: str, same: bool) -> None:
    """The letters make the story, not what stands between them."""
    assert (story_of("a", LONG) == story_of("b", text)) is same


def test_short_texts_are_stories_of_their_own() -> None:
    """Two flashes that say 早报 have no common origin."""
    short = "字" * (STORY_MIN - 1)
    assert story_of("a", short) != story_of("b", short)
    assert story_of("a", f"{short}字") == story_of("b", f"{short}字")
    assert story_of("a", short) == story_of("a", f"{short}！")


@given(st.text(max_size=60), st.text(max_size=200), st.sampled_from(["html", "markdown", "text"]))
def test_any_article(maker: DocumentMaker, title: str, body: str, body_format: str) -> None:
    """Any text gives a document whose folded text is the plain one, character for character."""
    article = Article("a", title, body, body_format)  # type: ignore[arg-type]
    document = made(maker, article)
    assert document.folded == normalize(f"{document.title}\n{document.text}")
    assert document.text == plain_text(body, document.body_format)
    assert "\n" not in document.title


def test_one_maker_for_all(maker: DocumentMaker) -> None:
    """Articles do not influence one another."""
    arrivals = [Arrival(article, article.content_hash(), 1, 2) for article in ARTICLES]
    alone = [maker.make(arrival) for arrival in reversed(arrivals)]
    assert maker.make_all(arrivals) == alone[::-1]
