"""Locks between processes on open files. They end with the process, however it ends."""

import fcntl


def try_lock(descriptor: int) -> bool:
    """Whether the lock of an open file or folder is ours now; never waits. Raises OSError where the
    file system has no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second from some network file systems
        return False
    return True
