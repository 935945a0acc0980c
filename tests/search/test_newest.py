"""Suggestions and statistics of concepts read the newest articles only."""

import pytest

from tests.support.tiny_search import DAY, NOW, article, searcher


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets the limit to two articles in place of fifty thousand."""
    monkeypatch.setattr("search.newest.READ_AHEAD_ARTICLES", 2)
    monkeypatch.setattr("search.related.concept_articles.READ_AHEAD_ARTICLES", 2)


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
def test_older_articles_do_not_count_for_concepts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which articles mention a concept is read of the newest ones."""
    monkeypatch.setattr("search.related.concept_articles.MIN_ARTICLES", 1)
    over = searcher(
        article("old", "", "比特币 以太坊", published=NOW - 900 * DAY),
        article("new", "", "比特币 V神", published=NOW),
        article("newer", "", "比特币 NFT", published=NOW + DAY),
    )
    among = over.aids.concept_articles()
    read = {concept.name: ids for concept, ids in among.mentioning.items() if ids}

    assert read == {"比特币": {"new", "newer"}, "V神": {"new"}, "NFT": {"newer"}}
    assert among.total == 2
    assert set(among.published) == {"new", "newer"}
