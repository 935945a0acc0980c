"""Letters, shingles, and the sketches whose bands near-copies share."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.duplicates.minhash import (
    BANDS,
    NO_SKETCH,
    SHINGLE,
    STORY_MIN,
    letters,
    read_bands,
    shingles,
    sketch_fingerprint,
    sketches,
)
from tests.support.retellings import OTHERS, STORY

TEXT = letters(STORY.body)


@given(st.text())
def test_letters(text: str) -> None:
    """Exactly the letters and digits by Python's definition."""
    assert letters(text) == "".join(filter(str.isalnum, text))


@given(st.text(max_size=30))
def test_shingles(text: str) -> None:
    """One for each position; the same letters give the same number everywhere."""
    found = shingles(text)
    assert len(found) == max(0, len(text) - SHINGLE + 1)
    assert shingles(f"海{text}")[1 if len(text) >= SHINGLE else 0 :][: len(found)].tolist() == (
        found.tolist()
    )


@given(
    st.lists(st.sampled_from([TEXT, TEXT[:90], "", "短", letters(OTHERS["another story"].body)]))
)
def test_a_sketch_is_its_text_s_alone(texts: list[str]) -> None:
    """The sketch of a text does not depend on others sketched with it."""
    assert sketches(texts) == [sketches([text])[0] for text in texts]


@pytest.mark.parametrize(("size", "sketched"), [(STORY_MIN - 1, False), (STORY_MIN, True)])
def test_short_texts_have_none(size: int, sketched: bool) -> None:
    """Texts of a few letters have no sketch."""
    (sketch,) = sketches([TEXT[:size]])
    assert (sketch != NO_SKETCH) is sketched


def test_what_near_copies_share() -> None:
    """A copy with one more line shares bands; another text does not."""
    other = letters(OTHERS["another story"].body)
    rows = read_bands(sketches([TEXT, f"本报记者今天获悉{TEXT}", other]))
    assert rows.shape == (3, BANDS)
    assert (rows[0] == rows[1]).sum() >= 8
    assert not (rows[0] == rows[2]).any()
    assert np.array_equal(read_bands(sketches([TEXT] * 2)), np.repeat(rows[:1], 2, axis=0))


def test_another_process_sketches_alike() -> None:
    """Sketches depend on neither hash seeds nor threads, so later updates find them."""
    code = "from index.duplicates.minhash import sketch_fingerprint; print(sketch_fingerprint())"
    environment = {"PYTHONHASHSEED": "5", "RAYON_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == sketch_fingerprint()
