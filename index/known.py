"""What an update knows of the articles that a generation holds: read as it is asked for, so that a
few articles that come do not cost a look at all that are there."""

from collections.abc import Iterator, Sequence

from index.engines.api import Snapshot, State


class Known:
    """States by id. Iterating over it reads all of them; `get` and `of` only those they name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._states: dict[str, State | None] = {}
        self._everything: dict[str, State] | None = None

    def __len__(self) -> int:
        return self.snapshot.generation.articles

    def __iter__(self) -> Iterator[str]:
        return iter(self.everything())

    def everything(self) -> dict[str, State]:
        if self._everything is None:
            self._everything = self.snapshot.states()
        return self._everything

    def get(self, name: str) -> State | None:
        if self._everything is not None:
            return self._everything.get(name)
        if name not in self._states:
            self._states[name] = self.snapshot.states([name]).get(name)
        return self._states[name]

    def of(self, names: Sequence[str]) -> dict[str, State]:
        """Of those that are there, in one call."""
        missing = [name for name in names if name not in self._states]
        if self._everything is None and missing:
            self._states |= dict.fromkeys(missing) | self.snapshot.states(missing)
        return {name: state for name in names if (state := self.get(name)) is not None}
