"""Lists of words in data files hold no word twice: the second may be a slip for another."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("index/data", "search/data", "seeds/lexicon")
WITH_NUMBERS = "respelled.txt"
"""Its lines end in frequencies, which several words may have."""
FILES = sorted(
    path for folder in FOLDERS for path in (ROOT / folder).iterdir() if path.suffix != ".py"
)


def lists(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each list of a file, with its place."""
    text = path.read_text("utf-8")
    if path.suffix == ".toml":
        yield from _in_table(tomllib.loads(text), path.name)
        return
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    words = [line.split()[0] if path.name == WITH_NUMBERS else line for line in lines if line]
    yield path.name, " ".join(words).split()


def _in_table(value: object, place: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _in_table(below, f"{place} {name}")
    elif isinstance(value, list):
        yield place, [each for each in value if isinstance(each, str)]
        for each in value:
            yield from _in_table(each, place)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_word_twice(path: Path) -> None:
    found = [(place, word) for place, words in lists(path) for word in twice(words)]
    assert found == []


def test_files_of_every_kind_are_read() -> None:
    """Words in lines, words in tables, and what is twice in either."""
    read = {path.name: sum(len(words) for _, words in lists(path)) for path in FILES}

    assert read["dull_words.txt"] > 100
    assert read["respelled.txt"] > 500
    assert read["kinds.toml"] > 10
    assert twice(["元", "宇", "元"]) == ["元"]


def twice(words: list[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]
