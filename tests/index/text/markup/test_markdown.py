"""Markdown as its writers mean it: each case is what the tool that they use makes of it."""

import pytest

from index.text.html import plain_text
from index.text.markup.markdown import markdown_html
from tests.support.cost import assert_linear

OPENING = "“‘（《「【"
CLOSING = "：，。；？！、”’）》」】…—"


def text_of(markdown: str) -> str:
    return plain_text(markdown, "markdown")


@pytest.mark.parametrize("sign", ["*", "**", "***", "~~"])
@pytest.mark.parametrize("mark", CLOSING)
def test_a_chinese_mark_before_the_end_of_emphasis(sign: str, mark: str) -> None:
    """No space is needed after it, whatever follows."""
    for after in ("代码", "code", "“代码”", "2022"):
        assert text_of(f"甲{sign}开源{mark}{sign}{after}") == f"甲开源{mark}{after}"


@pytest.mark.parametrize("sign", ["*", "**", "***", "~~"])
@pytest.mark.parametrize("mark", OPENING)
def test_a_chinese_mark_at_the_beginning_of_emphasis(sign: str, mark: str) -> None:
    """No space is needed before it, whatever stands there."""
    for before in ("的", "Web3", "，", "2022"):
        assert text_of(f"{before}{sign}{mark}白皮书{sign}引") == f"{before}{mark}白皮书引"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param(
            "* **开源：**公开。\n* **免费：**无需", "开源：公开。\n免费：无需", id="items"
        ),
        pytest.param("**甲：**乙**丙：**丁", "甲：乙丙：丁", id="twice in a line"),
        pytest.param("**甲:**乙**(丙)**丁", "甲:乙(丙)丁", id="ASCII marks beside Han"),
        pytest.param("这是**`代码`**吗", "这是代码吗", id="code inside"),
        pytest.param("这是**[链](http://a)**吗", "这是链吗", id="link inside"),
        pytest.param("**“甲*乙”*丙**丁", "“甲乙”丙丁", id="nested"),
        pytest.param("「**이 용어(This)**를", "「이 용어(This)를", id="Hangul"),
        pytest.param("2*3*4", "234", id="CommonMark between letters"),
        pytest.param("2 * 3 * 4", "2 * 3 * 4", id="spaces on both sides"),
        pytest.param("** 甲 **乙", "** 甲 **乙", id="spaces inside"),
        pytest.param("snake_case_name", "snake_case_name", id="underscores in a word"),
        pytest.param("甲 _乙_ 丙", "甲 乙 丙", id="underscores around a word"),
        pytest.param("**<!--a-->****甲：**乙", "甲：乙", id="kramdown's empty emphasis"),
        pytest.param("- **<!--a-->**甲**<!--b-->** 乙", "甲 乙", id="only comments"),
        pytest.param("**甲<!--b-->**乙", "甲乙", id="comment in emphasis"),
        pytest.param("a~b~c ~~~", "a~b~c ~~~", id="single tildes"),
        pytest.param("约10~20万，30~40万", "约10~20万，30~40万", id="tildes of ranges"),
        pytest.param("`**甲：**乙~~丙~~`", "**甲：**乙~~丙~~", id="inline code"),
        pytest.param("    **甲：**乙", "**甲：**乙", id="indented code"),
        pytest.param("```\n~~甲~~ [^1]\n```", "~~甲~~ [^1]", id="fenced code"),
        pytest.param(r"\*\*甲\*\* \~~乙\~~", "**甲** ~~乙~~", id="escaped"),
    ],
)
def test_emphasis(markdown: str, text: str) -> None:
    """Signs of emphasis are removed; literal signs stay."""
    assert text_of(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("- [x] 审计\n- [ ] 上线", "审计\n上线", id="tasks"),
        pytest.param("* [X] 甲\n+ [ ] 乙\n1. [x] 丙", "甲\n乙\n丙", id="every kind of list"),
        pytest.param("- [x] **甲：**乙\n  - [ ] 丙", "甲：乙\n丙", id="nested tasks"),
        pytest.param("- [x]\n- [y] 甲\n- [x]乙", "[y] 甲\n[x]乙", id="no tasks"),
        pytest.param("[x] 甲", "[x] 甲", id="outside of a list"),
        pytest.param("> [!NOTE]\n> 甲", "甲", id="alert"),
        pytest.param("> [!tip]- 题\n> 甲", "题\n甲", id="callout with a title"),
        pytest.param("[TOC]\n\n甲", "甲", id="table of contents"),
        pytest.param("[[toc]]\n\n甲[toc]乙", "甲[toc]乙", id="another, and text about it"),
        pytest.param("==重点==，甲==乙==丙", "重点，甲乙丙", id="marked"),
        pytest.param("==**甲：**乙==", "甲：乙", id="emphasis in marked"),
        pytest.param("a==b==c，x == y == z，====", "a==b==c，x == y == z，====", id="comparison"),
        pytest.param("见[[甲]]、[[甲|乙]]、[[甲#节]]、[[#节]]。", "见甲、乙、甲、节。", id="wiki"),
        pytest.param("图![[a.png]]止![[甲|300]]", "图止", id="embedded files"),
        pytest.param("[[1]](http://a) [[2]][b] [[3]]", "[1] [[2]][b] [[3]]", id="numbers"),
        pytest.param("[[甲]](http://a)", "[甲]", id="brackets in a link"),
        pytest.param("[[ -f a ]] `[[甲|乙]]`", "[[ -f a ]] [[甲|乙]]", id="code"),
    ],
)
def test_signs_of_other_tools(markdown: str, text: str) -> None:
    """Signs of GitHub, Obsidian and Typora are removed; their words stay."""
    assert text_of(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("报告[^1]显示\n\n[^1]: 来源", "报告显示\n来源", id="footnote"),
        pytest.param(
            "[^a]: 一\n[^b]: 二\n\n甲[^b]乙[^a]。", "一\n二\n甲乙。", id="before its text"
        ),
        pytest.param("甲[^注]\n\n[^注]: 一\n\n    二\n\n丙", "甲\n一\n二\n丙", id="two paragraphs"),
        pytest.param("甲[^1]\n[^1]: 一\n二", "甲\n一二", id="right below, over two lines"),
        pytest.param("甲\n\n[^9]: 无人引用", "甲\n无人引用", id="referred to by nobody"),
        pytest.param("甲^[注：**乙：**丙]，丁\n\n戊", "甲，丁\n戊\n注：乙：丙", id="inline"),
        pytest.param("x^[2]与^", "x^[2]与^", id="no inline note"),
        pytest.param("甲[^1]乙[^2]", "甲乙", id="numbers without a note"),
        pytest.param("[^a-z]与[^x]", "[^a-z]与[^x]", id="expressions"),
        pytest.param("> 甲[^1]\n>\n> [^1]: 一", "甲\n一", id="in a quotation"),
        pytest.param(
            "[^1]: **甲：**乙[^2]\n\n[^2]: 丙", "甲：乙\n丙", id="with emphasis and notes"
        ),
        pytest.param("- 甲[^1]\n\n[^1]:\n    一", "甲\n一", id="on the next line"),
        pytest.param("`[^1]`\n\n[^1]: 一", "[^1]\n一", id="code"),
    ],
)
def test_footnotes(markdown: str, text: str) -> None:
    """A reference is removed from its sentence, and each note is kept."""
    assert text_of(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("##标题", "<h2>标题</h2>", id="two signs"),
        pytest.param("甲\n###1. 标题 ##\n乙", "<h3>1. 标题</h3>", id="within a paragraph"),
        pytest.param("#标题", "<h1>标题</h1>", id="one sign"),
        pytest.param("#标题 接着", "<p>#标题 接着</p>", id="topic before text"),
        pytest.param("#元宇宙#上市", "<p>#元宇宙#上市</p>", id="topic between signs"),
        pytest.param("#1 交易所", "<p>#1 交易所</p>", id="number"),
        pytest.param("甲\n#乙", "<p>甲\n#乙</p>", id="topic at the end"),
        pytest.param("#######甲", "<p>#######甲</p>", id="seven signs"),
        pytest.param("    ##甲", "<pre><code>##甲", id="indented code"),
        pytest.param("```\n##甲\n```", "##甲\n", id="fenced code"),
    ],
)
def test_headings_without_a_space(markdown: str, html: str) -> None:
    """Hexo accepts them; after a single # only if no text follows, for it often begins a topic."""
    assert html in markdown_html(markdown)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        *(
            "**甲：",
            "**甲：**",
            "~~",
            "==甲 ",
            "==",
            "[[",
            "[[甲|",
            "[^",
            "[^1]",
            "- [x] 甲\n",
            "##甲\n",
        ),
        *(
            "[^1]: ",
            "[^a]: 甲\n",
            "**<!--",
            "**<!--a-->**",
            "**<!--" + "a" * 190,
            "> [!N] ",
            "[^a",
            "![[",
            "甲^[",
            "甲^[乙]",
        ),
    ],
)
def test_cost_grows_with_the_length(unit: str) -> None:
    """Ten times the text takes about ten times the time, hostile or not."""
    assert_linear(lambda body: plain_text("[^a]: 注\n\n" + body, "markdown"), unit)
