"""Remembers the commonest values of fields and their articles, to save requests."""

from collections.abc import Sequence


class CommonValues:
    """Keeps the longest list read of each field. Threads may share it."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}
        self._whole: set[str] = set()

    def learn(self, field: str, found: Sequence[tuple[str, int]], limit: int) -> None:
        """`found`: the commonest values; all of them if there are fewer than `limit`."""
        if len(found) > len(self._counts.get(field, ())):
            self._counts[field] = dict(found)
        if len(found) < limit:
            self._whole.add(field)

    def knows(self, field: str) -> bool:
        return field in self._counts

    def articles(self, field: str, value: str) -> int | None:
        """Articles with this value; None if it is not known."""
        missing = 0 if field in self._whole else None
        return self._counts.get(field, {}).get(value, missing)
