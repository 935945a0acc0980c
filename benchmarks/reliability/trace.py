"""Records what one operation does to a folder, as `strace` sees it: writes, entries and syncs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.reliability.disk_model import Disk, Entered, Node, Synced, Written

CALLS = (
    "openat,creat,close,fcntl,dup,dup2,dup3,write,pwrite64,writev,pwritev,lseek,ftruncate,truncate,"
    "fallocate,rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "fsync,fdatasync,copy_file_range,sendfile,fork,vfork,clone,clone3"
)
AT_ENTRY = ("close", "fsync", "fdatasync")
"""Calls that count from where they began: another thread may get a closed number, or write what a
sync no longer covers, before they return. All others count from where they returned."""
UNKNOWN = ("writev", "pwritev", "truncate", "fallocate", "symlink", "copy_file_range", "sendfile")
"""Calls that would have to be modelled if a library began to use them on our files."""
_LINE = re.compile(r"^(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?[^)]*$", re.DOTALL)
_UNFINISHED, _RESUMED = " <unfinished ...>", " resumed>"
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?')
_PLACE = re.compile(r"^(-?\w+)(?:<((?:\\x[0-9a-f]{2}|[^>])*)>)?")


@dataclass(frozen=True, slots=True)
class Call:
    """A system call. `texts`: its strings, in order."""

    name: str
    arguments: str
    result: int
    texts: tuple[bytes, ...]


def recorded(system: str, operation: str, folder: Path) -> Disk:
    """Runs the operation under strace; the disk as it was, and all events."""
    before = _before(folder)
    return replayed(before, folder, calls_of(_traced(system, operation, folder)))


def replayed(disk: Disk, folder: Path, calls: Iterable[Call]) -> Disk:
    """Adds the events of the calls below `folder` to the disk."""
    replay = _Replay(disk, folder, {node: dict(rows) for node, rows in disk.before.items()})
    for call in calls:
        replay.apply(call)
    return disk


def command(system: str, operation: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.reliability.systems", system, operation, str(folder)]


def available() -> bool:
    return shutil.which("strace") is not None


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def _traced(system: str, operation: str, folder: Path) -> list[str]:
    with TemporaryDirectory() as made:
        out = Path(made) / "trace"
        options = ["-f", "-qq", "-o", str(out), "-y", "-xx", "-s", "67108864"]
        told = ["strace", *options, "-e", f"trace={CALLS}", "-e", "signal=none"]
        subprocess.run([*told, *command(system, operation, folder)], check=True, env=environment())
        return out.read_text("ascii", "replace").splitlines()


def calls_of(lines: Iterable[str]) -> list[Call]:
    """The calls that succeeded, from the one output of all threads.

    A call that others overlap has a line where it began and one where it returned (AT_ENTRY).
    Times of the calls give no such order, and clocks may be set back.
    """
    begun: dict[str, tuple[int, str]] = {}
    calls: list[Call | None] = []
    for line in lines:
        thread, _, text = line.partition(" ")
        text = text.lstrip()
        if text.endswith(_UNFINISHED):
            begun[thread] = (len(calls), text.removesuffix(_UNFINISHED))
            calls.append(None)
        elif text.startswith("<... "):
            place, start = begun.pop(thread)
            call = _call(start + text.partition(_RESUMED)[2])
            if call is not None and call.name in AT_ENTRY:
                calls[place] = call
            else:
                calls.append(call)
        else:
            calls.append(_call(text))
    return [call for call in calls if call is not None]


def _call(text: str) -> Call | None:
    found = _LINE.match(text)
    if found is None or int(found[3]) < 0:
        return None
    texts = tuple(_bytes(text) for text in _TEXT.findall(found[2]))
    return Call(found[1], found[2], int(found[3]), texts)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _before(folder: Path) -> Disk:
    """The tree as it is, with hard links as one node."""
    root = Node(folder=True)
    disk = Disk(root, {root: {}})
    nodes: dict[object, Node] = {Path(): root}
    for path in sorted(folder.rglob("*")):
        below, stat = path.relative_to(folder), path.lstat()
        key: object = below if path.is_dir() else stat.st_ino
        if key not in nodes:
            content = b"" if path.is_dir() else path.read_bytes()
            nodes[key] = Node(path.is_dir(), content)
        if path.is_dir():
            disk.before.setdefault(nodes[key], {})
        disk.before[nodes[below.parent]][path.name] = nodes[key]
    return disk


@dataclass
class _Open:
    """An open file, which several descriptors may share."""

    node: Node
    at: int


@dataclass
class _Replay:
    """Follows descriptors and names through the calls."""

    disk: Disk
    root: Path
    tree: dict[Node, dict[str, Node]]
    descriptors: dict[int, "_Open"] = field(default_factory=dict)
    sizes: dict[Node, int] = field(default_factory=dict)

    def apply(self, call: Call) -> None:
        handle = getattr(self, f"_{call.name}", None)
        if handle is not None:
            handle(call)
        elif call.name in UNKNOWN and any(str(self.root).encode() in t for t in call.texts):
            raise NotImplementedError(call.name)

    def _place(self, call: Call, number: int) -> tuple[Node, str] | None:
        """(folder, name) of the path that is the call's string of this number."""
        path = Path(os.fsdecode(call.texts[number]))
        if not path.is_absolute():
            descriptors = re.findall(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>", call.arguments)
            if not descriptors:
                return None
            path = Path(os.fsdecode(_bytes(descriptors[min(number, len(descriptors) - 1)]))) / path
        if not path.is_relative_to(self.root) or path == self.root:
            return None
        node = self.disk.root
        for part in path.relative_to(self.root).parts[:-1]:
            node = self.tree[node][part]
        return node, path.name

    def _node(self, call: Call, number: int) -> Node | None:
        path = Path(os.fsdecode(call.texts[number]))
        if path == self.root:
            return self.disk.root
        place = self._place(call, number)
        return self.tree[place[0]].get(place[1]) if place else None

    def _enter(self, *changes: tuple[Node, str, Node | None]) -> None:
        for folder, name, node in changes:
            if node is None:
                self.tree[folder].pop(name, None)
            else:
                self.tree[folder][name] = node
        self.disk.events.append(Entered(changes))

    def _descriptor(self, call: Call) -> int:
        found = _PLACE.match(call.arguments)
        return int(found[1]) if found and found[1].isdigit() else -1

    def _openat(self, call: Call) -> None:
        self.descriptors.pop(call.result, None)
        place = self._place(call, 0)
        node = self._node(call, 0)
        if place is None and node is None:
            return
        if node is None and place is not None and "O_CREAT" in call.arguments:
            node = Node(folder=False)
            self._enter((place[0], place[1], node))
        if node is None:
            return
        if "O_TRUNC" in call.arguments and self._size(node):
            self.disk.events.append(Written(node, size=0))
            self.sizes[node] = 0
        at = self._size(node) if "O_APPEND" in call.arguments else 0
        self.descriptors[call.result] = _Open(node, at)

    def _close(self, call: Call) -> None:
        self.descriptors.pop(self._descriptor(call), None)

    def _dup(self, call: Call) -> None:
        opened = self.descriptors.get(self._descriptor(call))
        if opened is not None:
            self.descriptors[call.result] = opened

    _dup2 = _dup3 = _dup

    def _fcntl(self, call: Call) -> None:
        if "F_DUPFD" in call.arguments:
            self._dup(call)

    def _clone(self, call: Call) -> None:
        if "CLONE_FILES" not in call.arguments:
            raise NotImplementedError("a process of its own, with descriptors of its own")

    _clone3 = _fork = _vfork = _clone

    def _size(self, node: Node) -> int:
        return self.sizes.setdefault(node, len(node.base))

    def _write(self, call: Call) -> None:
        number = self._descriptor(call)
        if number in self.descriptors:
            opened = self.descriptors[number]
            self._put(opened.node, opened.at, call)
            opened.at += call.result

    def _pwrite64(self, call: Call) -> None:
        number = self._descriptor(call)
        if number in self.descriptors:
            offset = int(call.arguments.rpartition(",")[2])
            self._put(self.descriptors[number].node, offset, call)

    def _put(self, node: Node, at: int, call: Call) -> None:
        data = call.texts[0][: call.result]
        self.disk.events.append(Written(node, at, data))
        self.sizes[node] = max(self._size(node), at + len(data))

    def _lseek(self, call: Call) -> None:
        number = self._descriptor(call)
        if number in self.descriptors:
            self.descriptors[number].at = call.result

    def _ftruncate(self, call: Call) -> None:
        number = self._descriptor(call)
        if number in self.descriptors:
            node = self.descriptors[number].node
            size = int(call.arguments.rpartition(",")[2])
            self.disk.events.append(Written(node, size=size))
            self.sizes[node] = size

    def _fsync(self, call: Call) -> None:
        number = self._descriptor(call)
        if number in self.descriptors:
            self.disk.events.append(Synced(self.descriptors[number].node))

    _fdatasync = _fsync

    def _rename(self, call: Call) -> None:
        old, new = self._place(call, 0), self._place(call, 1)
        if old is None or new is None:
            return
        node = self.tree[old[0]][old[1]]
        self._enter((new[0], new[1], node), (old[0], old[1], None))

    _renameat = _renameat2 = _rename

    def _link(self, call: Call) -> None:
        node, new = self._node(call, 0), self._place(call, 1)
        if node is not None and new is not None:
            self._enter((new[0], new[1], node))

    _linkat = _link

    def _unlink(self, call: Call) -> None:
        place = self._place(call, 0)
        if place is not None:
            self._enter((place[0], place[1], None))

    _unlinkat = _rmdir = _unlink

    def _mkdir(self, call: Call) -> None:
        place = self._place(call, 0)
        if place is not None:
            node = Node(folder=True)
            self.tree[node] = {}
            self._enter((place[0], place[1], node))

    _mkdirat = _mkdir
