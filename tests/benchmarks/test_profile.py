"""Profile and agreement of engines: they run over a tiny index, and their figures are right."""

import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks.harness.svg_bars import stacked
from benchmarks.quality import agreement
from benchmarks.quality.agreement import Seen
from benchmarks.speed import profile
from benchmarks.speed.stages import Clock
from tests.support.tiny_search import article, request, searcher
from tests.web.conftest import tiny_root

__all__ = ["tiny_root"]  # fixtures

STEP = 0.02
ARTICLES = (article("甲", "元宇宙", "元宇宙与区块链。"), article("乙", "区块链", "区块链的应用。"))


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    path = tmp_path / "queries.txt"
    path.write_text("元宇宙\n区块链\n", "utf-8")
    return path


@pytest.mark.slow
def test_the_profile_runs(
    tiny_root: Path,
    queries: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both tables and the picture, from real servers."""
    monkeypatch.setattr(profile, "SETTLED", 0.0)
    picture = queries.with_name("profile.svg")
    profile.main([f"whoosh={tiny_root}", "--queries", str(queries), "--svg", str(picture)])

    told = capsys.readouterr().out
    assert "| whoosh |" in told
    assert "| engine: match |" in told
    assert "2 queries" in told
    assert ET.parse(picture).getroot().tag.endswith("svg")


def _work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_stage_is_charged_for_itself() -> None:
    """Time of a stage inside another counts for the inner one only."""
    clock = Clock()
    inner = clock.timed("inner", lambda: _work(STEP))
    outer = clock.timed("outer", lambda: (_work(STEP / 4), inner()))
    outer()

    assert clock.spent["inner"] >= STEP
    assert clock.spent["outer"] < STEP


def test_bars_are_to_scale() -> None:
    """A part twice as large is drawn twice as wide."""
    drawn = ET.fromstring(stacked({"甲 & 乙": {"a": 1.0, "b": 2.0}}, ["a", "b"], "ms"))
    bars = [float(box.get("width", "0")) for box in drawn.iter() if len(box) == 1]

    assert bars[1] == pytest.approx(2 * bars[0], rel=0.01)


def test_an_engine_agrees_with_itself() -> None:
    """As typed, in quotes and within dates."""
    seen = agreement.see(searcher(*ARTICLES), ["元宇宙", "区块链"])
    found = agreement.compare(seen, seen)

    assert len(found) == 6
    assert all(
        each.same_articles and each.same_counts and each.same_order for each in found.values()
    )
    assert "| itself, all | 6 | 6 | 6 | 10, 10.00, 10 | 6 | 6 |" in agreement.summary(
        "one", {"itself": found}
    )


def test_a_disagreement_is_counted() -> None:
    """Other articles and counts are found; the overlap counts articles on both first pages."""
    both, alone = searcher(*ARTICLES), searcher(ARTICLES[0])
    one, other = (
        Seen(frozenset(s.matching(request("区块链"))), s.search(request("区块链")))
        for s in (both, alone)
    )
    found = agreement.agreement(one, other)

    assert not found.same_articles
    assert not found.same_counts
    assert (found.overlap, found.shown, found.same_order) == (1, 2, False)
    assert found.same_look
    assert found.of_ten == 5.0
