"""jieba and its twin in Rust cut texts alike."""

from pathlib import Path

import pytest
from hypothesis import given

from index.analysis.cutters import TAUGHT_STEP, Cutter, JiebaCutter, RjiebaCutter, default_cutter
from index.analysis.segmenter import Segmenter, dictionary_fingerprint
from index.article import Article
from index.lexicon.model import Lexicon
from index.sources.reader import read_articles
from index.text.html import plain_text
from index.text.normalize import normalize
from tests.index.analysis.mixed_texts import HAN, MIXED

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[3] / "seeds" / "articles"
CUTTERS = [pytest.param(JiebaCutter, id="jieba"), pytest.param(RjiebaCutter, id="rjieba")]


@pytest.fixture(scope="module")
def both(seeds_lexicon: Lexicon) -> list[Segmenter]:
    return [Segmenter(seeds_lexicon, cutter()) for cutter in (JiebaCutter, RjiebaCutter)]


@given(HAN | MIXED)
def test_cutters_agree(both: list[Segmenter], text: str) -> None:
    """jieba and rjieba, with the same lexicon, cut any text alike."""
    jieba, rjieba = both
    assert jieba.layers(normalize(text)) == rjieba.layers(normalize(text))


def test_cutters_agree_on_the_seeds(both: list[Segmenter]) -> None:
    """They cut every sample article alike."""
    jieba, rjieba = both
    articles = [item for item in read_articles([SEEDS]) if isinstance(item, Article)]
    texts = [normalize(f"{a.title}\n{plain_text(a.body, a.body_format)}") for a in articles]
    assert len(texts) > 50
    for text in texts:
        assert jieba.segment(text) == rjieba.segment(text)
        assert jieba.layers(text) == rjieba.layers(text)


@pytest.mark.parametrize("cutter", CUTTERS)
def test_a_cutter_of_ones_own(cutter: type[Cutter]) -> None:
    """Adding words to one cutter changes neither another one nor the library's globals."""
    taught, other = cutter(), cutter()
    assert taught.add("宙宇元", 1_000) == 1_000
    assert taught.has("宙宇元")
    assert taught.cut("宙宇元") == ["宙宇元"]
    assert not other.has("宙宇元")


@pytest.mark.parametrize("cutter", CUTTERS)
def test_a_word_taught_twice(cutter: type[Cutter]) -> None:
    """The old weight of a known word is subtracted, so both cutters have the same sum."""
    taught = cutter()
    assert taught.add("上链", 1_000) == 998
    assert taught.add("宙宇元", 1_000) == 1_000


@pytest.mark.parametrize("cutter", CUTTERS)
def test_what_is_taught_has_one_weight(cutter: type[Cutter], seeds_lexicon: Lexicon) -> None:
    """Adding a word does not change the relative weight of others."""
    smaller = Lexicon(seeds_lexicon.concepts[1:], seeds_lexicon.masks)
    whole = Segmenter(seeds_lexicon, cutter())
    assert whole.taught == Segmenter(smaller, cutter()).taught == TAUGHT_STEP


def test_the_fast_cutter_is_preferred() -> None:
    """rjieba is used if installed; the fingerprint is the same."""
    assert default_cutter().name == "rjieba"
    assert len(dictionary_fingerprint()) == 16
