"""How near an article is to a query in meaning, as a factor of its score.

A cosine of two texts says little by itself: with this model nearly all are between .75 and .9. So
an article is compared with the others found for the query. docs/decisions/vectors.md has the
figures.
"""

import math
from collections.abc import Mapping
from statistics import fmean

from index.engines.lru_cache import LRUCache
from index.settings import Settings
from index.vectors.embedder import Embedder, Vector, open_embedder
from index.vectors.vector_file import VectorFile, key_of

MEANING_WEIGHT = 5.0
"""A cosine .05 above the mean of those found makes the score a quarter more."""
QUERY_CHARS = 100
"""Of a query, what is embedded: it takes ten milliseconds for a usual one, fifty for this."""
MAX_CACHED_QUERIES = 512
"""Of 1.5 KB each."""


class Meaning:
    """Compares queries with the articles that have a vector. Threads may share it."""

    def __init__(self, file: VectorFile, embedder: Embedder) -> None:
        self._file = file
        self._embedder = embedder
        self._asked: LRUCache[str, Vector] = LRUCache(MAX_CACHED_QUERIES)

    @property
    def stamp(self) -> str:
        """Another one whenever answers may be ordered otherwise, because there are more vectors."""
        return self._file.vectors().stamp

    def factors(self, query: str, normalized: Mapping[str, str]) -> dict[str, float]:
        """By id, the factors of the scores of those articles that have a vector: around 1, which
        is what the others have. `normalized`: title, line break and text of each."""
        keys = {name: key_of(text) for name, text in normalized.items()}
        vectors = self._file.vectors().of([*keys.values()])
        if not query or not vectors:
            return {}
        asked = self._vector(query[:QUERY_CHARS])
        near = {name: float(vectors[key] @ asked) for name, key in keys.items() if key in vectors}
        middle = fmean(near.values())
        return {name: math.exp(MEANING_WEIGHT * (each - middle)) for name, each in near.items()}

    def _vector(self, query: str) -> Vector:
        vector = self._asked.get(query)
        if vector is None:
            vector = self._embedder.query(query)
            self._asked.put(query, vector)
        return vector


def open_meaning(settings: Settings) -> Meaning | None:
    """None where the setting is off; raises VectorsUnavailable."""
    if settings.vectors == "off":
        return None
    embedder = open_embedder()
    return Meaning(VectorFile(settings.index_dir, embedder), embedder)
