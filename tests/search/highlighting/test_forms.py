"""Which forms of a word a text has, compared with a regular expression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.numbers.amounts import amounts
from index.text.numbers.spellings import spellings
from search.highlighting.forms import Forms
from tests.support.naive_forms import naive_spans

FORMS = (
    *(
        "元宇宙",
        "元宇宙银行",
        "宇宙",
        "银行家",
        "元",
        "元元",
        "eth",
        "beth",
        "usdt",
        "v3",
        "uniswap v3",
        "c++",
    ),
    *("6万", "6", ".5", "²", "v神", "e-cny", "", "\n"),
)
BETWEEN = ("元", "宇", "a", "1", "1.", "2,", "，", " ", "\n", "²", "😀")
forms = st.lists(st.sampled_from(FORMS), max_size=6).map(tuple)
texts = st.lists(st.sampled_from((*FORMS, *BETWEEN)), max_size=12).map("".join)


def amount_forms(text: str) -> tuple[str, ...]:
    (amount,) = amounts(text)
    return tuple(spellings(amount))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        pytest.param(("元宇宙", "元宇宙银行"), "[元宇宙银行]与[元宇宙]", id="the longest"),
        pytest.param(
            ("银行家", "元宇宙银行"), "[元宇宙银行]家", id="the first of two that overlap"
        ),
        pytest.param(("元元",), "[元元]元", id="not half of one that is matched"),
        pytest.param(("eth",), "[eth]大涨，method，eth2，beth-[eth]", id="no part of a Latin word"),
        pytest.param(
            ("6", "20000"), "eth[6]万，btc[20000]，btc200001，b6", id="a number of a code"
        ),
        pytest.param(
            ("eth", "usdt"),
            "[eth][usdt]，[eth][eth]，[eth]20000，beth[usdt]，stethusdt2，usdtx",
            id="a word of a code",
        ),
        pytest.param(("6万",), "[6万]，1.6万，1,6万，16万，a6万，.[6万]", id="no part of a number"),
        pytest.param(("c++",), "[c++]，[c++]3，ac++", id="a sign at its end"),
        pytest.param(("v神", "v"), "[v神]，[v]", id="one character"),
        pytest.param(
            amount_forms("6万美元"),
            "[60,000 美元]，[六万美金]，160,000美元，[$60,000]",
            id="an amount",
        ),
        pytest.param((), "元宇宙", id="none"),
        pytest.param(("",), "元宇宙", id="an empty one"),
    ],
)
def test_forms(words: tuple[str, ...], text: str) -> None:
    """Matches are shown as brackets."""
    bare = text.replace("[", "").replace("]", "")
    shown = bare
    for start, end in reversed(Forms(words).spans(bare)):
        shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
    assert shown == text
    assert Forms(words).spans(bare) == naive_spans(words, bare)


@given(forms, forms, texts)
def test_spans(words: tuple[str, ...], runs: tuple[str, ...], text: str) -> None:
    """Runs match anywhere, also where the same form is a word."""
    assert Forms(words, runs).spans(text) == naive_spans(words, text, runs)


@given(forms, forms, texts)
def test_one_after_the_other(words: tuple[str, ...], runs: tuple[str, ...], text: str) -> None:
    """The first match from the end of each is the next of all."""
    found, spans, end = Forms(words, runs), [], 0
    while span := found.first(text, end):
        spans.append(span)
        end = span[1]
    assert spans == found.spans(text)


@given(st.sampled_from(("6万美元", "15%", "10亿元", "60000")), st.data())
def test_spellings_of_amounts(typed: str, data: st.DataObject) -> None:
    """They share their beginnings, and longer numbers contain them."""
    words = amount_forms(typed)
    parts = st.lists(st.sampled_from((*words, *BETWEEN)), max_size=8)
    text = "".join(data.draw(parts))
    assert Forms(words).spans(text) == naive_spans(words, text)


@pytest.mark.parametrize(
    ("words", "runs", "run"),
    [
        pytest.param(("元宇宙",), (), "元宇宙", id="Chinese"),
        pytest.param(("eth",), (), "", id="Latin"),
        pytest.param((), ("eth",), "eth", id="Latin in quotes"),
        pytest.param(("元宇宙", "元界"), (), "", id="two of one beginning"),
        pytest.param(("元宇宙", "银行"), (), "", id="two"),
        pytest.param((), (), "", id="none"),
    ],
)
def test_run(words: tuple[str, ...], runs: tuple[str, ...], run: str) -> None:
    """The only form, where it matches anywhere."""
    assert Forms(words, runs).run == run
