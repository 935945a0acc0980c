"""Holds asks of queries back, in memory only, until there are five of one query."""

from dataclasses import dataclass

FLOOR = 5
"""Asks of a query before anything of it is readable, and again before each further count."""
MAX_HELD = 10_000
"""Queries held at a time; with texts of usual length some 3 MB."""
MAX_HELD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask. `day`: ordinal (`date.toordinal`). `is_empty`: no article matched. `ms`: how long
    the answer took."""

    day: int
    is_empty: bool
    ms: int


@dataclass(frozen=True, slots=True)
class AskCounts:
    """What is kept of a query: `asks`; `empty`: those that no article matched; `ms`: of all asks
    together; `slowest_ms`: of one."""

    asks: int = 0
    empty: int = 0
    ms: int = 0
    slowest_ms: int = 0

    def __add__(self, other: "AskCounts") -> "AskCounts":
        return AskCounts(
            self.asks + other.asks,
            self.empty + other.empty,
            self.ms + other.ms,
            max(self.slowest_ms, other.slowest_ms),
        )

    @property
    def mean_ms(self) -> int:
        return round(self.ms / self.asks) if self.asks else 0


class HeldBack:
    """Asks by query, fewer than `FLOOR` of each. Not for several threads.

    A full table makes room as in Misra and Gries 1982, "Finding repeated elements": one ask of
    every query is forgotten. So no count is ever too high, and what is asked more often than one
    in `size` times is still found.
    """

    def __init__(self, size: int = MAX_HELD) -> None:
        self._size = size
        self._asks: dict[str, list[Ask]] = {}
        self._day = 0

    def __len__(self) -> int:
        return len(self._asks)

    def add(self, key: str, ask: Ask) -> AskCounts | None:
        """The counts of five asks with the fifth, else None. Then counting begins anew."""
        if ask.day > self._day:
            self._day = ask.day
            self._forget_old()
        held = self._asks.get(key)
        if held is None:
            if len(self._asks) >= self._size:
                self._forget_one_of_each()
                return None
            held = self._asks[key] = []
        held.append(ask)
        if len(held) < FLOOR:
            return None
        del self._asks[key]
        return AskCounts(
            len(held),
            sum(each.is_empty for each in held),
            sum(each.ms for each in held),
            max(each.ms for each in held),
        )

    def _forget_one_of_each(self) -> None:
        self._asks = {key: asks[1:] for key, asks in self._asks.items() if len(asks) > 1}

    def _forget_old(self) -> None:
        oldest = self._day - MAX_HELD_DAYS
        kept = {key: [a for a in asks if a.day > oldest] for key, asks in self._asks.items()}
        self._asks = {key: asks for key, asks in kept.items() if asks}
