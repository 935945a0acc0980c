"""The file of articles that must not return."""

from pathlib import Path

import pytest

from index.errors import IndexDamaged
from index.takedowns import TAKEDOWNS_FILE, Takedown, Takedowns, twin_of, with_twins


def test_nothing_yet(tmp_path: Path) -> None:
    """Without a file there are no takedowns."""
    assert Takedowns(tmp_path).read() == {}


@pytest.mark.parametrize("reason", ["投诉", "", "第一行\n第二行", "奇怪的换行\u2028\x85", '“引号"'])
def test_what_is_added_is_read(tmp_path: Path, reason: str) -> None:
    """Any reason is read back; the last entry of an id counts."""
    first, second = Takedown("文章/1", reason, 1_000), Takedown("b", "侵权", 2_000)
    Takedowns(tmp_path).add([first])
    Takedowns(tmp_path).add([second, Takedown("b", "再次", 3_000)])
    assert Takedowns(tmp_path).read() == {"文章/1": first, "b": Takedown("b", "再次", 3_000)}


@pytest.mark.parametrize("line", ["{", '{"id": "a"}', "[]", '"a"', '{"id": 1, "x": 2}'])
def test_a_damaged_file(tmp_path: Path, line: str) -> None:
    """It is an error: an empty list would bring articles back."""
    (tmp_path / TAKEDOWNS_FILE).write_text(f"{line}\n", "utf-8")
    with pytest.raises(IndexDamaged, match=TAKEDOWNS_FILE):
        Takedowns(tmp_path).read()


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """The same for a file that is not UTF-8."""
    (tmp_path / TAKEDOWNS_FILE).write_bytes(b"\xff\xfe\n")
    with pytest.raises(IndexDamaged, match=TAKEDOWNS_FILE):
        Takedowns(tmp_path).read()


def test_blank_lines(tmp_path: Path) -> None:
    """Empty lines are ignored."""
    Takedowns(tmp_path).add([Takedown("a", "投诉", 1)])
    path = tmp_path / TAKEDOWNS_FILE
    path.write_text(f"\n{path.read_text('utf-8')}\r\n\n", "utf-8")
    assert list(Takedowns(tmp_path).read()) == ["a"]


def test_twins() -> None:
    """For each removed article, another article of its story that stays."""
    stories = {"a": "s", "b": "s", "c": "s", "d": "t"}

    found = with_twins(["a", "d", "b"], "投诉", 9, stories)

    assert found == [
        *(Takedown("a", "投诉", 9, "c"), Takedown("d", "投诉", 9), Takedown("b", "投诉", 9, "c")),
    ]


@pytest.mark.parametrize(
    ("twins", "found"),
    [
        pytest.param({"a": "b"}, "b", id="there"),
        pytest.param({"a": "b", "b": "c"}, "c", id="taken down later"),
        pytest.param({"a": "b", "b": None}, None, id="the last"),
        pytest.param({"a": "b", "b": "a"}, None, id="each named the other"),
        pytest.param({}, "a", id="not taken down"),
    ],
)
def test_the_twin_of_an_article(twins: dict[str, str | None], found: str | None) -> None:
    """Followed along the list to an article that was not removed."""
    taken = {name: Takedown(name, "", 0, twin) for name, twin in twins.items()}
    assert twin_of("a", taken) == found
