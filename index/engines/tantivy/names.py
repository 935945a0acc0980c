"""What is wanted of many articles at once, by number: ids and stories, and normalised texts."""

from collections.abc import Sequence
from pathlib import Path

from index.engines.tantivy.rows import Live, Rows, RowWriter

NAMES, FOLDED = "names", "folded"
_SEPARATOR = "\0"


class ArticleWriter:
    """Writes both, from article number `first` on."""

    def __init__(self, folder: Path, first: int) -> None:
        self._names = RowWriter(folder, NAMES, first)
        self._folded = RowWriter(folder, FOLDED, first)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, article_id: str, story: str, folded: str) -> None:
        self._names.add(_bytes(f"{article_id}{_SEPARATOR}{story}"))
        self._folded.add(_bytes(folded))

    def close(self, live: Live) -> None:
        self._names.close(live)
        self._folded.close(live)

    def abort(self) -> None:
        self._names.abort()
        self._folded.abort()


class Articles:
    """Reads both, through memory maps."""

    def __init__(self, folder: Path) -> None:
        self._names = Rows(folder, NAMES)
        self._folded = Rows(folder, FOLDED)

    def names(self, numbers: Sequence[int]) -> list[tuple[str, str]]:
        """(id, story) of each."""
        rows = [row.decode("utf-8", "surrogatepass") for row in self._names.read(numbers)]
        return [(name, story) for name, _, story in (row.rpartition(_SEPARATOR) for row in rows)]

    def folded(self, numbers: Sequence[int]) -> list[str]:
        """Normalised title, line break, normalised text of each."""
        return [row.decode("utf-8", "surrogatepass") for row in self._folded.read(numbers)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
