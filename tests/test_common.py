"""Values whose articles need not be asked for."""

from index.engines.opensearch.common import Common


def test_only_what_was_read() -> None:
    """The commonest are known; others may be anything."""
    common = Common()
    assert not common.knows("text_fine")
    common.learn("text_fine", [("数字", 7), ("人民", 5)], limit=2)
    assert common.knows("text_fine")
    assert common.articles("text_fine", "数字") == 7
    assert common.articles("text_fine", "钱包") is None
    assert common.articles("text_words", "数字") is None


def test_all_of_them() -> None:
    """Where fewer came than were asked for there are no others."""
    common = Common()
    common.learn("topic", [("支付", 3)], limit=10)
    assert common.articles("topic", "挖矿") == 0


def test_a_shorter_list_takes_nothing_away() -> None:
    """Who asks for ten after a thousand forgets none."""
    common = Common()
    common.learn("topic", [("支付", 3), ("挖矿", 2)], limit=1_000)
    common.learn("topic", [("支付", 3)], limit=1)
    assert common.articles("topic", "挖矿") == 2
