"""Warns when an index outgrows its engine or the free memory, and recommends another engine.

Figures: docs/measured/README.md.
"""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.engines.api import Generation
from index.errors import IndexOutgrown
from index.settings import EngineName

MB = 1 << 20
MEMINFO_FILE = Path("/proc/meminfo")
CGROUP_FOLDER = Path("/sys/fs/cgroup")


class EngineLimit(NamedTuple):
    """An engine suits indexes of up to `articles`; above that, `following` does."""

    articles: int
    following: EngineName
    reason: str


ENGINE_LIMITS: dict[EngineName, EngineLimit] = {
    "whoosh": EngineLimit(
        200_000, "tantivy", "重建时整个索引要放进内存，每次更新都要读一遍全部文章的记录"
    ),
    "tantivy": EngineLimit(5_000_000, "opensearch", "一台机器上的更新时间随文章总数增长"),
}


def outgrown(generation: Generation) -> list[str]:
    """A sentence that recommends another engine, if the index is too large for its own."""
    limit = next(
        (limit for name, limit in ENGINE_LIMITS.items() if name == generation.engine), None
    )
    if limit is None or generation.articles <= limit.articles:
        return []
    return [
        f"索引有 {generation.articles:,} 篇文章、{generation.bytes / 1e6:,.0f} MB，"
        f"已超过 {generation.engine} 适宜的 {limit.articles:,} 篇（{limit.reason}）："
        f"建议用 yuansou index copy --to {limit.following} 换到 {limit.following}。"
    ]


def check_memory(articles: int, needed: int) -> None:
    """Raise IndexOutgrown if finishing a Whoosh segment needs more bytes than are free.

    Otherwise the system would kill the process later.
    """
    free = available_memory()
    if free is not None and free < needed:
        raise IndexOutgrown(
            f"whoosh 要在内存里写完索引：已读 {articles:,} 篇，还需约 {needed // MB:,} MB，"
            f"现在只有 {free // MB:,} MB；当前索引保持原样。",
            hint='请设 engine = "tantivy"，或腾出内存，再运行一次。',
        )


def available_memory(machine: Path = MEMINFO_FILE, container: Path = CGROUP_FOLDER) -> int | None:
    """Free bytes of the machine or the container, whichever is less; None outside Linux."""
    found = [free for free in (_of_machine(machine), _of_container(container)) if free is not None]
    return min(found, default=None)


def _of_machine(path: Path) -> int | None:
    with suppress(OSError):
        for line in path.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _of_container(folder: Path) -> int | None:
    # "max" means no limit. Cached file pages count as used, but the system can reclaim them.
    with suppress(OSError, ValueError):
        limit = int((folder / "memory.max").read_text("ascii"))
        used = int((folder / "memory.current").read_text("ascii"))
        return limit - used + _cached(folder / "memory.stat")
    return None


def _cached(path: Path) -> int:
    rows = (line.split() for line in path.read_text("ascii").splitlines())
    return sum(int(value) for name, value in rows if name in ("active_file", "inactive_file"))
