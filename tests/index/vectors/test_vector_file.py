"""The file of vectors: what was appended is read, and nothing that is damaged."""

from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexLocked
from index.vectors.vector_file import HEADER_BYTES, TEXT_CHARS, VectorFile, key_of
from tests.support.fake_embedder import FakeEmbedder, direction

GOLD, BANK = direction("黄金"), direction("银行")
ROW = 8 + 2 * FakeEmbedder.dimensions


def file_in(folder: Path, name: str = "fake") -> VectorFile:
    return VectorFile(folder, FakeEmbedder(name))


def held(file: VectorFile, *keys: int) -> dict[int, list[float]]:
    return {key: vector.tolist() for key, vector in file.vectors().of(keys).items()}


@pytest.fixture
def filled(tmp_path: Path) -> VectorFile:
    file = file_in(tmp_path)
    with file.writing() as writer:
        writer.append({7: GOLD})
        writer.append({2**64 - 1: BANK, 0: GOLD})
    return file


def test_what_was_appended_is_read(filled: VectorFile) -> None:
    """By this process and by another, and other keys have no vector."""
    for file in (filled, file_in(filled.path.parent)):
        assert len(file.vectors()) == 3
        assert held(file, 7, 8, 2**64 - 1) == {7: GOLD.tolist(), 2**64 - 1: BANK.tolist()}
        assert 0 in file.vectors()
        assert 8 not in file.vectors()


def test_without_a_file(tmp_path: Path) -> None:
    """There are no vectors, and no file is made by looking."""
    assert held(file_in(tmp_path), 7) == {}
    assert [*tmp_path.iterdir()] == []


def test_more_vectors_are_seen_and_told(filled: VectorFile) -> None:
    """What is appended later is found, under another stamp."""
    before = filled.vectors()
    with filled.writing() as writer:
        writer.append({9: BANK})

    assert 9 in filled.vectors()
    assert 9 not in before
    assert filled.vectors().stamp != before.stamp


@pytest.mark.parametrize("left", range(1, ROW))
def test_half_a_row_is_no_row(filled: VectorFile, left: int) -> None:
    """A writer that was killed in a row leaves the others, and the next one goes on after them."""
    whole = filled.path.read_bytes()
    filled.path.write_bytes(whole[: HEADER_BYTES + 2 * ROW + left])

    assert 7 in filled.vectors()
    assert len(filled.vectors()) == 2
    with filled.writing() as writer:
        writer.append({9: BANK})
    assert held(filled, 7, 9) == {7: GOLD.tolist(), 9: BANK.tolist()}


@pytest.mark.parametrize("damage", [b"\0" * ROW, b"\x07" + b"\0" * 7 + b"\xff" * (ROW - 8)])
def test_a_damaged_row_has_no_vector(filled: VectorFile, damage: bytes) -> None:
    """A power cut may leave zeros, or anything: such a vector is not used."""
    whole = filled.path.read_bytes()
    filled.path.write_bytes(whole[:HEADER_BYTES] + damage + whole[HEADER_BYTES + ROW :])

    assert held(filled, 7, 2**64 - 1) == {2**64 - 1: BANK.tolist()}
    assert 7 not in filled.vectors()
    with filled.writing() as writer:
        writer.append({7: GOLD})
    assert held(filled, 7) == {7: GOLD.tolist()}


@pytest.mark.parametrize("size", [0, 1, HEADER_BYTES - 1])
def test_half_a_header(filled: VectorFile, size: int) -> None:
    """A writer that was killed at its very beginning left no vectors; the next one begins anew."""
    filled.path.write_bytes(filled.path.read_bytes()[:size])

    assert len(filled.vectors()) == 0
    with filled.writing() as writer:
        writer.append({9: BANK})
    assert held(filled, 9) == {9: BANK.tolist()}


def test_vectors_of_another_model(filled: VectorFile) -> None:
    """They are not compared with this one's, and give way to them."""
    other = file_in(filled.path.parent, "other")

    assert held(other, 7) == {}
    with other.writing() as writer:
        writer.append({9: BANK})
    assert held(other, 7, 9) == {9: BANK.tolist()}
    assert held(filled, 9) == {}


def test_one_writer_at_a_time(filled: VectorFile) -> None:
    """A second one is told, and the file stays as it is."""
    with filled.writing(), pytest.raises(IndexLocked), file_in(filled.path.parent).writing():
        pass
    assert len(filled.vectors()) == 3


def test_keep_only(filled: VectorFile) -> None:
    """Rows of other keys are dropped; who has the file open keeps what it had."""
    before = filled.vectors()
    with filled.writing():
        assert filled.keep_only([7, 8]) == 2
        assert filled.keep_only([7, 8]) == 0

    assert held(filled, 0, 7) == {7: GOLD.tolist()}
    assert [*before.of([0])] == [0]
    assert [path.name for path in filled.path.parent.iterdir()] == [filled.path.name]


def test_nothing_is_kept(filled: VectorFile) -> None:
    """An index without articles needs no vectors."""
    with filled.writing():
        assert filled.keep_only([]) == 3
    assert len(filled.vectors()) == 0


def test_key() -> None:
    """A key depends on the title and the beginning of the text alone."""
    text = "文" * TEXT_CHARS
    same = {key_of(f"标题\n{text}"), key_of(f"标题\n{text}后面")}
    other = {key_of(f"标题\n{text[1:]}"), key_of(f"标\n题{text}"), key_of("标题"), key_of("\n标题")}
    assert len(same) == 1
    assert len(same | other) == 5


def test_half_precision_is_enough(tmp_path: Path) -> None:
    """What is kept differs from the model's vector by less than any order depends on."""
    vector = np.random.default_rng(1).normal(size=FakeEmbedder.dimensions).astype(np.float32)
    vector /= np.linalg.norm(vector)
    file = file_in(tmp_path)
    with file.writing() as writer:
        writer.append({1: vector})
    assert float(file.vectors().of([1])[1] @ vector) == pytest.approx(1, abs=0.001)
