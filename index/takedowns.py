"""Articles that were taken out by hand and must not come back."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from index.errors import IndexDamaged

FILE = "removed.jsonl"


@dataclass(frozen=True, slots=True)
class Takedown:
    """`at`: epoch seconds, UTC."""

    id: str
    reason: str
    at: int


class TakedownList(Protocol):
    """Where takedowns are kept: with an index on this machine here, else with the index."""

    def read(self) -> dict[str, Takedown]: ...

    def add(self, takedowns: Iterable[Takedown]) -> None:
        """Durable when it returns."""
        ...


class Takedowns:
    """A file of one JSON line a takedown, beside the generations: rebuilds do not touch it."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE

    def read(self) -> dict[str, Takedown]:
        if not self._path.exists():
            return {}
        try:
            # Not `splitlines`: a reason may hold what it takes for the end of a line (U+2028).
            lines = self._path.read_text("utf-8").split("\n")
            takedowns = [Takedown(**json.loads(line)) for line in lines if line.strip()]
        except (ValueError, TypeError) as error:
            raise IndexDamaged(
                f"{self._path} 无法读取：{error}。", hint="请修正或移走这个文件后再试。"
            ) from error
        return {takedown.id: takedown for takedown in takedowns}

    def add(self, takedowns: Iterable[Takedown]) -> None:
        """Durable when it returns."""
        with self._path.open("a", encoding="utf-8") as file:
            for takedown in takedowns:
                file.write(json.dumps(asdict(takedown), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
