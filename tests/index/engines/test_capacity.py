"""Warnings when an index outgrows its engine, and the check of free memory."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.engines.api import Generation
from index.engines.capacity import available_memory, check_memory, outgrown
from index.errors import IndexOutgrown

INDEX = Generation("g", "whoosh", 1, "a", "b", 0, 0, bytes=1_500_000_000)


@pytest.mark.parametrize(
    ("engine", "articles", "said"),
    [
        pytest.param("whoosh", 200_000, "", id="whoosh-fits"),
        pytest.param("whoosh", 200_001, "copy --to tantivy", id="whoosh-outgrown"),
        pytest.param("tantivy", 1_000_000, "", id="tantivy-fits"),
        pytest.param("tantivy", 6_000_000, "copy --to opensearch", id="tantivy-outgrown"),
        pytest.param("opensearch", 9_000_000, "", id="no-next"),
    ],
)
def test_another_engine_is_recommended(engine: str, articles: int, said: str) -> None:
    """Above its limit, one sentence names the next engine and the size of the index."""
    sentences = outgrown(replace(INDEX, engine=engine, articles=articles))

    assert len(sentences) == bool(said)
    assert said in "".join(sentences)
    assert all(f"{articles:,} 篇文章、1,500 MB" in sentence for sentence in sentences)


def test_too_little_memory() -> None:
    """The error comes before the memory is needed, with what to do."""
    check_memory(10, 1)
    with pytest.raises(IndexOutgrown, match=r'已读 10 篇.*engine = "tantivy"'):
        check_memory(10, 1 << 60)


@pytest.mark.parametrize(
    ("limit", "free"),
    [
        pytest.param("max", 4_000 * 1024, id="no-limit"),
        pytest.param("3000000", 3_000_000 - 2_000_000 + 700_000, id="container"),
        pytest.param("90000000", 4_000 * 1024, id="machine-has-less"),
    ],
)
def test_available_memory(tmp_path: Path, limit: str, free: int) -> None:
    """The less of what machine and container have; cached files count as free."""
    machine = tmp_path / "meminfo"
    machine.write_text("MemTotal: 9000 kB\nMemAvailable: 4000 kB\n")
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text("2000000\n")
    (tmp_path / "memory.stat").write_text("anon 5\nactive_file 300000\ninactive_file 400000\n")

    assert available_memory(machine, tmp_path) == free


def test_unknown_memory(tmp_path: Path) -> None:
    """Where the system does not report its memory, nothing is refused."""
    assert available_memory(tmp_path / "none", tmp_path) is None
