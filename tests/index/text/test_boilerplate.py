"""Disclaimers, credits, promotion and navigation are recognised; the article's own text stays."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.document import Arrival, DocumentMaker
from index.lexicon.model import Lexicon
from index.text.boilerplate import MAX_UNIT, boilerplate_spans, own_text
from index.text.normalize import normalize
from index.text.spans import without_spans
from tests.support.tiny_search import article, ask, found, ids, searcher

NEWS = "海潮链基金会今天宣布，主网升级已经在凌晨完成。"
ASIDE = [
    "免责声明：以上内容仅供参考，不构成任何投资建议。",
    "市场有风险，投资需谨慎。",
    "投资者据此操作，风险自担。",
    "本文仅代表作者个人观点，不代表本站立场。",
    "版权归原作者所有，如有侵权请联系删除。",
    "未经授权，不得转载本文的任何部分。",
    "（责任编辑：林小满 审核：周远）",
    "（文章来源：财经日报）",
    "题图来自：周远",
    "更多行业资讯，请关注本站首页及官方公众号。",
    "扫描下方二维码，加入读者群。",
    "欢迎下载链上观察 App 查看更多。",
    "下载链上观察App，第一时间获取快讯",
    "新浪微博，https://weibo.com/example",
    "subscribe to our newsletter, unsubscribe at any time. privacy policy",
    "上一篇：比特币跌破五万美元",
    "点击查看更多公告>>",
    "阅读原文",
]
KEPT = [
    "用户可以下载数字人民币App，在手机上开立钱包。",
    "据“链上观察”微信公众号消息，升级已经完成。",
    "监管者提醒，虚拟货币不是法定货币。",
    "他扫描二维码付款，用了不到三秒。",
    "声明说，双方将继续合作。",
    "公司的版权收入去年增长了一成。",
    "编辑器有了新功能，来源可以自动标注。",
    "上一篇论文证明了这个结论。",
    "投资者的建议是开放更多的节点。",
    "点击“查看详情”按钮，会打开一个窗口。",
]


@pytest.mark.parametrize("line", ASIDE)
@pytest.mark.parametrize("layout", ["{0}\n{1}", "{1}\n{0}", "{0}\n{1}\n{0}"])
def test_boilerplate(line: str, layout: str) -> None:
    """Boilerplate is recognised, whatever comes before and after it."""
    text = normalize(layout.format(NEWS, line))
    kept = own_text(text).split()
    assert kept
    assert set(kept) == {normalize(NEWS)}


@pytest.mark.parametrize("line", KEPT)
def test_kept(line: str) -> None:
    """Sentences that only resemble boilerplate."""
    text = normalize(f"{NEWS}\n{line}")
    assert boilerplate_spans(text) == ()


def test_run_on_after_the_text() -> None:
    """Without a line break before it, boilerplate begins at a sentence."""
    text = normalize(f"{NEWS}更多行业资讯，请关注本站首页及官方公众号。")
    assert own_text(text).strip() == normalize(NEWS)


def test_a_line_that_is_the_article_stays() -> None:
    """A disclaimer in front of the text, without a line break, does not swallow the text."""
    text = normalize(f"免责声明：以上内容仅供参考，不构成任何投资建议。{NEWS * 3}")
    assert own_text(text).strip() == normalize(NEWS * 3)


@pytest.mark.parametrize(
    ("rest", "taken"),
    [
        pytest.param("比特币跌破五万美元\n以太坊升级在即", True, id="links"),
        pytest.param(f"{NEWS}\n{NEWS}", False, id="the article goes on"),
        pytest.param("比特币\n" * 800, False, id="too much for a list"),
    ],
)
def test_related_articles(rest: str, taken: bool) -> None:
    """Links at the end go with their heading; sentences after it stay."""
    kept = own_text(normalize(f"{NEWS}\n相关阅读：\n{rest}"))
    assert ("比特币" in kept or "海潮链" in kept.split("\n", 1)[1]) is not taken


def test_long_sentences_stay() -> None:
    """A long sentence is the article's own, however it ends."""
    text = normalize(f"{'海潮链的升级还在继续，' * (MAX_UNIT // 10)}以上信息仅供参考。")
    assert boilerplate_spans(text) == ()


@given(st.lists(st.sampled_from([*ASIDE, *KEPT, NEWS, "\n", " "]) | st.text(max_size=20)))
def test_spans(parts: list[str]) -> None:
    """Spans are in order, do not overlap, and lie in the text; own text is the rest."""
    text = normalize("".join(parts))
    spans = boilerplate_spans(text)
    ends = [0, *(place for span in spans for place in span), len(text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in spans)
    kept = without_spans(text, spans).replace("\n", "")
    assert len(kept) <= len(text)
    assert set(kept) <= set(text)


def test_every_pattern_has_a_cue_and_a_kind() -> None:
    """Each pattern in the file has a kind and a cue to search for first."""
    source = files("index").joinpath("data/boilerplate.toml").read_text("utf-8")
    for block in tomllib.loads(source)["block"]:
        assert block["kind"] in ("disclaimer", "credit", "promotion", "navigation")
        assert block.get("unit", "sentence") in ("sentence", "line", "rest")
        assert block["cues"] == [normalize(cue) for cue in block["cues"]]


def test_no_topic_but_found_all_the_same(tiny_lexicon: Lexicon) -> None:
    """Links to articles about 元宇宙 give no topic, but their words are found, as parts of words are."""
    links = "\n相关阅读\n元宇宙白皮书发布\n元宇宙不是游戏\n元宇宙地产降温"
    made = [
        DocumentMaker(tiny_lexicon).make(Arrival(Article("a", "升级", body, "text"), "", 0, 0))
        for body in (f"{NEWS}{links}", f"{NEWS}{links.replace('相关阅读', '他说')}")
    ]
    assert [document.topics for document in made] == [(), ("元宇宙",)]
    layers = [document.text_layers for document in made]
    assert [each.words.count("元宇宙") for each in layers] == [0, 3]
    assert [each.concepts.count("元宇宙") for each in layers] == [0, 3]
    assert [each.fine.split().count("元宇宙") for each in layers] == [3, 0]
    assert links in made[0].text


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("比特币", ["own", "promoted"], id="its words find, and weigh less"),
        pytest.param("BTC", ["own"], id="it mentions no concept"),
        pytest.param('"比特币跌破五万"', ["promoted"], id="quotes find it"),
        pytest.param("比特币 升级", ["promoted"], id="all words, wherever they stand"),
        pytest.param("升级 -比特币", ["plain"], id="who wants none of it gets none"),
    ],
)
def test_searched(q: str, expected: list[str]) -> None:
    """Boilerplate is found, but gives no topic."""
    over = searcher(
        article("promoted", "", f"{NEWS}\n上一篇：比特币跌破五万美元"),
        article("own", "", "矿工说，去年冬天挖到的比特币都已经卖掉了，今年冬天不再开机。"),
        article("plain", "", NEWS),
    )
    assert ids(ask(over, q, fold=False))[: len(expected)] == expected
    assert found(over, q) >= {*expected}


def test_shown_last() -> None:
    """A snippet prefers the article's own text."""
    link, own = "上一篇：比特币跌破五万美元", "矿工都去挖比特币了。"
    long = f"{link}\n{NEWS * 6}\n{own}{NEWS * 6}"
    over = searcher(article("own", "", long), article("link", "", long.replace(own, "")))
    snippets = {hit.id: hit.snippet.text for hit in ask(over, "比特币", fold=False).hits}
    assert own in snippets["own"]
    assert link not in snippets["own"]
    assert link in snippets["link"]
