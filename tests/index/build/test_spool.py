"""Drafts stored on disk between the stages of a build."""

import pickle

import pytest

from index.build import spool as module
from index.build.spool import AssignedDraft, Spool, SpooledDraft
from index.document import Arrival, drafts
from index.duplicates.members import Member
from tests.support.articles import ARTICLES


def story_of(number: int, name: str) -> str:
    return f"{number} {name}"


def drafted(name: str, size: int = 10) -> SpooledDraft:
    return SpooledDraft(name, Member(None, ""), name.encode() * size)


@pytest.mark.parametrize("in_memory", [1, 1 << 20], ids=["on disk", "in memory"])
def test_batches_come_back(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    """Drafts are read back in their batches and order, also if read in between."""
    monkeypatch.setattr(module, "SPOOL_MEMORY_BYTES", in_memory)
    with Spool() as spool:
        spool.add([drafted("a"), drafted("b", 3)])
        assert next(spool.batches(story_of))[0] == AssignedDraft(b"a" * 10, "0 a")
        spool.add([drafted("c", 0)])
        assert list(spool.batches(story_of)) == [
            [AssignedDraft(b"a" * 10, "0 a"), AssignedDraft(b"bbb", "1 b")],
            [AssignedDraft(b"", "2 c")],
        ]


def test_evidence() -> None:
    """The texts that stories are found by are normalised."""
    (draft,) = drafts([Arrival(ARTICLES[1], "", 0, 0)])
    with Spool() as spool:
        spool.add([SpooledDraft("ecny", Member(7, draft.sketch), pickle.dumps(draft))])
        evidence = spool.evidence(0)
    assert evidence.title == "数字人民币试点扩大到十七个省市"
    assert evidence.text.startswith("中国人民银行宣布,数字人民币(e-cny)")
    assert evidence.published == 7
