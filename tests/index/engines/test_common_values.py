"""Values whose articles need not be asked for."""

from index.engines.opensearch.reading.common_values import CommonValues


def test_only_what_was_read() -> None:
    """The commonest are known; others may be anything."""
    commonest = CommonValues()
    assert not commonest.knows("text_fine")
    commonest.learn("text_fine", [("数字", 7), ("人民", 5)], limit=2)
    assert commonest.knows("text_fine")
    assert commonest.articles("text_fine", "数字") == 7
    assert commonest.articles("text_fine", "钱包") is None
    assert commonest.articles("text_words", "数字") is None


def test_all_of_them() -> None:
    """Where fewer came than were asked for there are no others."""
    commonest = CommonValues()
    commonest.learn("topic", [("支付", 3)], limit=10)
    assert commonest.articles("topic", "挖矿") == 0


def test_a_shorter_list_takes_nothing_away() -> None:
    """Who asks for ten after a thousand forgets none."""
    commonest = CommonValues()
    commonest.learn("topic", [("支付", 3), ("挖矿", 2)], limit=1_000)
    commonest.learn("topic", [("支付", 3)], limit=1)
    assert commonest.articles("topic", "挖矿") == 2
