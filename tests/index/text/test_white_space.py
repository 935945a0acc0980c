"""White space between Chinese characters: line breaks and spaced letters are joined."""

import re
import unicodedata

import pytest

from index.text.html import blocks, collapse, plain_text, visible_markup
from index.text.white_space import WIDE, letter_spaces, line_breaks, without
from tests.support.cost import assert_linear


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("试点\n范围", "试点范围", id="Han"),
        pytest.param("试点 \n\t 范围", "试点范围", id="with blanks"),
        pytest.param("试点\n\n范围", "试点范围", id="several"),
        pytest.param("试点，\n范围", "试点，范围", id="after a mark"),
        pytest.param("试点\n（范围", "试点（范围", id="before a mark"),
        pytest.param("他说\n“好”\n的", "他说“好”的", id="quotation marks"),
        pytest.param("试点……\n范围——\n大", "试点……范围——大", id="dots and dashes"),
        pytest.param("あ\nア", "あア", id="kana"),
        pytest.param("２０２２\n年", "２０２２年", id="wide digits"),
        pytest.param("𠮷\n野", "𠮷野", id="rare Han"),
        pytest.param("Web3\n元宇宙", "Web3 元宇宙", id="Latin before"),
        pytest.param("元宇宙\nWeb3", "元宇宙 Web3", id="Latin after"),
        pytest.param("a,\nb", "a, b", id="Latin"),
        pytest.param("2022\n年", "2022 年", id="digits"),
        pytest.param("한\n국", "한 국", id="Hangul"),
        pytest.param("“a”\n“b”", "“a” “b”", id="marks beside Latin"),
        pytest.param("🚀\n元", "🚀 元", id="emoji"),
        pytest.param("元 宇", "元 宇", id="a space is kept"),
        pytest.param("元\u3000宇", "元 宇", id="a wide space is kept"),
        pytest.param("元\u200b\n\u200b宇", "元宇", id="invisible characters"),
        pytest.param("币 安 宣 布", "币安宣布", id="spaced letters"),
        pytest.param("【币 安 宣 布】上 线", "【币 安 宣 布】上 线", id="within other text"),
        pytest.param("币  安\u3000宣 布 ， 上 线", "币安宣布，上线", id="any blanks, and marks"),
        pytest.param("消息 币 安 宣 布 上线", "消息 币安宣布 上线", id="beside words"),
        pytest.param("东 南 西", "东 南 西", id="three are words"),
        pytest.param("A 股 大 涨", "A 股 大 涨", id="not enough Han"),
    ],
)
def test_collapse(text: str, line: str) -> None:
    """The plain text and the page are equal."""
    assert collapse(text) == line
    assert blocks(f"<p>{text}</p>") == [line]
    assert collapse(re.sub("<[^>]*>", "", visible_markup(f"<p>{text}</p>"))) == line
    assert "\n" not in visible_markup(f"<p>{text}</p>")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>试<b>点</b>\n<i>范</i>围</p>", "试点范围", id="between tags"),
        pytest.param("<p>试点<b>\n</b>范围</p>", "试点范围", id="in a tag of its own"),
        pytest.param("<p>试点\n<!-- a -->\n范围</p>", "试点范围", id="around a comment"),
        pytest.param("<p>试点<br>\n范围</p>\n<p>大</p>", "试点\n范围\n大", id="borders stay"),
        pytest.param("<pre>试点\n范围</pre>", "试点 范围", id="shown as a line break"),
        pytest.param("<p>试点&#10;范围</p>", "试点范围", id="escaped"),
        pytest.param("<p>币 <b>安</b> 宣 布</p>", "币安宣布", id="letters between tags"),
    ],
)
def test_in_markup(html: str, text: str) -> None:
    """Tags within a block make no difference."""
    assert plain_text(html, "html") == text
    assert plain_text(visible_markup(html), "html") == text
    assert collapse(re.sub("<[^>]*>", "", visible_markup(html)).replace("\n", " ")).replace(
        " ", ""
    ) == text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("扩\n大", "扩大", id="soft break"),
        pytest.param("扩  \n大", "扩\n大", id="hard break"),
        pytest.param("> 扩\n> 大\n\n- 甲\n  乙", "扩大\n甲乙", id="quotation and item"),
        pytest.param("**扩**\n*大*", "扩大", id="between emphasis"),
        pytest.param("扩[大\n了](http://a)\n吗", "扩大了吗", id="in a link"),
    ],
)
def test_in_markdown(markdown: str, text: str) -> None:
    """Lines of one paragraph are joined."""
    assert plain_text(markdown, "markdown") == text


@pytest.mark.slow
def test_wide_is_what_unicode_calls_wide() -> None:
    """Every wide character but Hangul, pictures, and signs whose width Unicode has changed."""
    wide = re.compile(f"[{WIDE}]")
    differing = [
        char
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) != "Cn"
        and "HANGUL" not in (name := unicodedata.name(char, ""))
        and "KOREAN" not in name
        and unicodedata.category(char) != "So"
        and (unicodedata.east_asian_width(char) in "FWH") != bool(wide.match(char))
    ]
    assert "".join(differing) <= "\u20a9\u3248\u3249\u324a\u324b\u324c\u324d\u324e\u324f" + "\ud7ff"


@pytest.mark.parametrize("unit", [" ", "\n", "甲\n", " 甲", "甲 ", "甲\n ", "\t\n"])
def test_white_space_costs_linear_time(unit: str) -> None:
    """White space takes linear time."""
    assert_linear(lambda text: without(text, line_breaks(text)), unit, 20_000)
    assert_linear(lambda text: without(text, letter_spaces(text)), unit, 20_000)
