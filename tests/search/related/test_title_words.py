"""Words that titles share."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.segmenter import Segmenter
from index.text.normalize import normalize
from search.related.title_words import shared_words
from tests.support.tiny_search import LEXICON

SEGMENTER = Segmenter(LEXICON)
PARTS = ("区块链", "数字人民币", "试点", "V神", "AT", "&", "T", "！", "《", "1,0", "00", " ", "的")
TITLES = st.lists(st.lists(st.sampled_from(PARTS), max_size=6).map("".join), max_size=5)


def test_shared_words() -> None:
    """Each with the titles that have it, however often; signs are none."""
    titles = {"a": "数字人民币试点！", "b": "试点，又一试点！", "c": "区块链！"}
    assert [*shared_words(SEGMENTER, titles, 2)] == [("试点", ["a", "b"])]


@settings(deadline=None, max_examples=100)
@given(TITLES)
def test_titles_are_segmented_alone(written: list[str]) -> None:
    """The words are those of each title by itself, though all are segmented together."""
    titles = {str(at): normalize(title) for at, title in enumerate(written)}
    words = {key: [t.text for t in SEGMENTER.tokens(title)] for key, title in titles.items()}
    tokens = dict.fromkeys(token for each in words.values() for token in each)
    expected = {token: [key for key, each in words.items() if token in each] for token in tokens}

    assert {word.token: word.titles for word in shared_words(SEGMENTER, titles, 1)} == expected
