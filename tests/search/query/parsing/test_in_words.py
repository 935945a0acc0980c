"""A parsed query as a person reads it."""

from datetime import date

import pytest

from search.query.parsing.in_words import in_words, tells_more
from search.query.parsing.parser import parse

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("比特币 或 以太坊", "比特币 或 以太坊", id="or"),
        pytest.param("A OR B C", "A 或 （B 且 C）", id="and binds before or"),
        pytest.param("(A OR B) C", "（A 或 B） 且 C", id="a choice among conditions"),
        pytest.param("A -B", "A 且 不含 B", id="not"),
        pytest.param("-(A B)", "不含（A 且 B）", id="not a group"),
        pytest.param("来源：财新", "来源是 财新", id="a source"),
        pytest.param("title:A 正文:B url:c.cn", "标题里有 A 且 正文里有 B 且 网址是 c.cn"),
        pytest.param(
            "作者：甲 分类：乙 话题：丙 机构：丁 类型：推广",
            "作者是 甲 且 分类是 乙 且 话题是 丙 且 机构是 丁 且 类型是 推广",
            id="other fields",
        ),
        pytest.param("after:2025-10", "2025年10月1日起", id="from a day on"),
        pytest.param("before:2025-10", "到2025年10月31日为止", id="until a day"),
        pytest.param("date:2025", "2025年", id="a year"),
        pytest.param("date:2024..2025", "2024年至2025年", id="years"),
        pytest.param("date:2025-10", "2025年10月", id="a month"),
        pytest.param("date:2025-10..2026-02", "2025年10月至2026年2月", id="months"),
        pytest.param("date:2025-10-05", "2025年10月5日", id="a day"),
        pytest.param("时间：近7天", "2026年11月24日至2026年11月30日", id="days"),
        pytest.param("时间：近24小时", "近24小时", id="hours"),
        pytest.param("date:2100", "2100年", id="the last year"),
        pytest.param("A NEAR/5 B", "A 与 B 相隔不超过 5 字", id="near"),
        pytest.param("title:A NEAR/5 B", "标题里 A 与 B 相隔不超过 5 字", id="near in the title"),
        pytest.param("正文:A NEAR/5 B", "正文里 A 与 B 相隔不超过 5 字", id="near in the text"),
    ],
)
def test_in_words(query: str, words: str) -> None:
    """No sign of the query language is left."""
    tree = parse(query, TODAY).tree

    assert tells_more(tree)
    assert in_words(tree) == words


@pytest.mark.parametrize("query", ["", "元宇宙", "元宇宙 银行", "“元宇宙” 区块*", "A AND B"])
def test_nothing_to_tell(query: str) -> None:
    """Words, quotations and wildcards are searched as they stand."""
    assert not tells_more(parse(query, TODAY).tree)
