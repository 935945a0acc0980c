"""What a page does not show is not text: hidden elements, and readings above characters."""

import pytest

from index.text.html import blocks, plain_text, visible_markup
from tests.support.cost import assert_linear

HIDING = (
    'style="display:none"',
    "style='DISPLAY : none;'",
    "style=display:none",
    'style="color:red;display:none !important"',
    'style="display:none!important;display:block"',
    'style="/* a */ display:/* b */none"',
    'style="visibility:hidden"',
    'style="visibility: collapse"',
    'style="font-size:0"',
    'style="font-size: 0px;"',
    'style="font-size:.0em"',
    'style="FONT-SIZE:0.0%"',
    "style=&quot;font-size:0",
    "hidden",
    "HIDDEN=hidden",
    'class="jammer"',
    "class='a Jammer'",
)
SHOWING = (
    'style="display:block"',
    'style="display:none;display:block"',
    'style="font-size:0.5em"',
    'style="font-size:10px"',
    'style="visibility:visible"',
    'aria-hidden="true"',
    'class="hidden-xs"',
    'title="display:none"',
    'data-hidden="1"',
    'id="js_content" style="visibility: hidden; opacity: 0;"',
)


@pytest.mark.parametrize("attribute", [each for each in HIDING if "&quot;" not in each])
def test_hidden(attribute: str) -> None:
    """In a sentence, as a block, nested, with all content; in Markdown too."""
    for name in ("span", "font", "b"):
        assert plain_text(f"比特<{name} {attribute}>k9</{name}>币", "html") == "比特币"
    nested = f"<p>甲</p><div {attribute}>x<div>y<p>z</div><script>'</div>'</script>w</div><p>乙</p>"
    assert plain_text(nested, "html") == "甲\n乙"
    assert plain_text(f"比特<i {attribute}>k9</i>币", "markdown") == "比特币"
    assert plain_text(f"甲<img {attribute} alt=x>乙<br>丙", "html") == "甲乙\n丙"


@pytest.mark.parametrize("attribute", SHOWING)
def test_shown(attribute: str) -> None:
    """What only resembles hidden elements is shown by browsers and kept."""
    assert plain_text(f"甲<span {attribute}>乙</span>丙", "html") == "甲乙丙"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p hidden>x<p>乙", "乙", id="a paragraph ends at the next"),
        pytest.param("<ul><li hidden>x<li>乙</ul>", "乙", id="an item ends at the next"),
        pytest.param("<div><span hidden>x</div>乙", "乙", id="ends with its parent"),
        pytest.param("甲<div hidden>x", "甲", id="ends with the page"),
        pytest.param("<body hidden>甲", "甲", id="not the whole page"),
        pytest.param("甲<b hidden>x<br>y</b>乙", "甲乙", id="no border inside"),
        pytest.param(
            '<div style="font-size:0">x<b style="font-size:16px">乙</b></div>丙',
            "乙\n丙",
            id="shown again inside",
        ),
        pytest.param(
            '<div style="visibility:hidden">x<i style="visibility:visible">乙</i></div>',
            "乙",
            id="visible again inside",
        ),
        pytest.param('甲<input type=hidden value="x">乙', "甲乙", id="hidden input"),
        pytest.param("<ruby>区块<rt>qū kuài</rt></ruby>链", "区块链", id="ruby"),
        pytest.param("<ruby>区<rp>(</rp><rt>qū</rt><rp>)</rp></ruby>块", "区块", id="parentheses"),
        pytest.param("<ruby>区<rt>qū<rp>x</ruby>块", "区块", id="end tags left out"),
        pytest.param("<ruby><rb>区<rt>qū<rb>块<rt>kuài</ruby>链", "区块链", id="bases by name"),
        pytest.param("<ruby>区<rtc><rt>qū</rt></rtc></ruby>块", "区块", id="reading container"),
        pytest.param("<RUBY>区<RT>qū</RT></RUBY>块", "区块", id="capitals"),
    ],
)
def test_where_hiding_ends(html: str, text: str) -> None:
    """As in HTML, where end tags may be missing."""
    assert plain_text(html, "html") == text
    assert "\n".join(blocks(visible_markup(html))) == text


@pytest.mark.parametrize(
    "unit",
    [
        *("<div hidden>", "<p hidden>x", "<span style=font-size:0>", "<i hidden></b>", "<rt>"),
        *("<div style='font-size:0'><b style='font-size:9px'>", "<b hidden><svg>", "<a style="),
    ],
)
def test_hiding_costs_linear_time(unit: str) -> None:
    """Hidden elements, closed or not, take linear time."""
    assert_linear(lambda html: plain_text(html, "html"), unit, 10_000)
