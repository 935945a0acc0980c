"""Suggestions and co-occurrence read the newest articles only."""

import pytest

from tests.support.tiny_search import DAY, LEXICON, NOW, article, searcher


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets the limit to two articles in place of fifty thousand."""
    monkeypatch.setattr("search.newest.READ_AHEAD_ARTICLES", 2)
    monkeypatch.setattr("search.related.cooccurrence.READ_AHEAD_ARTICLES", 2)


@pytest.mark.usefixtures("_two")
def test_titles_of_older_articles_are_not_suggested() -> None:
    """Concepts of older articles are."""
    over = searcher(
        article("old", "元宇宙旧闻", "元宇宙", published=NOW - 3 * DAY),
        article("new", "元宇宙新闻", "银行", published=NOW),
        article("undated", "元宇宙无期", "银行"),
        article("newer", "元宇宙要闻", "银行", published=NOW + DAY),
    )

    assert [each.text for each in over.aids.suggest("元宇宙")] == [
        "元宇宙",
        "元宇宙要闻",
        "元宇宙新闻",
    ]


@pytest.mark.usefixtures("_two")
def test_co_occurrence_in_older_articles_does_not_count() -> None:
    """Older articles mention it with 以太坊, newer ones with V神."""
    over = searcher(
        article("old", "", "比特币 以太坊", published=NOW - 900 * DAY),
        article("new", "", "比特币 V神", published=NOW),
        article("newer", "", "比特币 NFT", published=NOW + DAY),
    )
    beside = over.aids.cooccurrence()
    bitcoin = LEXICON.by_form["比特币"]

    assert [each.name for each in beside.people(bitcoin)] == ["V神"]
    assert [each.name for each in beside.things(bitcoin)] == ["NFT"]
