"""Codes, amounts and numbers are found however they stand beside each other and are written."""

import pytest

from tests.support.tiny_search import article, ask, ids, searcher


def _finds(text: str, query: str) -> bool:
    made = searcher(article("1", "甲", text), article("2", "乙", "无关的文字"))
    return ids(ask(made, query)) == ["1"]


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        pytest.param("贵州茅台（600519.SH）收涨", "600519 600519.SH SH600519 sh600519", id="a code"),
        pytest.param("SH600519 涨停", "600519 600519.SH SH600519", id="the market before"),
        pytest.param("贵州茅台（600519）收涨", "600519 600519.SH SH600519", id="a bare number"),
        pytest.param("腾讯（00700.HK）", "00700 00700.HK 0700.HK 700.HK HK00700", id="Hong Kong"),
        pytest.param("腾讯0700.HK", "00700.HK HK00700 0700.HK", id="with fewer zeros"),
        pytest.param("宁德时代(300750.SZ)", "300750 SZ300750", id="Shenzhen"),
        pytest.param("BTC20000美元", "BTC 20000美元 2万美元 BTC20000美元", id="a price"),
        pytest.param("BTC2万美元", "BTC 2万美元", id="a price with a magnitude"),
        pytest.param("SOLUSDT 合约", "SOL USDT SOLUSDT SOL/USDT", id="a pair"),
        pytest.param("BTCUSDT、ETH-USDT", "BTC ETH USDT ETHUSDT BTC-USDT", id="pairs"),
        pytest.param("3BTC、10000枚NFT、6万USDT", "BTC 10000枚 NFT 6万", id="a number before"),
        pytest.param("RS12345678901 单", "RS12345678901 12345678901", id="a number of an order"),
        pytest.param("AT&T 与 A&B社，M＆A", "AT&T A&B M&A", id="ampersands"),
        pytest.param("S&P500、Q&A、R&D", "S&P500 Q&A R&D", id="more of them"),
        pytest.param("A/B 测试和 I/O、C++", "A/B I/O C++", id="slashes"),
        pytest.param("メタバースの世界とブロックチェーン", "メタバース ブロックチェーン 世界", id="kana"),
        pytest.param("ﾒﾀﾊﾞｰｽの世界", "メタバース", id="kana of half width"),
        pytest.param("20w用户", "20万", id="w"),
        pytest.param("1.2兆元", "1.2万亿 1.2万亿元", id="兆"),
        pytest.param("伍仟万元，五千万", "5000万 五千万 5000万元", id="Han numerals"),
        pytest.param("百分之五", "5% 百分之5", id="百分之"),
        pytest.param("千分之三", "3‰", id="千分之"),
        pytest.param("近三成", "30% 3成", id="三成"),
        pytest.param("09月05日", "9月5日 09月05日", id="zeros typed or not"),
        pytest.param("9月5日", "09月05日", id="zeros typed"),
    ],
)  # fmt: skip
def test_found(text: str, queries: str) -> None:
    assert [query for query in queries.split() if not _finds(text, query)] == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("stETH 与 OTCBTC", "ETH", id="a coin of its own"),
        pytest.param("Web3 的世界", "Web", id="a name with a digit"),
        pytest.param("65W快充", "65万", id="a power"),
        pytest.param("10兆带宽", "10万亿", id="a rate"),
        pytest.param("一成不变的三成员", "10%", id="一成不变"),
        pytest.param("千万别买，百万富翁", "1000万", id="千万 without a digit"),
        pytest.param("http://a.com/a/b?x=1&b=2", "A/B", id="an address"),
        pytest.param("二元期权", "2元", id="二元"),
        pytest.param("第五万个", "5万", id="an ordinal"),
    ],
)
def test_not_found(text: str, query: str) -> None:
    assert not _finds(text, query)


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        pytest.param("花了五千万元", "5000万元", "五千万元", id="Han numerals"),
        pytest.param("涨三成", "30%", "三成", id="三成"),
        pytest.param("有20w用户", "20万", "20w", id="w"),
        pytest.param("共1.2兆元", "1.2万亿元", "1.2兆元", id="兆"),
        pytest.param("代码600519.SH", "600519", "600519", id="a code"),
    ],
)
def test_marked(text: str, query: str, marked: str) -> None:
    """What was found under another spelling is marked in the snippet."""
    made = searcher(article("1", "甲", text))
    hit = ask(made, query).hits[0]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == [marked]
