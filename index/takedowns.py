"""Takedowns: articles removed by hand, which no rebuild or rollback may bring back."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from index.durable import replace_text
from index.errors import IndexDamaged

TAKEDOWNS_FILE = "removed.jsonl"


@dataclass(frozen=True, slots=True)
class Takedown:
    """`at`: epoch seconds, UTC. `twin`: id of another article of the same story at that time."""

    id: str
    reason: str
    at: int
    twin: str | None = None


def with_twins(
    ids: Collection[str], reason: str, at: int, stories: Mapping[str, str]
) -> list[Takedown]:
    """Takedowns of these articles. `stories`: story id of every indexed article, by article id."""
    twins = {story: name for name, story in stories.items() if name not in ids}
    return [Takedown(name, reason, at, twins.get(stories[name])) for name in ids]


def twin_of(name: str, taken: Mapping[str, Takedown]) -> str | None:
    """An article of the same story that is still indexed; None if all of them were taken down."""
    passed: set[str] = set()
    while name in taken and name not in passed:
        passed.add(name)
        twin = taken[name].twin
        if twin is None:
            return None
        name = twin
    return name if name not in taken else None


class TakedownList(Protocol):
    """Stores takedowns: next to an embedded index, or on the cluster that holds the index."""

    def read(self) -> dict[str, Takedown]: ...

    def add(self, takedowns: Iterable[Takedown]) -> None:
        """Durable when it returns."""
        ...


class Takedowns:
    """Takedowns as JSON Lines in a file next to the generations; rebuilds do not touch it."""

    def __init__(self, root: Path) -> None:
        self._path = root / TAKEDOWNS_FILE

    def read(self) -> dict[str, Takedown]:
        if not self._path.exists():
            return {}
        try:
            # Not `splitlines`: it also splits at U+2028, which a reason may contain.
            lines = self._path.read_text("utf-8").split("\n")
            takedowns = [Takedown(**json.loads(line)) for line in lines if line.strip()]
        except (ValueError, TypeError) as error:
            raise IndexDamaged(
                f"{self._path} 无法读取：{error}。", hint="请修正或移走这个文件后再试。"
            ) from error
        return {takedown.id: takedown for takedown in takedowns}

    def add(self, takedowns: Iterable[Takedown]) -> None:
        """Durable when it returns. A crash leaves the file as it was, never with half a line."""
        known = self._path.read_text("utf-8") if self._path.exists() else ""
        border = "" if not known or known.endswith("\n") else "\n"
        lines = [json.dumps(asdict(takedown), ensure_ascii=False) for takedown in takedowns]
        if lines:
            replace_text(self._path, known + border + "".join(f"{line}\n" for line in lines))
