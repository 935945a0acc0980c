"""What only the Tantivy adapter has: names beside the index, characters as tokens."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.base import All, Or, Prefix, Query, Substring, Term
from index.engines.characters import characters, pairs, read, written
from index.engines.tantivy.names import MAX_FILES, PATTERN, Names, NameWriter
from index.engines.tantivy.queries import constant_score
from index.errors import EngineUnavailable
from index.settings import Settings


def test_names_of_many_updates(tmp_path: Path) -> None:
    """Every article keeps its name; many files become one, which other folders do not see."""
    for first in range(0, 30, 2):
        writer = NameWriter(first)
        for number in (first, first + 1):
            writer.add(f"号{number}", f"故事{number}")
        writer.close(tmp_path)

    assert len(list(tmp_path.glob(PATTERN))) <= MAX_FILES
    assert Names(tmp_path).read([0, 1, 17, 29]) == [
        (f"号{number}", f"故事{number}") for number in (0, 1, 17, 29)
    ]


def test_a_merge_leaves_the_old_files_alone(tmp_path: Path) -> None:
    """They may be hard links of another generation's."""
    writer = NameWriter(0)
    writer.add("甲", "甲")
    writer.close(tmp_path)
    (linked := tmp_path / "linked").mkdir()
    for file in tmp_path.glob(PATTERN):
        (linked / file.name).hardlink_to(file)
    for first in range(1, MAX_FILES + 1):
        writer = NameWriter(first)
        writer.add(f"乙{first}", "乙")
        writer.close(linked)

    assert Names(tmp_path).read([0]) == [("甲", "甲")]
    assert Names(linked).read([0, MAX_FILES]) == [("甲", "甲"), (f"乙{MAX_FILES}", "乙")]


@given(st.text(st.characters()))
def test_any_string_comes_back(text: str) -> None:
    """Lone surrogates, which Tantivy does not take, are written as private characters."""
    written(text).encode()  # lone surrogates would raise
    if not any(ord(character) >= 0x10F800 for character in text):
        assert read(written(text)) == text


@given(st.text(st.characters()))
def test_characters_are_tokens(text: str) -> None:
    """One for one, none of them white space; and a pair begins with each."""
    tokens = characters(text)

    assert len(tokens) == len(text) == len(pairs(tokens))
    assert not any(token.isspace() for token in tokens)


@pytest.mark.parametrize(
    ("query", "score"),
    [
        pytest.param(Term("text_words", "银行"), None, id="a word"),
        pytest.param(Term("source", "甲"), 0.0, id="a keyword"),
        pytest.param(Substring("银行"), 1.0, id="a quote"),
        pytest.param(Prefix("text_words", "银"), 1.0, id="a prefix"),
        pytest.param(Or((Term("source", "甲"), All())), 0.0, id="nothing scored"),
        pytest.param(Or((Substring("银"), All())), None, id="some more than others"),
    ],
)
def test_constant_scores(query: Query, score: float | None) -> None:
    """Where all matches score alike, the order is by date."""
    assert constant_score(query) == score


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One line that says what to install."""
    import sys  # noqa: PLC0415

    from index.engines.registry import open_engine  # noqa: PLC0415

    for name in [name for name in sys.modules if name.startswith("index.engines.tantivy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tantivy", None)
    with pytest.raises(EngineUnavailable, match="pip install"):
        open_engine(Settings(index_dir=tmp_path, engine="tantivy"))
