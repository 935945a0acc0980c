"""Pasted headlines with quotation marks are searched as words; real quotations stay quotations."""

from datetime import datetime

import pytest

from index.text.dates import SHANGHAI
from search.query.parsing.parser import parse
from search.query.pasted_headline import LOOSENED, without_marks
from search.request import SearchRequest
from search.response import SearchResponse
from tests.support.tiny_search import article, searcher

NOW = datetime(2022, 9, 15, tzinfo=SHANGHAI)
BANK = (
    article("bank", "银行试点数字人民币", "欧洲的火车头经济放缓，央行降准，试点继续。"),
    article("other", "别的新闻", "元宇宙平台上线。"),
)


def ask(q: str, **options: bool) -> SearchResponse:
    return searcher(*BANK).search(SearchRequest(now=NOW, q=q, **options))


@pytest.mark.parametrize(
    ("q", "words"),
    [
        pytest.param("欧洲“火车头”熄火", "欧洲 火车头 熄火", id="in the middle"),
        pytest.param("“一墩难求”网店秒光", " 一墩难求 网店秒光", id="at the beginning"),
        pytest.param("央行「降准」", "央行 降准 ", id="at the end"),
        pytest.param("公司（股份）公告", "公司 股份 公告", id="brackets"),
        pytest.param("小米(01810.HK)公告", "小米 01810.HK 公告", id="a code in brackets"),
        pytest.param("“够了”！拜登说", " 够了 ！拜登说", id="a sign after it"),
        pytest.param("“数字人民币”", None, id="nothing but a quotation"),
        pytest.param("“数字人民币”，“试点”", None, id="nothing but quotations"),
        pytest.param("试点 “数字人民币”", None, id="a quotation beside a word"),
        pytest.param('欧洲"火车头"熄火', None, id="marks of a keyboard"),
        pytest.param("欧洲 (火车头 熄火)", None, id="brackets of a query"),
        pytest.param("欧洲(火车头 OR 熄火)", None, id="an operator"),
        pytest.param("欧洲“火车头”熄火 -试点", None, id="an exclusion"),
        pytest.param("标题:(火车头 熄火)欧洲", None, id="a field"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_as_words(q: str, words: str | None) -> None:
    """Only quotation marks inside prose, as Chinese prose uses them, are dropped."""
    assert without_marks(q, parse(q, NOW.date()).tree) == words


def test_a_headline_is_found_by_its_words() -> None:
    """If no article has the quotation, its words are searched, and the answer says so."""
    response = ask("欧洲“火车头熄火”银行试点数字人民币")
    assert [hit.id for hit in response.hits] == ["bank"]
    assert LOOSENED in response.query.warnings


def test_a_headline_that_is_there_as_it_stands() -> None:
    """If an article has it literally, the query is not changed."""
    response = ask("欧洲的“火车头经济”放缓")
    assert [hit.id for hit in response.hits] == ["bank"]
    assert response.query.warnings == ()


@pytest.mark.parametrize(
    ("q", "options"),
    [
        pytest.param('银行 "火车头熄火"', {}, id="a quotation of the query"),
        pytest.param("欧洲“火车头熄火”银行", {"verbatim": True}, id="verbatim"),
        pytest.param("欧洲“火车头熄火”银行", {"correct": False}, id="a feed"),
    ],
)
def test_a_quotation_stays_one(q: str, options: dict[str, bool]) -> None:
    """Straight quotes, verbatim queries and feeds keep the quotation."""
    response = ask(q, **options)
    assert (response.total, response.query.warnings) == (0, ())
