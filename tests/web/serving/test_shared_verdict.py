"""What one process finds is seen by those forked from where it was made."""

import multiprocessing

import pytest

from web.serving.shared_verdict import MAX_DAMAGE_BYTES, SharedVerdict


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        pytest.param("", (True, ""), id="sound"),
        pytest.param("文件已损坏", (False, "文件已损坏"), id="damaged"),
        pytest.param(
            "坏" * MAX_DAMAGE_BYTES, (False, "坏" * (MAX_DAMAGE_BYTES // 3)), id="a long sentence"
        ),
    ],
)
def test_another_process_finds_it(found: str, seen: tuple[bool, str]) -> None:
    """Nothing is known before."""
    verdict = SharedVerdict()
    before = verdict.sound, verdict.damage
    process = multiprocessing.get_context("fork").Process(target=verdict.find, args=(found,))
    process.start()
    process.join()

    assert before == (False, "")
    assert (verdict.sound, verdict.damage) == seen
