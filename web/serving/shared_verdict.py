"""What the full reading of an index found, in memory that forked processes share."""

import mmap

_UNKNOWN, _SOUND, _DAMAGED = range(3)
MAX_DAMAGE_BYTES = 4_000


class SharedVerdict:
    """Unknown at first. One process finds it; all that were forked after this was made see it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1 + MAX_DAMAGE_BYTES)

    def find(self, damage: str) -> None:
        """Say that the index is sound, or with a sentence that it is damaged."""
        self._memory[1:] = damage.encode()[:MAX_DAMAGE_BYTES].ljust(MAX_DAMAGE_BYTES, b"\0")
        self._memory[0] = _DAMAGED if damage else _SOUND  # last: the others read it first

    @property
    def sound(self) -> bool:
        return self._memory[0] == _SOUND

    @property
    def damage(self) -> str:
        """Empty unless the index is damaged."""
        if self._memory[0] != _DAMAGED:
            return ""
        return self._memory[1:].rstrip(b"\0").decode("utf-8", "ignore")
