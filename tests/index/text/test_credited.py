"""The outlet that a text names as its source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.credited import credited, known_outlet
from index.text.normalize import normalize
from tests.support.cost import cost

NEWS = "某公司周三公告，拟回购股份。"
LONG = "某公司表示，项目进展顺利，预计明年投产，届时产能将翻倍。" * 12


def named(text: str) -> str | None:
    return credited(text, normalize(text))


@pytest.mark.parametrize(
    ("opening", "outlet"),
    [
        pytest.param(
            "新华社北京9月5日电（记者张三）", "新华社", id="agency, place, date, reporter"
        ),
        pytest.param("新华社·北京9月5日电 ", "新华社", id="a dot before the place"),
        pytest.param("新华社北京2022年9月5日电 ", "新华社", id="a date with its year"),
        pytest.param("（新华社华盛顿9月5日电）", "新华社", id="a place abroad, in brackets"),
        pytest.param("新华社北京9月5日电题：某事\n", "新华社", id="with a title behind"),
        pytest.param("〔新华社东京九月五日电〕", "新华社", id="a date in Han numerals"),
        pytest.param("中新社北京9月5日电 (记者 李四)", "中国新闻社", id="short for an agency"),
        pytest.param("中新网9月5日电 ", "中新网", id="no place"),
        pytest.param("中央社台北5日電 ", "中央社", id="traditional"),
        pytest.param("中国证券网讯（记者 张三）", "中国证券网", id="message, reporter"),
        pytest.param("上证报讯 ", "上海证券报", id="short for a paper"),
        pytest.param("证券时报网（www.stcn.com）05月08日讯", "证券时报网", id="site, date, no gap"),
        pytest.param("证券日报网讯9月5日，", "证券日报网", id="the date behind"),
        pytest.param("《科创板日报》9月5日讯", "科创板日报", id="in title marks"),
        pytest.param("【财联社9月5日讯】", "财联社", id="all in brackets"),
        pytest.param(
            "【某公司回购】财联社9月5日电，", "财联社", id="behind a headline in brackets"
        ),
        pytest.param("原标题：某公司回购中证网讯 ", "中证网", id="behind a title without a gap"),
        pytest.param("原标题：某公司回购 中国证券网讯 ", "中国证券网", id="behind a title"),
        pytest.param("淮北新闻网讯 ", "淮北新闻网", id="not in the list, ends like one"),
        pytest.param("综投网（www.zt5.com）09月27日讯 ", "综投网", id="not in the list, its host"),
        pytest.param("央视网消息（新闻联播）：", "央视网", id="told, programme"),
        pytest.param("PANews 9月5日消息，", "PANews", id="Latin name"),
        pytest.param("金色财经报道，", "金色财经", id="reported"),
        pytest.param("［环球网综合报道］", "环球网", id="put together, in brackets"),
        pytest.param("格隆汇9月5日丨", "格隆汇", id="a bar"),
        pytest.param("智通财经APP获悉，", "智通财经", id="learned"),
        pytest.param(
            "澎湃新闻（www.thepaper.cn）记者从某局获悉，", "澎湃新闻", id="its reporter learned"
        ),
        pytest.param("文｜张三\n编辑｜李四\n36氪获悉，", "36氪", id="learned, under the by-line"),
        pytest.param("据财新报道，", "财新", id="according to"),
        pytest.param("据新华社北京9月5日电，", "新华社", id="according to a dispatch"),
        pytest.param("據中央社報導，", "中央社", id="according to, traditional"),
        pytest.param("据The Block 9月5日报道，", "The Block", id="according to, Latin name, date"),
        pytest.param("据财联社，", "财联社", id="according to, no verb"),
        pytest.param("新华社记者 李四\n", "新华社", id="reporter"),
        pytest.param("经济日报记者张三报道：", "经济日报", id="reporter reports"),
        pytest.param("每经记者 王五 每经编辑 赵六\n", "每日经济新闻", id="reporter, editor"),
        pytest.param("证券时报 9月5日早间，", "证券时报", id="name and date"),
        pytest.param("来源｜澎湃新闻\n", "澎湃新闻", id="source, a line"),
        pytest.param(
            "作者 | 张三\n来源 | 某某金融\n", "某某金融", id="source, a name not in the list"
        ),
        pytest.param("来源 | [Ethereum Blog](https://a.example/b)\n", "Ethereum Blog", id="link"),
        pytest.param(
            "来源：金融界网站 2019年1月9日公告，", "金融界", id="source, the text goes on"
        ),
        pytest.param(
            "2022-09-05 10:00 来源：某能网 编辑：张三\n", "某能网", id="source behind the time"
        ),
        pytest.param("作者：张三 来源：链闻ChainNews\n", "链闻", id="source behind the author"),
        pytest.param(
            "来源：Odaily星球日报（ID：abc）\n", "星球日报", id="source with an account's id"
        ),
        pytest.param("来自：36氪\n", "36氪", id="from"),
        pytest.param("稿件来源：经济日报\n", "经济日报", id="source of the piece"),
        pytest.param("转载自 | 白话区块链\n", "白话区块链", id="reposted from"),
        pytest.param("本文经授权转载自虎嗅。", "虎嗅", id="reposted with permission"),
        pytest.param("本文来自微信公众号：某某君，作者：陈某\n", "某某君", id="an account"),
        pytest.param("（央视财经）", "央视财经", id="alone in brackets"),
        pytest.param("出品｜虎嗅汽车组\n", "虎嗅", id="produced by"),
    ],
)
def test_at_the_beginning(opening: str, outlet: str) -> None:
    """The text opens with its outlet."""
    assert named(opening + NEWS) == outlet


@pytest.mark.parametrize(
    ("ending", "outlet"),
    [
        pytest.param("（文章来源：财联社）", "财联社", id="in brackets"),
        pytest.param("\n(来源：证券时报)\n责任编辑：张三", "证券时报", id="before the editor"),
        pytest.param("\n（文章来源：某某证券）", "某某证券", id="a name not in the list"),
        pytest.param("\n文章来源：上海证券报", "上海证券报", id="a line"),
        pytest.param("\n来源：央视新闻综合", "央视新闻", id="put together from it"),
        pytest.param("（原载《经济参考报》）", "经济参考报", id="title marks, no colon"),
        pytest.param("\n转自微信公众号“某某君”", "某某君", id="an account, no colon"),
        pytest.param("——来源：财新", "财新", id="behind a dash"),
        pytest.param("\n原文：https://www.coindesk.com/x", "CoinDesk", id="a known host abroad"),
        pytest.param("来源：央视新闻客户端", "央视新闻", id="without a break"),
        pytest.param("转自：每日经济新闻", "每日经济新闻", id="reposted from"),
        pytest.param("\n本文转载自：金色财经。", "金色财经", id="this text, a colon"),
        pytest.param(
            "\n本文来自华尔街见闻，欢迎下载APP查看更多", "华尔街见闻", id="an advertisement behind"
        ),
        pytest.param(
            "\n本文来自微信公众号“某某君”，作者：李四。", "某某君", id="an account in quotes"
        ),
        pytest.param(
            "\n（转载自公众号「深潮TechFlow」）", "深潮TechFlow", id="an account in brackets"
        ),
        pytest.param("\n本文首发于微信公众号：吴说区块链", "吴说区块链", id="first at an account"),
        pytest.param(
            "\n原文链接：https://www.jinse.com/news/1.html", "金色财经", id="a known host"
        ),
        pytest.param("（新华社）", "新华社", id="a known name closes"),
        pytest.param("（福州日报）", "福州日报", id="a name that ends like a paper's closes"),
        pytest.param("（证券时报・e公司）", "证券时报e公司", id="a known name with a dot closes"),
        pytest.param("（人民日报记者 张三）", "人民日报", id="a reporter closes"),
        pytest.param("（文/新浪财经 王五）", "新浪财经", id="a by-line closes"),
        pytest.param("（据新华社电）", "新华社", id="according to closes"),
        pytest.param("每日经济新闻", "每日经济新闻", id="a bare name closes"),
    ],
)
def test_at_the_end(ending: str, outlet: str) -> None:
    """The text closes with its outlet."""
    assert named(LONG + ending) == outlet


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(NEWS, id="no name"),
        pytest.param("图片来源：视觉中国\n" + NEWS, id="a picture"),
        pytest.param("封面来源｜某公司供图\n" + NEWS, id="a cover"),
        pytest.param("来源：视觉中国\n" + NEWS, id="a picture agency"),
        pytest.param("来源/鲸探APP截图\n" + NEWS, id="a screenshot"),
        pytest.param("数据来源：Wind\n" + NEWS, id="data"),
        pytest.param(f"{NEWS}\n（来源：TradingView）\n{LONG}", id="a chart"),
        pytest.param("某公司总裁 来源：某公司\n" + NEWS, id="a caption"),
        pytest.param(LONG + "\n来源：网络", id="somewhere"),
        pytest.param("2022-09-05 来源：网络整理\n" + NEWS, id="somewhere, put together"),
        pytest.param("收入来源：广告\n" + NEWS, id="of an income"),
        pytest.param("消息来源称，" + NEWS, id="a person"),
        pytest.param(NEWS + "资金来源不明。", id="unknown"),
        pytest.param("本报讯（记者 张三）" + NEWS, id="this paper"),
        pytest.param("本报记者 张三\n" + NEWS, id="a reporter of this paper"),
        pytest.param(NEWS + "（记者 张三）", id="a reporter of no paper"),
        pytest.param("据外媒报道，" + NEWS, id="some medium"),
        pytest.param("本报北京9月5日电（记者张三）" + NEWS, id="a dispatch of this paper"),
        pytest.param("9月5日讯 " + NEWS, id="a date alone"),
        pytest.param("记者从新华社获悉，" + NEWS, id="learned from"),
        pytest.param("知情人士对路透社表示，" + NEWS, id="told to"),
        pytest.param("新华社是通讯社，" + NEWS, id="the subject"),
        pytest.param("某某路透社22日报道，" + NEWS, id="part of a name"),
        pytest.param(f"{LONG}据央视新闻报道，{LONG}", id="cited for one fact"),
        pytest.param(f"据央视新闻报道，{LONG}{LONG}", id="cited in the first sentence of many"),
        pytest.param(f"{LONG * 4}（新华社）", id="behind the last piece of a digest"),
        pytest.param(NEWS + "（占公司总股本的1%）", id="a remark closes"),
        pytest.param("#话题#新华社成都6月24日电（记者张三）" + NEWS, id="pasted behind a tag"),
    ],
)
def test_none(text: str) -> None:
    """Texts that name no outlet, or name one for another reason."""
    assert named(text) is None


def test_the_name_as_the_text_writes_it() -> None:
    """An outlet that is not in the list keeps its case, width and script."""
    assert named("来源｜MyＣhain 研究\n" + NEWS) == "MyＣhain 研究"
    assert named("來源：證券時報\n" + NEWS) == "证券时报"


@pytest.mark.parametrize(
    ("source", "known"),
    [
        pytest.param("财新网", True, id="another spelling"),
        pytest.param("央视网/新闻联播", True, id="with a programme"),
        pytest.param("www.cnstock.com", True, id="a host"),
        pytest.param("FinNA", False, id="a collection"),
        pytest.param("rss.example.com", False, id="an unknown host"),
    ],
)
def test_known_outlets(source: str, known: bool) -> None:
    """Names and hosts of the list are known, also with what follows a slash."""
    assert known_outlet(source) is known


PIECES = [
    "(",
    "来源:",
    "新华社",
    "9月5日",
    "【",
    "本文来自",
    "\n",
    "记者 ",
    "a.",
    "http://",
    "据",
    "“",
    "讯",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8))).map("".join))
def test_any_text(text: str) -> None:
    """Nothing raises; a name is in the list or in the text."""
    name = named(text)
    assert name is None or known_outlet(name) or name in text


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_texts(piece: str) -> None:
    """However long a text is, only its ends are examined."""
    named("warm up")
    text = piece * (200_000 // len(piece))
    normalized = normalize(text)
    assert cost(lambda: credited(text, normalized)) < 0.2
