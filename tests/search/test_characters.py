"""Variants of characters are found under each other, and shown as people write them."""

import pytest

from index.analysis.dictionary import usual_spelling
from search.explore.analysis import text_analysis
from search.query.parsing.quotation import quote
from search.vocabulary import MIN_FREQUENT_ARTICLES, frequent_words
from tests.support.tiny_search import LEXICON, article, ask, ids, searcher, segmenter


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        pytest.param("另⼀⽅⾯，⾦融⻛险", ["金融", '"另一方面"', "风险"], id="radicals"),
        pytest.param("Nestle\u0301 与 Hermès", ["Nestlé", "nestle", '"与 Hermes"', "Hermès"], id="accents"),
        pytest.param("e‑CNY 与 Layer–2", ["e-CNY", "Layer-2", '"e—CNY 与"'], id="dashes"),
        pytest.param("山姆•班克曼；贾斯汀・孙", ['"山姆·班克曼"', '"贾斯汀‧孙"'], id="dots"),
        pytest.param("CO₂ 排放，第Ⅲ期，80㎡", ["CO2", '"第III期"', '"80m2"', '"第Ⅲ期"'], id="signs"),
        pytest.param("ﬁntech，What’s new", ["fintech", "what's", '"ﬁn"'], id="ligature, apostrophe"),
        pytest.param("隨著市場回暖，意味著機會", ['"随着市场"', "意味着", '"著市場"', '"着市"'], id="著"),
        pytest.param("帳戶間轉帳，帳本公開", ["账户", "转账", "账本", "帐户", "帳戶"], id="帳"),
        pytest.param("区块鍊与公鍊", ["公链", "区块链", '"鍊与公"'], id="鍊"),
        pytest.param("著名作家的著作权，显著", ["著名", "著作权", "显著", '"著名作"'], id="著名 stays"),
        pytest.param("乾隆年间的乾坤，乾安县", ["乾隆", "乾坤", "乾安县", '"乾安"'], id="乾隆 stays"),
    ],
)  # fmt: skip
def test_found(text: str, queries: list[str]) -> None:
    made = searcher(article("1", "甲", text), article("2", "乙", "无关的文字"))
    for query in queries:
        assert ids(ask(made, query)) == ["1"], query


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("著名经济学家", "著名 经济学家", id="著名"),
        pytest.param("清朝乾隆年间在乾安县", "清朝 乾隆年间 在 乾安县", id="乾隆, 乾安县"),
        pytest.param("搭起帐篷", "搭起 帐篷", id="帐篷"),
        pytest.param("帐户和帳戶", "账户 和 账户", id="账户"),
        pytest.param("有着名校背景", "有着 名校 背景", id="着 before 名"),
        pytest.param("起着作用", "起 着 作用", id="着 before 作"),
        pytest.param("声名狼藉，凭借", "声名狼藉 凭借", id="藉 and 借"),
    ],
)
def test_words_as_people_write_them(text: str, words: str) -> None:
    """Words stay whole, and the analysis shows 著名, not its normalised form."""
    analysis = text_analysis(segmenter(), LEXICON, text)
    assert " ".join(token.token for token in analysis.tokens) == words


def test_frequent_words_as_people_write_them() -> None:
    """A correction to 著名 is spelled that way."""
    number = MIN_FREQUENT_ARTICLES
    made = searcher(*(article(f"{n}", f"第{n}篇", "显著提高，账户") for n in range(number)))
    assert {"显著", "账户"} <= {entry.written for entry in frequent_words(made.snapshot)}


@pytest.mark.parametrize("word", ["随着", "元宇宙", "账户", "借口", "干净", "总账"])
def test_other_words_are_spelled_normally(word: str) -> None:
    assert usual_spelling(word) == word


def test_every_part_of_a_composed_title_is_found() -> None:
    """Law 3 for any part of the title."""
    title = "隨著⾦融機構著手Nestlé的e‑CNY帳戶，第Ⅲ期•山姆"
    made = searcher(article("1", title, "文"))
    shown = ask(made, "", fold=False).hits[0].title.text
    for start in range(len(shown)):
        for end in range(start + 1, min(start + 5, len(shown)) + 1):
            if shown[start:end].strip():
                assert ids(ask(made, quote(shown[start:end]))) == ["1"]
