"""System calls that fail: the kernel asks us about each before it runs (seccomp user notification).

Costs one message a call of the kinds that are watched, where strace stops at every call. Calls are
counted over all threads. Linux on x86-64.
"""

import ctypes
import errno
import fcntl
import os
import select
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NUMBERS = {
    "write": 1,
    "pwrite64": 18,
    "fsync": 74,
    "fdatasync": 75,
    "ftruncate": 77,
    "rename": 82,
    "mkdir": 83,
    "rmdir": 84,
    "link": 86,
    "unlink": 87,
    "openat": 257,
    "mkdirat": 258,
    "unlinkat": 263,
    "renameat": 264,
    "linkat": 265,
    "renameat2": 316,
}
"""Of x86-64. `openat` counts only where it makes a file."""
_NAMES = {number: name for name, number in NUMBERS.items()}
_OF_A_FILE = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate")
_NO_NEW_PRIVILEGES, _SECCOMP, _SET_FILTER, _NEW_LISTENER = 38, 317, 1, 1 << 3
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ASK, _ALLOW = 0x7FC00000, 0x7FFF0000
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_REQUEST, _ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
_CONTINUE = 1


def available() -> bool:
    """Whether this machine can do it, tried in a process of its own: some sandboxes refuse it."""
    trial = f"from {__name__} import watched; watched(['rename'])"
    found = subprocess.run([sys.executable, "-c", trial], capture_output=True, check=False)
    return os.uname().machine == "x86_64" and found.returncode == 0


def watched(names: Iterable[str]) -> int:
    """From now on this thread, and those it starts, run these calls only when `answered` lets
    them. Returns the descriptor that it needs. Cannot be undone."""
    numbers = [NUMBERS[name] for name in names]
    steps = [(_LOAD, 0, 0, 0)]
    steps += [(_JUMP_IF_EQUAL, len(numbers) - at, 0, nr) for at, nr in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ASK)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    descriptor: int = libc.syscall(_SECCOMP, _SET_FILTER, _NEW_LISTENER, program)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return descriptor


@dataclass(frozen=True, slots=True)
class Called:
    """A call that waits. `thread`: of the process that is watched."""

    name: str
    thread: int
    arguments: tuple[int, ...]

    def changes(self, folder: str) -> bool:
        """Whether it changes a file of the folder, as far as its arguments say."""
        if self.name in _OF_A_FILE:
            link = Path(f"/proc/{self.thread}/fd/{self.arguments[0]}")
            with suppress(OSError):
                return str(link.readlink()).startswith(folder)
            return False
        return self.name != "openat" or bool(self.arguments[2] & os.O_CREAT)


def answered(descriptor: int, decide: Callable[[Called], int]) -> None:
    """Answers until the process ends: `decide` says 0 to let a call run, else an errno."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while True:
        ready = poll.poll()[0][1]
        if not ready & select.POLLIN:
            return
        request = bytearray(_REQUEST.size)
        try:
            fcntl.ioctl(descriptor, _RECEIVE, request)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):  # the thread was killed meanwhile
                continue
            raise
        asked, thread, _, number, _, _, *arguments = _REQUEST.unpack(request)
        failure = decide(Called(_NAMES[number], thread, tuple(arguments)))
        answer = _ANSWER.pack(asked, 0, -failure, 0 if failure else _CONTINUE)
        with suppress(FileNotFoundError):  # likewise
            fcntl.ioctl(descriptor, _SEND, answer)
