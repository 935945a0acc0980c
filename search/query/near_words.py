"""Words and concepts that are near one another, read from a data file.

They are not other names of one thing: an article that has only a near word lacks the word that was
typed. It may be a partial match, and no figure counts it (docs/how/relevance.md).
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from index.text.normalize import normalize

SEPARATOR = "、"


@cache
def near_words() -> Mapping[str, tuple[str, ...]]:
    """Normalised word → the others of its lines, as written."""
    lines = files("search").joinpath("data/near_words.txt").read_text("utf-8").splitlines()
    near: dict[str, dict[str, None]] = {}
    for line in lines:
        group = line.split(SEPARATOR) if line[:1] != "#" else []
        for name in group:
            others = near.setdefault(normalize(name), {})
            others |= {other: None for other in group if other != name}
    return {name: tuple(others) for name, others in near.items()}
