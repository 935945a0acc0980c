"""Compares articles that are read with those in the index: what an update has to do."""

import struct
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from index.article import Article, Rejection, UnreadFile
from index.build.gaps import NAMED, Gaps
from index.document import Arrival
from index.engines.api import Engine, Generation, Snapshot, State
from index.errors import IndexProblem, SourceError
from index.sources.reader import Item
from index.takedowns import TakedownList


@dataclass(slots=True)
class Report:
    """What a rebuild, update or addition did, counted in articles."""

    generation: Generation | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    reanalysed: int = 0
    """Unchanged articles that were analysed again, because the lexicon changed or in a rebuild."""
    removed: int = 0
    untouched: int = 0
    """Indexed articles that were kept without being read: where only some paths are added, or
    where a file or folder cannot be opened."""
    taken_down: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    gaps: Gaps = field(default_factory=Gaps)
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)

    @property
    def held(self) -> int:
        """Articles in the generation."""
        return self.added + self.changed + self.unchanged + self.untouched


Removal = Literal["never", "always", "unless_closed"]


class EarlierArrival(Protocol):
    """What is kept of an indexed article when it comes again: a `State` has it."""

    @property
    def content_hash(self) -> str: ...

    @property
    def first_seen(self) -> int: ...

    @property
    def indexed_at(self) -> int: ...


class EarlierArrivals(Protocol):
    """Indexed articles by id: a dictionary, `BaseStates` or `PackedArrivals`."""

    def get(self, name: str) -> EarlierArrival | None: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[str]: ...


class ArrivalSorter:
    """Sorts articles, as they are read, into new, changed, unchanged, taken down and rejected.

    `reanalyse`: ids of articles to analyse even if unchanged. `removal`: whether indexed articles
    that are not read are removed: never, always, or unless a file or folder cannot be opened, which
    may hold them. After `arrivals` is exhausted, `gone` holds the ids to remove and `replaced` the
    ids of articles that come again.
    """

    def __init__(
        self,
        states: EarlierArrivals,
        takedowns: TakedownList,
        report: Report,
        reanalyse: Container[str] = (),
        *,
        removal: Removal = "always",
    ) -> None:
        self._removal = removal
        self._states = states
        self._taken_down = takedowns.read()
        self._report = report
        self._reanalyse = reanalyse
        self._now = int(time.time())
        self.gone = set[str]() if removal == "never" else set(states)
        self._anything_closed = False
        self.replaced: set[str] = set()

    def arrivals(self, articles: Iterable[Item]) -> Iterator[Arrival]:
        """The articles to be analysed. Raises SourceError at the end if no article was usable."""
        for article in articles:
            if isinstance(article, Rejection):
                self._report.rejected.append(article)
                self._anything_closed |= article.closed
            elif isinstance(article, UnreadFile):
                self._report.gaps.unread[article.suffix] += 1
            elif article.id in self._taken_down:
                self._report.taken_down += 1
            else:
                self._report.gaps.note(article)
                yield from self._arrival(article)
        self._finish()

    def _arrival(self, article: Article) -> Iterator[Arrival]:
        content_hash = article.content_hash()
        state = self._states.get(article.id)
        self.gone.discard(article.id)
        if state is None:
            self._report.added += 1
            yield Arrival(article, content_hash, self._now, self._now)
        elif state.content_hash != content_hash:
            self._report.changed += 1
            self.replaced.add(article.id)
            yield Arrival(article, content_hash, state.first_seen, self._now)
        else:
            self._report.unchanged += 1
            if article.id in self._reanalyse:
                self._report.reanalysed += 1
                self.replaced.add(article.id)
                yield Arrival(article, content_hash, state.first_seen, state.indexed_at)

    def _finish(self) -> None:
        if not self._report.held:
            raise SourceError(
                f"没有读到任何可用的文章，索引保持原样。{self._refused()}",
                hint="请检查给出的路径。",
            )
        if self._removal == "unless_closed" and self._anything_closed:
            self._report.untouched = len(self.gone)
            if self.gone:
                self._report.warnings.append(
                    f"有读不了的文件或目录，所以没有读到的 {len(self.gone):,} 篇都留着。"
                )
            self.gone = set()
        elif self._removal != "never":
            self._report.removed = len(self.gone)
        else:
            seen = self._report.changed + self._report.unchanged
            self._report.untouched = len(self._states) - seen

    def _refused(self) -> str:
        """What was read and could not be used, shortened to a line."""
        rejected, unread = self._report.rejected, self._report.gaps.unread
        taken_down = self._report.taken_down
        parts = []
        if rejected:
            more = "；……" if len(rejected) > NAMED else ""
            parts.append(
                f"拒收 {len(rejected):,} 篇：{'；'.join(map(str, rejected[:NAMED]))}{more}"
            )
        if unread:
            parts.append(f"没有读的文件 {unread.total():,} 个：{'、'.join(unread)}")
        if taken_down:
            parts.append(f"已下架 {taken_down:,} 篇")
        return "".join(f"{part.rstrip('。')}。" for part in parts)


class BaseStates:
    """States of a generation's articles by id, read on demand: iteration reads all of them, `get`
    and `of` only those named."""

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
        """States of those of `names` that are indexed, read in one call."""
        missing = [name for name in names if name not in self._states]
        if self._everything is None and missing:
            self._states |= dict.fromkeys(missing) | self.snapshot.states(missing)
        return {name: state for name in names if (state := self.get(name)) is not None}


class _Arrived(NamedTuple):
    content_hash: str
    first_seen: int
    indexed_at: int


class PackedArrivals:
    """When indexed articles came and what they were, in a third of the memory of their states,
    which a rebuild would hold to its end."""

    def __init__(self, states: Mapping[str, State]) -> None:
        self._packed = {name: _packed(state) for name, state in states.items()}

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def get(self, name: str) -> EarlierArrival | None:
        packed = self._packed.get(name)
        if packed is None:
            return None
        return _Arrived(packed[_TIMES.size :].decode(), *_TIMES.unpack_from(packed))


_TIMES = struct.Struct("<qq")


def _packed(state: State) -> bytes:
    return _TIMES.pack(state.first_seen, state.indexed_at) + state.content_hash.encode()


def arrivals_until_now(engine: Engine) -> PackedArrivals:
    """Those of the published generation, also one of another analyser; none if unreadable."""
    with suppress(IndexProblem):
        snapshot = engine.open_articles()
        arrivals = PackedArrivals(snapshot.states())
        snapshot.close()
        return arrivals
    return PackedArrivals({})
