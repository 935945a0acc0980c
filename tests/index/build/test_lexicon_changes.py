"""Which texts a changed lexicon affects: those with a changed name, and no others."""

import random
import re
from pathlib import Path

import pytest

from index.analysis.segmenter import Segmenter
from index.article import Article
from index.build.lexicon_changes import changed_forms, same_weights
from index.lexicon.model import Concept, Lexicon, token_of
from index.sources.reader import read_articles
from index.text.html import plain_text
from index.text.normalize import normalize

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[3] / "seeds" / "articles"
ONE = Concept("比特币", ("BTC", "大饼"), (), "比特币", "asset")


@pytest.mark.parametrize(
    ("new", "forms"),
    [
        pytest.param(Lexicon((ONE,)), set(), id="nothing"),
        pytest.param(Lexicon(()), {"比特币", "btc", "大饼"}, id="a concept less"),
        pytest.param(Lexicon((ONE, Concept("Ｖ神"))), {"v神"}, id="a concept more"),
        pytest.param(
            Lexicon((Concept("比特币", ("BTC",), (), "比特币", "asset"),)), {"大饼"}, id="an alias"
        ),
        pytest.param(
            Lexicon((Concept("比特币", ONE.aliases, (), "挖矿", "asset"),)),
            {"比特币", "btc", "大饼"},
            id="another topic",
        ),
        pytest.param(Lexicon((ONE,), ("摊大饼",)), {"摊大饼"}, id="a mask"),
        pytest.param(
            Lexicon((Concept("比特币", ONE.aliases, ("BTC",), "比特币", "asset"),)),
            set(),
            id="related is for queries",
        ),
    ],
)
def test_changed_forms(new: Lexicon, forms: set[str]) -> None:
    """Names that were added, removed, or moved to another concept."""
    assert changed_forms(Lexicon((ONE,)), new) == forms
    assert changed_forms(new, Lexicon((ONE,))) == forms


@pytest.mark.parametrize("seed", range(4))
def test_untouched_texts_are_cut_alike(seeds_lexicon: Lexicon, seed: int) -> None:
    """Without a third of our lexicon, texts that lack those names have the same layers."""
    chance = random.Random(seed)
    kept = tuple(c for c in seeds_lexicon.concepts if chance.random() > 1 / 3)
    smaller = Lexicon(kept, tuple(m for m in seeds_lexicon.masks if chance.random() > 1 / 3))
    assert same_weights(seeds_lexicon, smaller)
    forms = changed_forms(seeds_lexicon, smaller)
    forms |= {token_of(form) for form in forms}
    full, small = Segmenter(seeds_lexicon), Segmenter(smaller)
    untouched = [text for text in sentences() if not any(form in text for form in forms)]
    assert len(untouched) > 1_000
    assert [full.layers(text) for text in untouched] == [small.layers(text) for text in untouched]


def sentences() -> list[str]:
    articles = [item for item in read_articles([SEEDS]) if isinstance(item, Article)]
    texts = [normalize(plain_text(a.body, a.body_format)) for a in articles]
    return [part for text in texts for part in re.split(r"[,。;:\n]", text) if part]
