"""«复制引用»: three citation formats, also for articles that lack parts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from web.pages.citation import Cited, cite

TODAY = date(2026, 11, 23)
NOON = 1_662_350_400
"""2022-09-05 12:00 in Shanghai."""
FULL = Cited("元宇宙白皮书发布", "林小满", "链上观察", NOON, "https://news.example.com/yuan")


@pytest.mark.parametrize(
    ("cited", "reference"),
    [
        pytest.param(
            FULL,
            "林小满. 元宇宙白皮书发布[EB/OL]. 链上观察, (2022-09-05)[2026-11-23]. "
            "https://news.example.com/yuan.",
            id="all",
        ),
        pytest.param(
            Cited("甲", None, "链上观察", NOON, "https://a.example/1"),
            "甲[EB/OL]. 链上观察, (2022-09-05)[2026-11-23]. https://a.example/1.",
            id="no author",
        ),
        pytest.param(
            Cited("甲", "乙", None, NOON, "https://a.example/1"),
            "乙. 甲[EB/OL]. (2022-09-05)[2026-11-23]. https://a.example/1.",
            id="no source",
        ),
        pytest.param(
            Cited("甲", "链上观察", "链上观察", NOON, "https://a.example/1"),
            "链上观察. 甲[EB/OL]. (2022-09-05)[2026-11-23]. https://a.example/1.",
            id="the source is the author",
        ),
        pytest.param(
            Cited("甲", "乙", "丙", None, "https://a.example/1"),
            "乙. 甲[EB/OL]. 丙, (日期不详)[2026-11-23]. https://a.example/1.",
            id="no date",
        ),
        pytest.param(
            Cited("甲", "乙", "丙", NOON, "https://a.example/1", estimated=True),
            "乙. 甲[EB/OL]. 丙, (约2022-09-05)[2026-11-23]. https://a.example/1.",
            id="estimated",
        ),
        pytest.param(
            Cited("甲", "乙", "丙", NOON),
            "乙. 甲[EB/OL]. 丙, (2022-09-05)[2026-11-23].",
            id="no url",
        ),
        pytest.param(Cited("甲"), "甲[EB/OL]. (日期不详)[2026-11-23].", id="only a title"),
        pytest.param(
            Cited("甲", "子、丑，寅; 卯"),
            "子, 丑, 寅, 等. 甲[EB/OL]. (日期不详)[2026-11-23].",
            id="four authors",
        ),
        pytest.param(
            Cited("甲", "子；丑"), "子, 丑. 甲[EB/OL]. (日期不详)[2026-11-23].", id="two authors"
        ),
    ],
)
def test_gbt7714(cited: Cited, reference: str) -> None:
    """GB/T 7714: missing parts leave no gap; of many authors three are named."""
    assert cite(cited, TODAY).gbt7714 == reference


def test_the_day_is_shanghais() -> None:
    """The day is that of Shanghai, also if another zone has another day."""
    late = Cited("甲", published=NOON + 13 * 3_600)
    assert "(2022-09-06)" in cite(late, TODAY).gbt7714


@pytest.mark.parametrize(
    ("cited", "plain", "markdown"),
    [
        pytest.param(
            FULL,
            "林小满：《元宇宙白皮书发布》，链上观察，2022年9月5日，https://news.example.com/yuan",
            "[元宇宙白皮书发布](https://news.example.com/yuan)，林小满，链上观察，2022-09-05",
            id="all",
        ),
        pytest.param(
            Cited("甲", source="丙", published=NOON, estimated=True),
            "《甲》，丙，约2022年9月5日",
            "《甲》，丙，约2022-09-05",
            id="estimated",
        ),
        pytest.param(Cited("甲"), "《甲》，日期不详", "《甲》，日期不详", id="only a title"),
    ],
)
def test_plain_and_markdown(cited: Cited, plain: str, markdown: str) -> None:
    """Missing parts are left out; a date that nobody gave is said to be so."""
    citations = cite(cited, TODAY)
    assert (citations.plain, citations.markdown) == (plain, markdown)


titles = st.text(
    st.one_of(st.sampled_from("[]()*_`<>\\!#&;甲a 1."), st.characters(categories=("L", "N", "P"))),
    min_size=1,
).map(lambda text: f"题{text}题")


@given(
    titles,
    st.sampled_from(("https://a.example/x", "https://a.example/(a) b", "https://a.example/中")),
)
def test_markdown_is_one_link(title: str, url: str) -> None:
    """Whatever the title holds, the Markdown is one link with the title as its text."""
    (paragraph,) = [
        token
        for token in MarkdownIt("commonmark").parse(cite(Cited(title, url=url), TODAY).markdown)
        if token.type == "inline"
    ]
    children = paragraph.children or []

    assert children.pop().content == "，日期不详"
    assert [child.type for child in children][:: len(children) - 1] == ["link_open", "link_close"]
    shown = "".join(child.content for child in children)
    assert shown.replace("&", "") == title.replace("&", "")
    assert {child.type for child in children[1:-1]} <= {"text", "text_special"}
    assert " " not in str(children[0].attrGet("href"))
