"""Splits text into pieces before the dictionary is used: Latin words, numbers, and the lexicon's
forms that are not all Han (V神, DC/EP, Uniswap V3), which jieba's own patterns would split.

Runs of katakana and of hiragana are words of their own: メタバースの世界 has メタバース.
Short names with & or / are one word (AT&T, A/B), codes that are written together are several
(codes.py).

Texts and forms are normalised.
"""

import re
from collections.abc import Collection, Sequence
from itertools import chain

from index.analysis.codes import code_parts
from index.analysis.remembered import Remembered
from index.text.han import HAN
from index.text.spans import Span
from index.word_lists import alternation

_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HIRAGANA = "\u3041-\u3096\u309d-\u309f"
_KANA = rf"[{_KATAKANA}]+|[{_HIRAGANA}][{_HIRAGANA}ー]*"
_LETTER = rf"[^\W_{HAN}{_KATAKANA}{_HIRAGANA}]"
_NAME = (
    r"(?<![0-9a-z_/&=?.\-])(?:[a-z]{1,3}(?:&[a-z]{1,3})+\d*|[a-z](?:/[a-z])+)(?![0-9a-z_&/=+#;])"
)
"""Not in addresses: com/a/b, ?a=1&b=2."""
_KINDS = {
    "han": f"[{HAN}]+",
    "kana": _KANA,
    "name": _NAME,
    "number": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%",
    "latin": rf"{_LETTER}+(?:[.\-_']{_LETTER}+)*(?:\+\+|#)?",
    "other": rf"(?:(?!{_LETTER})[^{HAN}{_KATAKANA}{_HIRAGANA}])+",
}
PIECE_PATTERN = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items())
_PIECES = re.compile("|".join(_KINDS.values()))
"""The same without groups, whose names would cost more than all else."""
_RUN = re.compile(rf"{_LETTER}+")
HAN_RUNS = re.compile(rf"([{HAN}]+)")
RUNS = re.compile(rf"[{HAN}]+|{_KANA}|{_LETTER}+")
"""Runs of Han characters, of katakana or hiragana, or of letters and digits of other scripts."""
_DIVIDERS = "\n。、；;：:！!？?…“”「」『』《》（）()|"
"""Characters that no piece contains, unless a form of the lexicon does."""
_INNER = re.compile(r"[\W_](?=[^\W_])")
_COMMA = re.compile(rf",[{HAN}]")
MAX_CODE = 30
"""Characters. Longer runs are hardly written twice."""
_code_parts = Remembered(code_parts, MAX_CODE)


class Scanner:
    """Finds the given forms, which are kept whole, and where texts may be split."""

    def __init__(self, forms: Collection[str]) -> None:
        self._heads: dict[str, list[tuple[str, int]]] = {}
        marked: list[str] = []
        for form in forms:
            run = _RUN.search(form)
            if run:
                self._heads.setdefault(run.group(), []).append((form, run.start()))
            else:
                marked.append(form)  # 维塔利克·布特林: Han with punctuation inside
        for entries in self._heads.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        alternatives = alternation(marked)
        self._marked_pattern = re.compile(alternatives) if alternatives else None
        inside = {mark for form in forms for mark in _INNER.findall(form)}
        dividers = re.escape("".join(sorted({*_DIVIDERS} - inside)))
        comma = rf"|,(?=[{HAN}])" if not _COMMA.search("\n".join(forms)) else ""
        self._border = re.compile(rf"[{dividers}](?=[^\W_]){comma}")

    def borders(self, text: str) -> list[int]:
        """Positions where a piece always ends: the text between two of them can be segmented
        alone."""
        return [match.end() for match in self._border.finditer(text)]

    def may_have_forms(self, text: str, between: Sequence[str]) -> bool:
        """Whether one of the given forms is in `text`, perhaps as a part of a word; most texts have
        none, which is found out in C. `between`: what stands between its runs of Han characters."""
        heads = self._heads
        here = heads.keys() & _RUN.findall("\n".join(between))
        if any(form in text for head in here for form, _ in heads[head]):
            return True
        return self._marked_pattern is not None and bool(self._marked_pattern.search(text))

    def forms(self, text: str) -> list[Span]:
        """Spans of the given forms: leftmost first, then longest."""
        spans: list[Span] = []
        end = 0
        heads = self._heads
        for run in _RUN.finditer(text):
            forms = heads.get(run.group())
            if not forms or run.start() < end:
                continue
            for form, offset in forms:
                start = run.start() - offset
                if start >= end and text.startswith(form, start) and _ends(text, start + len(form)):
                    end = start + len(form)
                    spans.append((start, end))
                    break
        marked = self._marked_pattern.finditer(text) if self._marked_pattern else ()
        if others := [match.span() for match in marked]:
            spans = _disjoint([*spans, *others])
        return spans


def pieces_between(text: str) -> list[str]:
    """The pieces of a text without Han characters."""
    return [*chain.from_iterable(map(_code_parts.__getitem__, _PIECES.findall(text)))]


def _ends(text: str, position: int) -> bool:
    """Whether a word may end at `position`: not between two letters or digits."""
    before, after = text[position - 1], text[position : position + 1]
    return not (_RUN.match(before) and _RUN.match(after))


def _disjoint(spans: list[Span]) -> list[Span]:
    result: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not result or start >= result[-1][1]:
            result.append((start, end))
    return result
