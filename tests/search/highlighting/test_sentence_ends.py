"""Ends of sentences: what is looked up in a list is what a search of the text around would find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalize import normalize
from search.highlighting.sentence_ends import BORDER_SEARCH_CHARS, FIRST_READ_CHARS, SentenceEnds
from search.highlighting.sentences import matching_sentences
from tests.support.tiny_search import boundaries_of, marker_of

FRAGMENTS = (
    *(
        "元宇宙",
        "银行",
        "市场平静",
        "a",
        "1",
        "，",
        "。",
        "！",
        "？”",
        "!",
        "?",
        ".",
        "3.5",
        "」",
        ")",
    ),
    *("\n", " ", "\u3000", "。」）", "中" * 50, "x" * BORDER_SEARCH_CHARS, "中" * FIRST_READ_CHARS),
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
END = re.compile(
    r"[。！？\n!?.](?:(?<=[。！？\n])|(?<=[!?])(?![0-9A-Za-z])|(?<=\.)(?=\s))[”’」』）)》】]*"
)


def naive_ends(text: str, low: int, high: int) -> list[int]:
    found = [match.end() for match in END.finditer(text, max(0, low - 1), high + 1)]
    return [end for end in found if low <= end <= high]


@given(texts, st.data())
def test_first_and_last(text: str, data: st.DataObject) -> None:
    """The same in any order of questions."""
    ends = SentenceEnds(text)
    places = st.integers(0, len(text))
    for _ in range(4):
        low, high = sorted((data.draw(places), data.draw(places)))
        naive = naive_ends(text, low, high)
        assert ends.first(low, high) == min(naive, default=None)
        assert ends.last(low, high) == max(naive, default=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("|昨天|。|今天。|", "|昨天。|今天。|", id="after a full stop"),
        pytest.param("|他说：“来了。|”|走|了|", "|他说：“来了。”|走了|", id="after its quote"),
        pytest.param("|是。| |不|是|", "|是。| |不是|", id="around white space"),
        pytest.param("|标题|\n|正|文|", "|标题|\n|正文|", id="around a new line"),
        pytest.param(
            "|比|3.|5多.| |a.|b!|c|", "|比3.5多.| |a.b!c|", id="not within a number or name"
        ),
        pytest.param("| |上|半|", "| |上半|", id="white space at the beginning"),
    ],
)
def test_between_sentences(text: str, expected: str) -> None:
    """Of the places shown as `|`, those between sentences are left."""
    bare = text.replace("|", "")
    places, at = [], 0
    for character in text:
        places += [at] if character == "|" else []
        at += character != "|"
    ends = SentenceEnds(bare)
    for place in reversed(places):
        if ends.between(place):
            bare = f"{bare[:place]}|{bare[place:]}"
    assert bare == expected


@given(st.sampled_from(("元宇宙", "元宇宙 银行", "银* a", "饕餮")), texts)
def test_the_best_sentence_without_looking_at_all(q: str, text: str) -> None:
    """Where the search ends early, it has found the best sentence and all before it."""
    marker, normalized = marker_of(q), normalize(text)
    ends, boundaries = SentenceEnds(normalized), boundaries_of(normalized)
    every = matching_sentences(ends, marker, boundaries, None)
    found = matching_sentences(ends, marker, boundaries, marker.leaves)
    spans = [(piece.start, piece.end) for piece, _, _ in every]
    assert [(piece.start, piece.end) for piece, _, _ in found[:1]] == spans[:1]
    last = max((piece.end for piece, _, _ in found), default=0)
    assert {piece[:2] for piece, _, _ in found} == {span for span in spans if span[1] <= last}
