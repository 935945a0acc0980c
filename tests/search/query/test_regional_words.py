"""One word under the names that the mainland, Taiwan and Hong Kong give it."""

import pytest

from index.errors import LexiconError
from index.lexicon.loading import read_lexicon
from index.lexicon.model import Lexicon
from search.searcher import Searcher
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import article, ask, fill, found

REGIONAL = Lexicon(regional=(("软件", "軟體"), ("收益率", "殖利率"), ("网络", "網路")))


def over(*lines: str) -> Searcher:
    articles = [article(str(at), "", line) for at, line in enumerate(lines)]
    return Searcher(fill(NaiveEngine(), articles, REGIONAL).open())


@pytest.mark.parametrize("query", ["软件", "軟體", "软体"])
def test_either_word_finds_both(query: str) -> None:
    made = over("新的軟體上市", "新的软件上市", "硬件上市")
    assert found(made, query) == {"0", "1"}


def test_the_other_word_is_named_where_an_article_has_it() -> None:
    made = over("新的軟體上市", "收益率上升")
    assert ask(made, "软件").query.also_searched == ("軟體",)
    assert ask(made, "收益率").query.also_searched == ()


def test_as_typed_only() -> None:
    """Neither in quotes nor when other names are turned off."""
    made = over("新的軟體上市", "新的软件上市")
    assert found(made, '"软件"') == {"1"}
    assert found(made, "软件", verbatim=True) == {"1"}


def test_kept_with_a_generation() -> None:
    assert Lexicon.from_json(REGIONAL.to_json()) == REGIONAL


@pytest.mark.parametrize("row", ["软件", "软件 軟件", '软件 軟體", "網路 軟體'])
def test_rows_that_say_nothing(row: str) -> None:
    with pytest.raises(LexiconError, match="地区词"):
        read_lexicon([("regional.toml", f'regional = ["{row}"]')])


def test_the_pairs_we_ship(seeds_lexicon: Lexicon) -> None:
    assert sum(len(group) - 1 for group in seeds_lexicon.regional) >= 300
