"""A double of the embedder: the direction of a text is the first of four subjects that it has."""

import numpy as np

from index.vectors.embedder import Vector

SUBJECTS = ("银行", "元宇宙", "游戏", "黄金")


class FakeEmbedder:
    """`asked`: the queries, `read`: the passages that it was given, in order."""

    dimensions = len(SUBJECTS) + 1

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.asked: list[str] = []
        self.read: list[str] = []

    def query(self, text: str) -> Vector:
        self.asked.append(text)
        return direction(text)

    def passage(self, text: str) -> Vector:
        self.read.append(text)
        return direction(text)


def direction(text: str) -> Vector:
    found = [text.index(subject) if subject in text else len(text) for subject in SUBJECTS]
    vector = np.zeros(FakeEmbedder.dimensions, dtype=np.float32)
    vector[int(np.argmin([*found, len(text) - 0.5]))] = 1
    return vector
