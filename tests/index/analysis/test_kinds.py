"""The kind of an article, from what its publisher declares and what its text shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.kinds import kinds_given, read_labels, score
from index.analysis.kinds import FRAGMENT, KINDS, MACHINE_TRANSLATED, PROMOTIONAL, kinds_of
from index.text.normalize import normalize
from tests.support.machine import SHARED

NEWS = "央行今日宣布扩大数字人民币试点范围，新增十一个城市，并公布了首批参与的银行名单。"


def kinds(title: str, text: str, *categories: str) -> tuple[str, ...]:
    return kinds_of(normalize(title), normalize(text), normalize(text), categories)


@pytest.mark.parametrize(
    "category",
    [
        "machine-translated",
        "Machine Translated",
        "machine_translation",
        "机器翻译",
        "机翻",
        "AI 翻译",
    ],
)
def test_a_category_declares_machine_translation(category: str) -> None:
    assert kinds("试点扩大", NEWS, "资讯", category) == (MACHINE_TRANSLATED,)


@pytest.mark.parametrize(
    "category", ["推广", "软文", "Sponsored", "sponsored content", "advertorial"]
)
def test_a_category_declares_promotion(category: str) -> None:
    assert kinds("试点扩大", NEWS, category) == (PROMOTIONAL,)


@pytest.mark.parametrize("category", ["翻译", "计算机", "广告业", "translated", "推广计划"])
def test_other_categories_declare_nothing(category: str) -> None:
    assert kinds("试点扩大", NEWS, category) == ()


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        pytest.param("本文由机器翻译，仅供参考。", True, id="by a machine"),
        pytest.param("（本文由 DeepL 翻译）", True, id="by a named program"),
        pytest.param("本文內容由Google翻譯完成。", True, id="traditional characters"),
        pytest.param("本文由 ChatGPT 翻译，编辑校对。", True, id="corrected by a person"),
        pytest.param("This page was machine-translated from English.", True, id="in English"),
        pytest.param(
            "本文介绍机器翻译的历史，从规则到统计。", False, id="about machine translation"
        ),
        pytest.param("本文系人工翻译，非机器翻译。", False, id="not by a machine"),
        pytest.param("本文由谷歌翻译插件的作者撰写。", False, id="about a program"),
        pytest.param("本文由张三翻译，李四校对。", False, id="by a person"),
    ],
)
def test_a_sentence_declares_machine_translation(sentence: str, holds: bool) -> None:
    """Only at the beginning or the end of the text, not in the middle of a long one."""
    found = (MACHINE_TRANSLATED,) if holds else ()
    assert kinds("试点扩大", f"{sentence}\n{NEWS}") == found
    assert kinds("试点扩大", f"{NEWS}\n{sentence}") == found
    assert kinds("试点扩大", f"{NEWS * 15}\n{sentence}\n{NEWS * 15}") == ()


@pytest.mark.parametrize(
    ("title", "text", "holds"),
    [
        pytest.param("试点扩大", NEWS, False, id="a short report"),
        pytest.param("试点扩大", "", True, id="nothing"),
        pytest.param("格力突围", "“困住了”。", True, id="a few words"),
        pytest.param(
            "试点扩大到二十六城", "原标题：试点扩大到二十六城", True, id="the title again"
        ),
        pytest.param(
            "某公司拟减持百分之一点五的股份并变更名称",
            "原标题：某公司拟减持百分之一点五的股份并变更名称某报网（www.example.com）05月09日讯（某报）",
            True,
            id="the title again and a dateline",
        ),
        pytest.param("央行快评", "某网消息：本台播发央行快评。", True, id="only announced"),
        pytest.param(
            "央行扩大试点", f"央行扩大试点，新增十一个城市，{NEWS}", False, id="the title and more"
        ),
        pytest.param(
            "试点", "央行发布白皮书，对研发背景、目标愿景…… 阅读全文", True, id="a teaser"
        ),
        pytest.param(
            "试点",
            "据报道，中国人民银行今天发布了关于数字货币的白皮书，其中提到[…]",
            True,
            id="cut",
        ),
        pytest.param("试点", f"{NEWS * 4}… 阅读全文", False, id="much before it is cut off"),
        pytest.param("试点", f"{NEWS[:-1]}……", False, id="dots for style"),
        pytest.param(NEWS * 2, NEWS * 2, False, id="a post without a title of its own"),
        pytest.param(NEWS[:30], NEWS[:30], True, id="a headline as text"),
    ],
)
def test_fragments(title: str, text: str, holds: bool) -> None:
    assert (FRAGMENT in kinds(title, text)) == holds


def test_boilerplate_is_no_content() -> None:
    """A headline with nothing but boilerplate is a fragment."""
    text = normalize("版权声明：本网所有内容未经许可不得转载。如有侵权请联系我们删除。")
    assert kinds_of("花呗是什么", text, "", ()) == (FRAGMENT,)


def test_a_field_declares_machine_translation() -> None:
    assert kinds_of("a", NEWS, NEWS, (), machine_translated=True) == (MACHINE_TRANSLATED,)


@given(st.text(max_size=300), st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
def test_any_text(title: str, text: str, categories: list[str]) -> None:
    """Any text has some of the kinds, each once, in their order."""
    found = kinds(title, text, *categories)
    assert list(found) == [kind for kind in KINDS if kind in found]


@pytest.mark.corpus
@pytest.mark.slow
def test_of_the_labelled_articles() -> None:
    """Precision over the labelled articles is high for promotion and for the other kinds."""
    rows = read_labels()
    given_kinds = kinds_given(SHARED / "data" / "news" / "corpus.jsonl.gz", rows)
    for kind, recall in ((MACHINE_TRANSLATED, 1.0), (PROMOTIONAL, 0.9), (FRAGMENT, 0.75)):
        found = score(rows, given_kinds, kind)
        assert found.precision >= 0.97, kind
        assert found.recall >= recall, kind
