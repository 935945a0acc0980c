"""Values that are found once for each string."""

import pytest

from index.analysis import remembered
from index.analysis.remembered import Remembered


def recorded(longest: int) -> tuple[Remembered[int], list[str]]:
    """The lengths of strings, and the strings whose length was asked for."""
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    return Remembered(length, longest), asked


def test_found_once() -> None:
    lengths, asked = recorded(longest=3)
    assert [*map(lengths.__getitem__, ["币", "元宇宙", "币"])] == [1, 3, 1]
    assert asked == ["币", "元宇宙"]


def test_long_strings_are_not_kept() -> None:
    lengths, asked = recorded(longest=2)
    assert [lengths["元宇宙"], lengths["元宇宙"]] == [3, 3]
    assert asked == ["元宇宙", "元宇宙"]
    assert not lengths


def test_a_full_one_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MAX_REMEMBERED", 2)
    lengths, _ = recorded(longest=9)
    assert [lengths[text] for text in ("一", "一二", "一二三")] == [1, 2, 3]
    assert [*lengths] == ["一二三"]
