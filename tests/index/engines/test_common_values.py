"""The commonest values of fields, remembered to save requests."""

from index.engines.opensearch.reading.common_values import CommonValues


def test_only_what_was_read() -> None:
    """Only values that were read are known."""
    commonest = CommonValues()
    assert not commonest.knows("text_fine")
    commonest.learn("text_fine", [("数字", 7), ("人民", 5)], limit=2)
    assert commonest.knows("text_fine")
    assert commonest.articles("text_fine", "数字") == 7
    assert commonest.articles("text_fine", "钱包") is None
    assert commonest.articles("text_words", "数字") is None


def test_all_of_them() -> None:
    """If fewer values come than were asked for, other values have no articles."""
    commonest = CommonValues()
    commonest.learn("topic", [("支付", 3)], limit=10)
    assert commonest.articles("topic", "挖矿") == 0


def test_a_shorter_list_is_ignored() -> None:
    """A shorter list does not replace a longer one."""
    commonest = CommonValues()
    commonest.learn("topic", [("支付", 3), ("挖矿", 2)], limit=1_000)
    commonest.learn("topic", [("支付", 3)], limit=1)
    assert commonest.articles("topic", "挖矿") == 2
