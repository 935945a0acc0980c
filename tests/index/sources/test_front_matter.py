"""Front matter as written by other tools and by people: its fields, and where it ends."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.sources.front_matter import parted
from index.sources.markdown import read_markdown
from index.sources.yaml_fields import FrontMatterError, yaml_fields
from tests.support.cost import assert_linear


def article(text: str) -> Article:
    found = read_markdown(text.encode("utf-8", "surrogatepass"), "/x/a.md", "a.md")
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize(
    ("line", "title"),
    [
        pytest.param("title: 财经早餐: 央行降准", "财经早餐: 央行降准", id="a colon"),
        pytest.param("title: [快讯] 央行降准", "[快讯] 央行降准", id="brackets, then text"),
        pytest.param("title: {快讯} 央行降准", "{快讯} 央行降准", id="braces, then text"),
        pytest.param('title: "元宇宙"第一股', '"元宇宙"第一股', id="quotes, then text"),
        pytest.param('title: "元宇宙"与"NFT"', '"元宇宙"与"NFT"', id="two in quotes"),
        pytest.param("title: '元宇宙'第一股", "'元宇宙'第一股", id="single quotes, then text"),
        pytest.param("title: *ST某某复牌", "*ST某某复牌", id="an asterisk"),
        pytest.param("title: *ST", "*ST", id="an alias"),
        pytest.param("title: @央行 降准", "@央行 降准", id="at"),
        pytest.param("title: `链上` 观察", "`链上` 观察", id="backquotes"),
        pytest.param("title: %5 涨幅", "%5 涨幅", id="per cent"),
        pytest.param("title: - 央行", "- 央行", id="a dash"),
        pytest.param("title: > 央行", "> 央行", id="greater than"),
        pytest.param("title: | 央行", "| 央行", id="a bar"),
        pytest.param("title: !重磅 央行", "!重磅 央行", id="a tag"),
        pytest.param(
            "title: !!python/object:os.system x", "!!python/object:os.system x", id="code"
        ),
        pytest.param("title: 'It's'", "It's", id="a quote in quotes"),
        pytest.param('title: "他说"你好""', '他说"你好"', id="quotes in quotes"),
        pytest.param("title: 早餐: 央行\n  降准", "早餐: 央行 降准", id="two lines"),
        pytest.param("title: 央行 #数字人民币 试点", "央行 #数字人民币 试点", id="a hashtag"),
        pytest.param("title: #元宇宙# 观察", "#元宇宙# 观察", id="hashtags first"),
        pytest.param("title: 央行 # 注释", "央行", id="a comment"),
        pytest.param("title: '央行' #注释", "央行", id="a comment after quotes"),
        pytest.param("title：央行", "央行", id="full-width colon"),
        pytest.param("标题：央行", "央行", id="a Chinese key"),
        pytest.param("title:央行", "央行", id="no space"),
        pytest.param("title:\u00a0央行", "央行", id="no-break space"),
        pytest.param("title:\u3000央行", "央行", id="ideographic space"),
        pytest.param("title:\t央行", "央行", id="tab"),
        pytest.param("\u200btitle: 央行", "央行", id="zero-width space before the key"),
        pytest.param("\ufefftitle: 央行", "央行", id="byte order mark before the key"),
        pytest.param("title: 央\x07行\x1b", "央行", id="control characters"),
        pytest.param("title: 央\u2028行", "央 行", id="line separator"),
        pytest.param("title: 央\x85行", "央 行", id="next line"),
        pytest.param("TITLE: 央行", "央行", id="capitals"),
        pytest.param('"title": 央行', "央行", id="a key in quotes"),
    ],
)
def test_lines_as_people_write_them(line: str, title: str) -> None:
    """A line means what a reader sees, and does not damage the other lines."""
    found = article(f"---\n{line}\ndate: 2022-09-05\ntags: [甲, 乙]\n---\n正文")
    assert (found.title, found.body, found.categories) == (title, "正文", ("甲", "乙"))
    assert found.published is not None
    first = article(f"---\ndate: 2022-09-05\n{line}\n---\n正文")
    assert (first.title, first.published) == (title, found.published)


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param("tags:\n\t- 甲\n\t- 乙", id="tabs"),
        pytest.param("tags:\n- 甲\n- 乙", id="no indent"),
        pytest.param("tags:\n  - 甲\n\n  - 乙", id="a blank line"),
        pytest.param("tags: [甲, 乙]", id="brackets"),
        pytest.param("tags: 甲，乙", id="full-width comma"),
        pytest.param("tags：甲，乙", id="full-width colon"),
    ],
)
def test_lists(tags: str) -> None:
    """Lists with any indentation."""
    assert article(f"---\ntitle: x\n{tags}\n---\n正文").categories == ("甲", "乙")


def test_lists_of_words_that_do_not_parse() -> None:
    """Each item is taken literally."""
    assert article("---\ntags:\n  - @甲\n  - *乙\n---\n正文").categories == ("@甲", "*乙")
    assert article("---\ntags: [@甲, *乙]\n---\n正文").categories == ("@甲", "*乙")
    assert article("---\ntags: #甲 #乙\n---\n正文").categories == ("甲", "乙")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="Jekyll"),
        pytest.param(
            "---  \ntitle: 题\ndate: 2022-09-05\n---\t\n正文", id="spaces after the rules"
        ),
        pytest.param("-----\ntitle: 题\ndate: 2022-09-05\n-----\n正文", id="longer rules"),
        pytest.param("---\ntitle: 题\ndate: 2022-09-05\n...\n正文", id="Pandoc's end"),
        pytest.param("\ufeff---\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="byte order mark"),
        pytest.param("\u200b---\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="zero-width space"),
        pytest.param("title: 题\ndate: 2022-09-05\n---\n正文", id="Hexo, no opening line"),
        pytest.param(
            "layout: post\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="Hexo, other first"
        ),
        pytest.param(
            ';;;\n"title": "题",\n"date": "2022-09-05"\n;;;\n正文', id="Hexo, opened JSON"
        ),
        pytest.param("---yaml\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="a named language"),
        pytest.param('"title": "题",\n"date": "2022-09-05"\n;;;\n正文', id="Hexo, JSON"),
        pytest.param("---\n# 注释\n\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="comments"),
        pytest.param("---\nlayout: post\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="other keys"),
        pytest.param("---\n编号: 7\ntitle: 题\ndate: 2022-09-05\n---\n正文", id="a Chinese key"),
        pytest.param('{"title": "题", "date": "2022-09-05"}\n\n正文', id="Hugo, JSON"),
        pytest.param('{\n  "title": "题",\n  "date": "2022-09-05"\n}\n正文', id="Hugo, long JSON"),
        pytest.param('---\n{"title": "题", "date": "2022-09-05"}\n---\n正文', id="JSON in YAML"),
        pytest.param("+++\ntitle = '题'\ndate = 2022-09-05\n+++\n正文", id="Hugo, TOML"),
        pytest.param("% 题\n%\n% 2022-09-05\n\n正文", id="Pandoc's title block"),
    ],
)
def test_frames(text: str) -> None:
    """Every kind of delimiter gives the same article."""
    found = article(text)
    assert (found.title, found.body) == ("题", "正文")
    assert str(found.published) == "2022-09-05 00:00:00+08:00"


def test_authors_of_a_title_block() -> None:
    """Pandoc divides them with semicolons or lines."""
    fields, body = parted("% 很长的\n  题\n% 张三; 李四\n  王五\n正文")
    assert (fields["title"], fields["author"], body) == (
        "很长的\n  题",
        ["张三", "李四", "王五"],
        "正文",
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\n\n央行今日降准。\n\n---\n\n市场反应积极。", id="a rule, then text"),
        pytest.param("---\n- 央行降准\n- 市场\n---\n正文", id="a rule, then a list"),
        pytest.param("---\n提示：央行降准。\n---\n正文", id="a text with a colon"),
        pytest.param("---\n提示: 央行降准。\n---\n正文", id="a text with a half-width colon"),
        pytest.param("---\n\n正文到底。", id="a rule and no other"),
        pytest.param("---", id="nothing but a rule"),
        pytest.param("正文：如下\n---\n其余", id="a heading with a colon"),
        pytest.param("title: 是什么\n\n正文一段。\n\n---\n\n其余", id="a paragraph before a rule"),
        pytest.param("{{< figure >}}\n正文", id="a template tag"),
        pytest.param('{"a": 1}\n正文', id="an object of something else"),
        pytest.param("%5 的涨幅", id="per cent"),
    ],
)
def test_texts_without_front_matter(text: str) -> None:
    """The whole file is text."""
    assert parted(text) == ({}, text)


def test_a_rule_on_the_first_line_loses_no_text() -> None:
    """The text on both sides of the rule is kept."""
    body = article("---\n\n央行今日降准。\n\n---\n\n市场反应积极。").body
    assert "央行今日降准。" in body
    assert "市场反应积极。" in body


def test_references_build_nothing() -> None:
    """YAML references stay text, so that nothing can grow without limit."""
    fields = yaml_fields("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nd: &d [*d]")
    assert fields == {"a": ["x", "x"], "b": "&b [*a, *a]", "c": "[*b, *b]", "d": "&d [*d]"}


@given(
    st.text() | st.lists(st.sampled_from([*"a:#'\"[]{}|>*&!%@`-\n \t：甲", "title: "])).map("".join)
)
def test_any_yaml(front: str) -> None:
    """Any text gives fields or a FrontMatterError."""
    with suppress(FrontMatterError):
        assert all(isinstance(key, str) for key in yaml_fields(front))


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "\t",
        "a ",
        "a: [",
        "- ",
        "title ",
        "# ",
        "：",
        "\n ",
        "a:\n",
        "'",
        "% a\n ",
        "title: #a ",
    ],
)
def test_time_grows_with_length(unit: str) -> None:
    """Hostile front matter takes time in proportion to its length."""

    def read(front: str) -> None:
        text = "---\ntitle: x\n" + front + "\n---\n"
        for each in (text, text[4:]):
            with suppress(FrontMatterError):
                parted(each)

    assert_linear(read, unit)
