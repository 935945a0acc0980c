"""A disk that may lose what was not synced: the states that a power cut can leave.

A write or a change of a folder's entry is durable once its file or folder was synced after it.
Until then each may be there or not, independent of the others, and a write may be torn. A rename
within a folder is there as a whole or not at all, as journalling file systems keep it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

DRAWS = 10
"""Random states that are drawn for each that is wanted: many are equal."""
SECTOR = 512
"""Bytes: a torn write ends at one of their borders."""


@dataclass(eq=False)
class Node:
    """A file or a folder. `base`: a file's content before the trace."""

    folder: bool
    base: bytes = b""


@dataclass(frozen=True, slots=True)
class Written:
    """`data` at `offset`; or, with `size`, the file cut or grown to that size."""

    node: Node
    offset: int = 0
    data: bytes = b""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Entries of folders that change together: (folder, name, what it names now)."""

    changes: tuple[tuple[Node, str, Node | None], ...]


@dataclass(frozen=True, slots=True)
class Synced:
    node: Node


Event = Written | Entered | Synced
Tree = dict[Node, dict[str, Node]]
State = dict[str, bytes | None]
"""Path → content; None for a folder."""


@dataclass
class Disk:
    """A tree before the trace, and what happened to it since."""

    root: Node
    before: Tree
    events: list[Event] = field(default_factory=list)

    def pending(self, until: int) -> list[int]:
        """Indexes of the events before `until` that no sync had made durable by then."""
        synced: dict[Node, int] = {}
        for at, event in enumerate(self.events[:until]):
            if isinstance(event, Synced):
                synced[event.node] = at
        return [at for at, event in enumerate(self.events[:until]) if _open(event, at, synced)]

    def state(self, until: int, lost: set[int], torn: int = -1, share: float = 0.5) -> State:
        """What is there after a cut before event `until` that loses `lost` and tears `torn`."""
        tree: Tree = {node: dict(entries) for node, entries in self.before.items()}
        contents: dict[Node, bytearray] = {}
        for at, event in enumerate(self.events[:until]):
            if at in lost or isinstance(event, Synced):
                continue
            if isinstance(event, Entered):
                for folder, name, node in event.changes:
                    entries = tree.setdefault(folder, {})
                    if node is None:
                        entries.pop(name, None)
                    else:
                        entries[name] = node
            else:
                content = contents.setdefault(event.node, bytearray(event.node.base))
                _write(content, event, share if at == torn else 1.0)
        return dict(_walk(self.root, "", tree, contents))


def _open(event: Event, at: int, synced: dict[Node, int]) -> bool:
    if isinstance(event, Synced):
        return False
    if isinstance(event, Written):
        return synced.get(event.node, -1) < at
    return any(synced.get(folder, -1) < at for folder, _, _ in event.changes)


def _write(content: bytearray, event: Written, share: float) -> None:
    if event.size is not None:
        del content[event.size :]
        content.extend(bytes(event.size - len(content)))
        return
    data = event.data
    if share < 1.0:
        whole = int(len(data) * share)
        data = data[: whole - whole % SECTOR if whole >= SECTOR else whole]
    content.extend(bytes(max(0, event.offset - len(content))))
    content[event.offset : event.offset + len(data)] = data


def _walk(
    folder: Node, path: str, tree: Tree, contents: dict[Node, bytearray]
) -> Iterator[tuple[str, bytes | None]]:
    for name, node in tree.get(folder, {}).items():
        below = f"{path}/{name}" if path else name
        if node.folder:
            yield below, None
            yield from _walk(node, below, tree, contents)
        else:
            yield below, bytes(contents.get(node, node.base))


def digest(state: State) -> bytes:
    """Equal for equal states."""
    hashed = hashlib.blake2b()
    for path, content in sorted(state.items()):
        size = -1 if content is None else len(content)
        hashed.update(f"{path}\0{size}\0".encode())
        hashed.update(content or b"")
    return hashed.digest()


def crash_states(disk: Disk, random: Random, count: int) -> Iterator[tuple[int, State]]:
    """Up to `count` different states, each with the number of events before its cut: by turns
    everything lost or kept, one event lost, kept or torn by itself, and random losses. However few
    there are, their cuts are spread over all events.
    """
    seen: set[tuple[bool, bytes]] = set()
    for until, lost, torn in _choices(disk, random, count * DRAWS):
        state = disk.state(until, lost, torn, random.random())
        key = (until == len(disk.events), digest(state))
        if key not in seen:
            seen.add(key)
            yield until, state
            if len(seen) >= count:
                return


Choice = tuple[int, set[int], int]
"""(number of events before the cut, those lost, the one torn or -1)."""


def _choices(disk: Disk, random: Random, tries: int) -> Iterator[Choice]:
    cuts = spread_numbers(len(disk.events) + 1)
    open_at = [disk.pending(until) for until in range(len(cuts))]
    left = [
        _extremes(cuts, open_at),
        _singles(cuts, open_at, random),
        _at_random(cuts, open_at, random, tries),
    ]
    while left:
        for kind in tuple(left):
            choice = next(kind, None)
            if choice is None:
                left.remove(kind)
            else:
                yield choice


def spread_numbers(count: int) -> list[int]:
    """The numbers below `count`, the last first, and any beginning of the list evenly spread: by
    the bits of the distance to the last, read backwards."""
    bits = count.bit_length()
    return sorted(range(count), key=lambda at: f"{count - 1 - at:0{bits}b}"[::-1])


def _extremes(cuts: Sequence[int], open_at: Sequence[list[int]]) -> Iterator[Choice]:
    for until in cuts:
        yield until, set(open_at[until]), -1
        yield until, set(), -1


def _singles(cuts: Sequence[int], open_at: Sequence[list[int]], random: Random) -> Iterator[Choice]:
    """Begins with the last cut, then those that `_extremes` comes to late."""
    half = len(cuts) // 2
    for _ in range(4):
        for until in (*cuts[:1], *cuts[half:], *cuts[1:half]):
            if open_at[until]:
                one = random.choice(open_at[until])
                yield until, {one}, -1
                yield until, set(open_at[until]) - {one}, -1
                yield until, set(), one


def _at_random(
    cuts: Sequence[int], open_at: Sequence[list[int]], random: Random, tries: int
) -> Iterator[Choice]:
    for _ in range(tries):
        until = random.choice(cuts)
        kept = random.choice((0.1, 0.5, 0.9))
        lost = {at for at in open_at[until] if random.random() > kept}
        left = [at for at in open_at[until] if at not in lost]
        yield until, lost, random.choice(left) if left and random.random() < 0.5 else -1


def materialise(state: State, folder: Path) -> None:
    folder.mkdir(parents=True)
    for path, content in state.items():
        target = folder / path
        if content is None:
            target.mkdir(exist_ok=True)
        else:
            target.write_bytes(content)
