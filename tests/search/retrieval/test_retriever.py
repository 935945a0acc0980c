"""What articles say of a query is read and asked once, whatever else is asked for beside it."""

from collections.abc import Sequence
from typing import Any

import pytest

from index.engines.queries import Query
from search.searcher import Searcher
from tests.support.tiny_search import ask, texts


def hits(over: Searcher, q: str, **options: Any) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in ask(over, q, **options).hits]


class Reads:
    """Counts the articles that are read, and asked for their kinds, through a snapshot."""

    def __init__(self, over: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts, self.kinds = 0, 0
        stored, which_match = over.snapshot.stored, over.snapshot.which_match

        def counting(ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
            self.texts += len(ids) if "normalized" in fields else 0
            return stored(ids, fields)

        def asking(ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
            self.kinds += len(ids)
            return which_match(ids, queries)

        monkeypatch.setattr(over.snapshot, "stored", counting)
        monkeypatch.setattr(over.snapshot, "which_match", asking)


def test_a_known_query_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    over = texts(*[f"元宇宙在第{at}行。" for at in range(5)])
    reads = Reads(over, monkeypatch)
    first = hits(over, "元宇宙", per_page=5)
    before = (reads.texts, reads.kinds)
    assert before > (0, 0)
    assert hits(over, "元宇宙", per_page=6) == first
    assert (reads.texts, reads.kinds) == before
    assert hits(over, "元界", per_page=5)
    assert reads.texts > before[0]
