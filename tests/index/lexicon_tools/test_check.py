"""Checking a lexicon: faults, warnings, and that ours has no fault."""

from collections.abc import Callable
from functools import partial

import pytest

from index.analysis.segmenter import Segmenter
from index.engines.api import Engine
from index.lexicon.model import Attestation, Concept, Lexicon
from index.lexicon_tools.check import PLACEHOLDER, Finding, check_lexicon
from index.lexicon_tools.usage import article_counter
from tests.support.site import Site

BOOK = Attestation("book", "一本书")
Found = Callable[[], list[Finding]]


def concept(name: str, *aliases: str, related: tuple[str, ...] = ()) -> Concept:
    return Concept(name, aliases, related, sources=(BOOK.id,))


def findings(*concepts: Concept, masks: tuple[str, ...] = (), texts: str = "") -> list[Finding]:
    """The findings when the index holds just these texts."""
    lexicon = Lexicon(concepts, masks, (), (BOOK,))
    return check_lexicon(lexicon, Segmenter(lexicon), texts.count if texts else None)


@pytest.mark.parametrize(
    ("found", "kind", "fault"),
    [
        pytest.param(
            partial(
                findings,
                concept("智能合约", "Smart Contract"),
                concept("合约", "ｓｍａｒｔ contract"),
            ),
            "collision",
            True,
            id="one form, two concepts",
        ),
        pytest.param(
            partial(findings, concept("Uniswap V3"), concept("uniswap_v3")),
            "collision",
            True,
            id="one token, two concepts",
        ),
        pytest.param(
            partial(findings, concept("黄金"), masks=("黄金",)),
            "collision",
            True,
            id="a mask is a form",
        ),
        pytest.param(
            partial(findings, concept("比特币", related=("大饼",))),
            "nothing",
            True,
            id="related to nothing",
        ),
        pytest.param(
            partial(findings, concept("比特币", "BTC", related=("BTC",))),
            "nothing",
            True,
            id="to itself",
        ),
        pytest.param(
            partial(findings, Concept("比特币", sources=("nobody",))),
            "nothing",
            True,
            id="no such source",
        ),
        pytest.param(
            partial(findings, concept("币安全"), texts="人民币安全，" * 3),
            "torn",
            True,
            id="tears words",
        ),
        pytest.param(
            partial(findings, concept("区块链", "區塊鏈")),
            "repeated",
            False,
            id="equal once normalized",
        ),
        pytest.param(
            partial(findings, Concept("区块链", sources=())),
            "unattested",
            False,
            id="without a source",
        ),
        pytest.param(
            partial(findings, concept("区块链", "链圈"), texts="说的是区块连"),
            "unused",
            False,
            id="unused",
        ),
        pytest.param(
            partial(findings, concept("元宇宙"), texts="元宇宙和多元宇宙。多元宇宙与多元宇宙"),
            "overlap",
            False,
            id="cuts a word off",
        ),
    ],
)
def test_findings(found: Found, kind: str, fault: bool) -> None:
    """The smallest example of each kind gives that finding only."""
    assert [(finding.kind, finding.is_fault) for finding in found()] == [(kind, fault)]


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(partial(findings, concept("区块链", "BTC", "上链")), id="nothing wrong"),
        pytest.param(
            partial(findings, concept("币安"), texts="人民币安全，币安。" * 9),
            id="the longer word wins",
        ),
        pytest.param(
            partial(
                findings,
                concept("元宇宙"),
                concept("多元宇宙"),
                texts="元宇宙和多元宇宙。多元宇宙，多元宇宙",
            ),
            id="both are known",
        ),
        pytest.param(
            partial(findings, concept("元宇宙"), masks=("多元宇宙",), texts="元宇宙多元宇宙" * 9),
            id="masked",
        ),
    ],
)
def test_nothing_found(found: Found) -> None:
    """Entries that look alike but are right."""
    assert found() == []


def test_an_index_counts(built: Site) -> None:
    """Latin words are counted as words, others as characters, after normalisation."""
    snapshot = built.engine.open()
    count = article_counter(snapshot)
    assert count("元宇宙") == 1
    assert count("數字人民幣") == 1
    assert count("ＵＮＩＳＷＡＰ V3") == 1
    assert count("CNY") == 1
    assert count("swap") == 0
    snapshot.close()


def test_ours_has_no_fault(seeds_lexicon: Lexicon) -> None:
    """It has no fault, and at most a tenth of its concepts have no source but us."""
    found = check_lexicon(seeds_lexicon, Segmenter(seeds_lexicon))
    assert [finding for finding in found if finding.is_fault or finding.kind == "repeated"] == []
    unattested = [finding for finding in found if finding.kind == "unattested"]
    assert len(unattested) <= len(seeds_lexicon.concepts) / 10
    assert PLACEHOLDER in {source.id for source in seeds_lexicon.sources}


@pytest.mark.corpus
def test_ours_tears_no_word(seeds_lexicon: Lexicon, corpus_index: Engine) -> None:
    """Against 35,287 articles: no fault, and few words that may be segmented wrongly."""
    snapshot = corpus_index.open()
    found = check_lexicon(seeds_lexicon, Segmenter(seeds_lexicon), article_counter(snapshot))
    assert not any(finding.is_fault for finding in found)
    assert sum(finding.kind == "overlap" for finding in found) < 20
