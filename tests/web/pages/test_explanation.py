"""The explanation of a hit, in Chinese sentences."""

from dataclasses import replace
from pathlib import Path

import pytest

from search.response import Evidence, Highlighted, Hit, Story, Why
from tests.support.visitors import app_over
from web.pages.explanation import why_lines

NOW = 1_663_214_400
HIT = Hit(
    id="a",
    url=None,
    title=Highlighted("甲"),
    snippet=Highlighted(""),
    source=None,
    author=None,
    categories=(),
    topics=(),
    published=NOW - 3 * 86_400,
    indexed_at=0,
    score=1.0,
    story=Story("s", 1),
)
TYPED = Evidence("元宇宙", "typed", "元宇宙", ("title", "text"))


def lines(why: Why, **changes: object) -> list[str]:
    app = app_over(Path("nowhere"))
    with app.test_request_context("/"):
        return why_lines(replace(HIT, why=why, **changes), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        pytest.param(TYPED, "“元宇宙”在标题和正文中出现。", id="typed"),
        pytest.param(
            Evidence("比特币", "alias", "BTC", ("title",)),
            "“BTC”是“比特币”的另一种说法，在标题中出现。",
            id="another name",
        ),
        pytest.param(
            Evidence("金融机构", "part", "机构", ("text",)),
            "“金融机构”中的“机构”在正文中出现。",
            id="part",
        ),
        pytest.param(
            Evidence("区块", "prefix", "区块链", ("text",)),
            "“区块链”以“区块”开头，在正文中出现。",
            id="prefix",
        ),
        pytest.param(
            Evidence("元宇宙银行", "quoted", "元宇宙银行", ("text",)),
            "引号里的“元宇宙银行”在正文中一字不差。",
            id="quoted",
        ),
    ],
)
def test_a_sentence_a_kind(evidence: Evidence, line: str) -> None:
    """Each kind of evidence names the word, the name that matched, and the place."""
    assert lines(Why((evidence,))) == [line]


@pytest.mark.parametrize(
    ("why", "changes", "last"),
    [
        pytest.param(Why((TYPED,)), {"missing": ("银行",)}, "文中没有“银行”。", id="missing"),
        pytest.param(
            Why((TYPED,), freshness=0.0949),
            {},
            "发布时间：3 天前，新鲜度加分 9%。",
            id="freshness",
        ),
        pytest.param(
            Why((TYPED,), freshness=0.004), {}, "“元宇宙”在标题和正文中出现。", id="too little"
        ),
        pytest.param(
            Why((TYPED,)),
            {"story": Story("s", 3)},
            "同题报道有 3 篇，排位取其中最相关的一篇。",
            id="story",
        ),
    ],
)
def test_what_else(why: Why, changes: dict[str, object], last: str) -> None:
    """Missing words, the share of freshness, and the article whose rank the story has."""
    assert lines(why, **changes)[-1] == last


def test_the_title_comes_first() -> None:
    """The strongest reason comes first."""
    assert lines(Why((TYPED,), title_is_query=True))[0] == "标题与查询完全一致。"


def test_nothing_was_searched() -> None:
    """A list of all articles has no explanations."""
    assert lines(Why(freshness=0.09), story=Story("s", 3)) == []
