"""Memory and locks that several processes share."""

import multiprocessing
import os
from multiprocessing.connection import Connection

import pytest

from web.shared_memory import SharedMemory


def hold(memory: SharedMemory, said: Connection) -> None:
    """Write, take a lock, and wait to be killed."""
    memory.bytes[1] = 7
    with memory.locked(3):
        said.send("held")
        said.recv()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_killed_process_leaves_no_lock(method: str) -> None:
    """What it wrote is there; its lock is held as long as it lives, and no other is."""
    memory = SharedMemory(2)
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    process = context.Process(target=hold, args=(memory, theirs))  # type: ignore[attr-defined]
    process.start()
    assert ours.recv() == "held"
    while_it_lives = memory.try_lock(3), memory.try_lock(4)
    process.kill()
    process.join()

    assert while_it_lives == (False, True)
    assert memory.bytes[:] == b"\0\7"
    with memory.locked(3):
        pass


def test_a_system_without_files_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    memory = SharedMemory(5)
    memory.bytes[:] = b"words"
    with memory.locked(0):
        assert memory.bytes[:] == b"words"
