"""Snippets: length, sentence borders, and marks that are true."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalize import normalize
from search.highlighting.sentences import MAX_SNIPPET_CHARS
from search.highlighting.snippet import (
    ELLIPSIS,
    HALF_SNIPPET_CHARS,
    MIN_SNIPPET_CHARS,
    beyond_title,
    repeats_title,
    snippet,
)
from search.response import Highlighted
from tests.support.cost import cost
from tests.support.tiny_search import (
    article,
    ask,
    boundaries_of,
    is_leaf,
    marker_of,
    searcher,
    shown,
    snippet_of,
)

FILLER = "市场在周末保持平静，成交量略有回落。"
"""18 characters, two clauses, no word of any query here."""
LONG = 20
FRAGMENTS = (
    *(
        "元宇宙",
        "Metaverse",
        "银行",
        "數字人民幣",
        "区块链技术",
        "市场",
        "昨天发布了报告",
        "的",
        "1,234.5",
    ),
    *("。", "，", "！", "；", "？”", "\n", " ", "https://a.cn/?x=1;y=2", "😀", "a" * 30, "中" * 50),
)
QUERIES = (
    "元宇宙",
    "元宇宙 银行",
    '"元宇宙，"',
    "银* 数字人民币",
    "元*宙 数字*币",
    "元宇宙 NEAR/3 银行",
    '"中中 a"',
    "的",
    "饕餮",
    '"宇宙银"',
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=80).map("".join)


def of(text: str, q: str = "元宇宙") -> Highlighted:
    return snippet_of(text, marker_of(q))


def pieces(result: Highlighted) -> list[str]:
    return [piece for piece in result.text.split(ELLIPSIS) if piece]


def length(result: Highlighted) -> int:
    return sum(map(len, pieces(result)))


def firsts(result: Highlighted) -> list[int]:
    """The offset of the first mark in each piece that has one."""
    found, position = [], 0
    for piece in re.split(f"({ELLIPSIS})", result.text):
        inside = [a for a, b in result.marks if position <= a and b <= position + len(piece)]
        found += [inside[0] - position] if inside else []
        position += len(piece)
    return found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("短讯。", id="no match"),
        pytest.param("[元宇宙]短讯。", id="one line"),
        pytest.param("中" * (MAX_SNIPPET_CHARS - 4) + "[元宇宙]。", id="as long as a snippet"),
    ],
)
def test_a_short_text_is_shown_whole(text: str) -> None:
    """A short text has no ellipsis."""
    assert shown(of(text.replace("[", "").replace("]", ""))) == text


def test_without_a_match() -> None:
    """The beginning of the text, up to the end of a sentence."""
    result = of(FILLER * LONG)
    assert result == Highlighted(FILLER * (MAX_SNIPPET_CHARS // len(FILLER)))


OTHER = "银行同日公布了新的利率，从下周起执行。"
LONG_ONE = "昨天" + "，又过了一阵" * 30 + "。"
CUT = "一" * 60 + "，元宇宙" + "，三" * 80 + "。"


@pytest.mark.parametrize(
    ("q", "text", "expected"),
    [
        pytest.param("元宇宙", f"{FILLER * 9}元宇宙来了。{FILLER * 9}", "。=", id="two ends"),
        pytest.param(
            "元宇宙", f"{FILLER * 9}{'一' * 60}元宇宙来了。{FILLER * 9}", "。=", id="late"
        ),
        pytest.param(
            "元宇宙", f"{LONG_ONE}{'一' * 60}元宇宙来了。{LONG_ONE}", "=", id="between two"
        ),
        pytest.param("元宇宙", f"{FILLER * 3}元宇宙来了。{LONG_ONE}", "=", id="before a long one"),
        pytest.param("元宇宙", f"{LONG_ONE}元宇宙来了。{LONG_ONE}", "=…", id="short, between two"),
        pytest.param("元宇宙", f"{FILLER * 9}{CUT}{FILLER}", "…=…", id="too long"),
        pytest.param("元宇宙", f"{FILLER}\n元宇宙{FILLER[:-1]}\n{FILLER * 9}", "=", id="lines"),
        pytest.param("元宇宙", f"{FILLER * 9}元宇宙来了；{OTHER}{FILLER * 9}", "=", id="semicolon"),
        pytest.param("元宇宙", f"{FILLER * 9}他说：“元宇宙来了。”{FILLER * 9}", "=", id="quoted"),
        pytest.param(
            "元宇宙 银行",
            f"{FILLER * 5}{OTHER}{FILLER * 20}{'一' * 60}元宇宙来了。{FILLER * 5}",
            "=…=",
            id="two of unequal length",
        ),
        pytest.param("饕餮", FILLER * 9, "=", id="no match"),
        pytest.param("饕餮", LONG_ONE, "=…", id="no match, long"),
    ],
)
def test_an_ellipsis_only_where_a_sentence_is_cut(q: str, text: str, expected: str) -> None:
    """Whole sentences, where they fit; two of them are apart. `=` stands for what is shown."""
    result = of(text, q)
    assert re.sub(f"[^{ELLIPSIS}]+", "=", result.text) == expected.replace("。", "")
    whole = {s for s in re.split(r"(?<=。”)|(?<=。)(?!”)|\n", text) if s}
    if not (result.text.startswith(ELLIPSIS) or result.text.endswith(ELLIPSIS)):
        for piece in pieces(result):
            assert {s for s in re.split(r"(?<=。”)|(?<=。)(?!”)| ", piece) if s} <= whole


def test_a_match_in_the_middle() -> None:
    """The sentence with the match, and what follows."""
    result = of(FILLER * 9 + "元宇宙来了。" + FILLER * 9)
    assert shown(result).startswith("[元宇宙]来了。" + FILLER)
    assert result.text.endswith("。")


def test_a_match_at_the_very_end() -> None:
    """The remaining room shows what is before it."""
    result = of(FILLER * LONG + "说到元宇宙")
    assert result.text.endswith(f"{FILLER}说到元宇宙")
    assert result.text.startswith(FILLER)
    assert MIN_SNIPPET_CHARS <= length(result) <= MAX_SNIPPET_CHARS


def test_two_pieces() -> None:
    """Words far apart get a piece each, in the order of the text."""
    result = of(
        FILLER * 5 + "银行来了。" + FILLER * 20 + "元宇宙来了。" + FILLER * 5, "元宇宙 银行"
    )
    first, second = pieces(result)
    assert first.startswith("银行来了。")
    assert second.startswith("元宇宙来了。")
    assert len(first) <= HALF_SNIPPET_CHARS
    assert MIN_SNIPPET_CHARS <= length(result) <= MAX_SNIPPET_CHARS


def test_one_piece_where_it_shows_all() -> None:
    """One sentence with both words is preferred to two with one each."""
    text = "银行来了。" + FILLER * 9 + "元宇宙里的银行。" + FILLER * 9 + "元宇宙来了。"
    assert len(pieces(of(text, "元宇宙 银行"))) == 1


def test_neighbouring_sentences_are_one_piece() -> None:
    """No ellipsis stands between adjacent sentences."""
    text = FILLER * 9 + "元宇宙来了。银行走了。" + FILLER * 9
    result = of(text, "元宇宙 银行")
    assert shown(result).startswith("[元宇宙]来了。[银行]走了。")
    assert len(pieces(result)) == 1


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    """The piece begins with the clause of the first match."""
    text = FILLER * 9 + "一" * 60 + "，二" * 15 + "，元宇宙" + "，三" * 80
    result = of(text)
    assert firsts(result)[0] <= 40
    assert result.text[1] == "二"
    assert result.text.endswith("，" + ELLIPSIS)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("中" * 500, id="Han"),
        pytest.param("a" * 500, id="Latin"),
        pytest.param("", id="nothing"),
    ],
)
def test_no_punctuation(before: str) -> None:
    """A text without punctuation is cut before the match."""
    result = of(before + "元宇宙" + "银" * 500)
    assert firsts(result)[0] <= 40
    assert MIN_SNIPPET_CHARS <= length(result) <= MAX_SNIPPET_CHARS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("元宇宙" + "中" * 110 + "12345.67万亿", "12345.67万亿", id="number"),
        pytest.param("元宇宙" + "中" * 110 + "blockchain", "blockchain", id="Latin word"),
        pytest.param("元宇宙" + "中" * 90 + "1,234,567,890,123" + "中" * 20, "1,234", id="commas"),
    ],
)
def test_words_and_numbers_stay_whole(text: str, kept: str) -> None:
    """Words and numbers are shown whole or not at all."""
    result = of(text + "末" * 50)
    assert kept in result.text or kept[0] not in result.text


def test_a_phrase_longer_than_a_piece_is_shown_whole() -> None:
    """A matched phrase is never cut."""
    phrase = "中国的元宇宙" * 30
    result = of(FILLER * 9 + phrase + FILLER * 9, f'"{phrase}"')
    assert f"[{phrase}]" in shown(result)


def test_white_space() -> None:
    """A border of blocks is shown as one space; ends have none."""
    result = of(FILLER * 9 + "\n元宇宙\n来了。\n" + FILLER * 9)
    assert shown(result).startswith("[元宇宙] 来了。 " + FILLER)
    assert not re.search(r"\s…|…\s", result.text)


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    """No piece begins with a closing quote."""
    result = of(FILLER * 9 + "他说：“平静。”元宇宙来了。" + FILLER * 9)
    assert shown(result).startswith("[元宇宙]来了。")


def test_original_script() -> None:
    """The snippet has the text as written, not normalised."""
    assert "[數字人民幣]" in shown(of(FILLER * 9 + "數字人民幣來了。" + FILLER * 9, "数字人民币"))


def test_spurious_hints() -> None:
    """Places that only seem to match do not hide a real match."""
    text = "method，" * 200 + FILLER * 9 + "ETH来了。" + FILLER
    assert "[ETH]来了。" in shown(of(text, "eth"))


@given(st.sampled_from(QUERIES), texts)
def test_any_text(q: str, text: str) -> None:
    """Marks are leaves of the query after joining; pieces are parts of the text."""
    marker = marker_of(q)
    result = snippet_of(text, marker)
    plain = text.replace("\n", " ")
    assert len(pieces(result)) <= 2
    assert all(piece in plain for piece in pieces(result))
    for start, end in result.marks:
        assert is_leaf(marker.plan, result.text[start:end])
    assert bool(result.marks) <= bool(marker.marks(normalize(text)))


@given(st.sampled_from(("元宇宙", "元宇宙 银行", "银* 数字人民币", "饕餮")), texts)
def test_length(q: str, text: str) -> None:
    """80 to 120 characters if the text is longer; the first match is near the start."""
    result = of(text, q)
    if len(text) >= 3 * MAX_SNIPPET_CHARS:
        assert length(result) >= MIN_SNIPPET_CHARS - 4  # white space at the ends is cut off
        assert all(first <= 40 for first in firsts(result))
    assert length(result) <= MAX_SNIPPET_CHARS
    assert len(result.text) <= MAX_SNIPPET_CHARS + 3


@given(st.text(), st.text())
def test_never_raises(text: str, q: str) -> None:
    """No text and no query raises an error."""
    of(text, q)


def test_quick() -> None:
    """A text of a megabyte takes milliseconds of processor time, whatever its number of matches."""
    text = (FILLER * 20 + "元宇宙" + "a" * 50) * 2_500
    marker = marker_of("元宇宙 银行")
    normalized = normalize(text)
    boundaries = boundaries_of(normalized)
    snippet(text, normalized, marker, boundaries, marker.leaves)
    assert len(text) > 1_000_000
    assert cost(lambda: snippet(text, normalized, marker, boundaries, marker.leaves)) < 0.1


TITLE = "央行扩大数字人民币试点"
AFTER = "新增十一个城市，首批参与的银行名单同日公布。"


@pytest.mark.parametrize(
    ("title", "text", "q", "expected"),
    [
        pytest.param(TITLE, TITLE, "数字人民币", "", id="only the title"),
        pytest.param(TITLE, f"【{TITLE}】", "数字人民币", "", id="the title in brackets"),
        pytest.param(TITLE, f"{TITLE}。", "", "", id="without a query"),
        pytest.param(TITLE * 4, TITLE * 4, "数字人民币", "", id="a post without a title"),
        pytest.param(TITLE * 4, TITLE * 3, "数字人民币", "", id="a part of the title"),
        pytest.param(
            TITLE, f"{TITLE} https://t.cn/abcdefghij", "试点", "https://t.cn", id="an address"
        ),
        pytest.param(
            TITLE, f"{TITLE}。{AFTER}", "数字人民币", f"试点。{AFTER}", id="title and more"
        ),
        pytest.param(TITLE * 11, f"{TITLE * 11}。{AFTER}", "试点", AFTER, id="what follows"),
        pytest.param(
            TITLE * 11,
            f"{TITLE * 11}。{AFTER}{FILLER * 9}试点明年结束。",
            "试点",
            "试点]明年结束。",
            id="a later sentence",
        ),
        pytest.param(TITLE, AFTER, "银行", "的[银行]名单", id="another text"),
    ],
)
def test_a_snippet_does_not_repeat_the_title(title: str, text: str, q: str, expected: str) -> None:
    """The next best passage is shown, or nothing."""
    (hit,) = ask(searcher(article("a", title, text)), q).hits
    if expected:
        assert expected in shown(hit.snippet)
    else:
        assert hit.snippet == Highlighted("")


@given(texts, texts, st.sampled_from(QUERIES))
def test_beyond_any_title(title: str, rest: str, q: str) -> None:
    """Marks stay true, and what is shown is in the text and more than the title."""
    text, normalized = f"{title} {rest}", normalize(f"{title} {rest}")
    found = beyond_title(
        text, normalized, normalize(title), marker_of(q), boundaries_of(normalized)
    )
    assert not repeats_title(found.text, normalize(title))
    assert all(piece in text.replace("\n", " ") for piece in pieces(found))
