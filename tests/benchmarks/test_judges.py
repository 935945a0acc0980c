"""benchmarks.quality.judges: how far two judges agree, worked out by hand; and the judged queries
that the project ships are whole."""

from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.quality import judges
from benchmarks.quality.judges import Agreement, agreement
from search.evaluation.trec import NamedLines, read_qrels, read_queries

JUDGED = Path(judges.__file__).with_name("judged")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param({"甲": 0, "乙": 3}, Agreement(2, 1.0, 1.0, 1.0, 1.0), id="equal"),
        pytest.param({"甲": 3, "乙": 0}, Agreement(2, 0.0, 0.0, 0.0, -1.0), id="opposite"),
        pytest.param({"甲": 0, "乙": 2}, Agreement(2, 0.5, 1.0, 1.0, 6 / 7), id="one apart"),
    ],
)
def test_agreement(other: dict[str, int], expected: Agreement) -> None:
    found = agreement({"q": {"甲": 0, "乙": 3, "丙": 1}, "r": {"甲": 1}}, {"q": other})
    assert asdict(found) == pytest.approx(asdict(expected))


def _lines(name: str) -> NamedLines:
    return NamedLines(name, (JUDGED / name).read_text("utf-8").splitlines())


def test_the_two_halves() -> None:
    """75 queries each, no query in both, all of them graded; the second judge's too."""
    choose, final = (
        {q.id for q in read_queries(_lines(f"{n}.jsonl"))} for n in ("choose", "final")
    )
    graded = read_qrels(_lines("qrels.tsv"))
    assert (len(choose), len(final), choose & final) == (75, 75, set())
    assert set(graded) == choose | final
    assert set(read_qrels(_lines("blind.tsv"))) < set(graded)
