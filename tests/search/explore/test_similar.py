"""Similar articles: by shared concepts and rare words, from other stories, few of one series."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.engines.api import Engine
from index.errors import ArticleNotFound
from search.explore.similar import MAX_PER_SERIES, MAX_SIMILAR, similar_to
from search.related.key_terms import series_key
from search.searcher import Searcher
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import DAY, LEXICON, NOW, article, documents, fill, searcher

REPOST = "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户。"
NEWS = (
    article("token", "大饼减半在即", "比特币矿工忙着换矿机。", published=NOW),
    article("alias", "矿机涨价", "BTC 减半之前，矿工抢购矿机。", published=NOW - DAY),
    article("late", "矿机降价", "BTC 减半之后，矿工抛售矿机。", published=NOW + 400 * DAY),
    article("flash", "央行重申", REPOST, published=NOW),
    article("copy", "转载：央行再谈", REPOST, published=NOW + DAY),
    article("rules", "虚拟货币新规", "央行和支付机构谈虚拟货币炒作账户。", published=NOW),
    article("weather", "今天有雨", "午后转晴，气温回升。"),
    *(article(f"sport{at}", f"联赛第{at}轮", f"主队客场第{at}次获胜。") for at in range(9)),
)
FILLER = tuple(article(f"f{at}", f"杂谈{at}", f"院子里的花开了{at}朵。") for at in range(60))


def found(over: Searcher, name: str, limit: int = MAX_SIMILAR) -> list[str]:
    return [hit.id for hit in similar_to(over, name, limit).hits]


def telling(story: str, articles: Sequence[Article], names: set[str]) -> Searcher:
    """A searcher over articles of which some belong to one story."""
    engine = NaiveEngine()
    writer = engine.build(LEXICON, base=None, sources=())
    made = [replace(d, story=story) if d.id in names else d for d in documents(articles)]
    writer.add(engine.pack(made))
    engine.publish(writer.commit().name)
    return Searcher(engine.open())


def test_what_is_like_it() -> None:
    """Aliases of a concept and rare words count; of equals, the nearest in time come first."""
    assert found(searcher(*NEWS, *FILLER), "token") == ["alias", "late"]


def test_no_own_story_and_one_article_a_story() -> None:
    """Its own reposts are left out; of another story only the best article is listed."""
    over = telling("flash", NEWS + FILLER, {"flash", "copy"})

    assert found(over, "flash") == ["rules"]
    assert found(over, "rules") in (["flash"], ["copy"])


def test_nothing_is_like_it() -> None:
    """Without similar articles the list is empty."""
    assert found(searcher(*NEWS, *FILLER), "weather") == []


def test_an_article_of_numbers() -> None:
    """An article without key terms has no similar ones."""
    assert found(searcher(article("n", "12%", "3.5"), *NEWS), "n") == []


def test_no_such_article() -> None:
    """The error says what to do next."""
    with pytest.raises(ArticleNotFound, match="没有这篇文章"):
        similar_to(searcher(*NEWS), "nowhere")


def test_two_articles_of_a_series_at_most() -> None:
    """Of issues whose titles differ in numbers only, two are listed."""
    issues = [
        article(f"i{at}", f"矿工日报第{at}期", f"矿工换矿机，挖比特币，电价第{at}次上调。")
        for at in range(5)
    ]
    lists = found(searcher(*issues, *NEWS, *FILLER), "token")

    assert sum(name.startswith("i") for name in lists) == MAX_PER_SERIES
    assert {"alias", "late"} < set(lists)


def test_house_style_counts_little() -> None:
    """A phrase in every article of a source hardly counts."""
    style = "本栏目由矿石之声播出，矿石之声感谢收听。"
    column = [
        article(f"c{at}", f"第{at}讲", f"{style}讲{kind}。", source="矿石之声")
        for at, kind in enumerate(
            "茶 酒 花 鸟 鱼 琴 棋 书 画 诗 山 水 云 雨 风 雪 月 星 石 竹 松".split()
        )
    ]
    tea = article("tea", "说茶", f"{style}采茶、炒茶、品茶，茶农的一年。", source="矿石之声")
    other = article("farm", "茶农的一年", "采茶、炒茶，然后品茶。", source="农报")

    assert found(searcher(tea, other, *column, *FILLER), "tea")[0] == "farm"


def test_a_name_no_dictionary_knows() -> None:
    """An unknown company name in the title is found by its characters."""
    firm = article("firm", "哈森股份预亏", "哈森股份说门店少了。")
    same = article("same", "哈森股份换帅", "新的总经理上任。")
    assert found(searcher(firm, same, *NEWS, *FILLER), "firm") == ["same"]


def test_on_every_engine(engine: Engine) -> None:
    """Every engine gives the same list, by its interface alone."""
    over = Searcher(fill(engine, (*NEWS, *FILLER)).open())
    assert found(over, "token") == ["alias", "late"]


words = st.sampled_from(
    "比特币 BTC 大饼 以太坊 央行 矿工 矿机 减半 炒作 账户 茶 12% ， 。 哈森".split()
)
texts = st.lists(words, max_size=8).map("".join)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=8))
def test_always_a_list_of_others(written: list[tuple[str, str]]) -> None:
    """For any texts: other articles of other stories, each once, best first."""
    articles: list[Article] = [
        article(str(at), title, text, published=NOW + timedelta(days=at))
        for at, (title, text) in enumerate(written)
    ]
    over = searcher(*articles)
    hits = similar_to(over, "0").hits
    scores = [hit.score for hit in hits]
    stories = [hit.story.id for hit in hits]
    assert "0" not in [hit.id for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len(set(stories)) == len(stories) <= MAX_SIMILAR


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("早间行情（9月5日）", "早间行情（12月31日）", True, id="days"),
        pytest.param("周刊：第 七 期", "周刊：第 十二 期", True, id="Chinese numbers"),
        pytest.param("ＥＴＨ２进展", "ETH2进展", True, id="width"),
        pytest.param("早间行情", "晚间行情", False, id="another column"),
    ],
)
def test_series_keys(one: str, other: str, same: bool) -> None:
    """Titles of one series have the same key: they differ in numbers only."""
    assert (series_key(one) == series_key(other)) is same
