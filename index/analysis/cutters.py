"""Runs of Han characters → words. The only module that knows jieba, or its twin in Rust, `rjieba`.

A cutter is taught the lexicon's words, so that what it is taught never weighs on other texts.
"""
# mypy: allow-untyped-calls

import warnings
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Protocol

from index.analysis.dictionary import dictionary_frequency

LEXICON_FREQUENCY = 20_000
"""About that of 银行 in jieba's dictionary: a lexicon word wins over its parts and does not tear
longer words apart (人民币安全 stays 人民币 / 安全 though 币安 is a word)."""
SHORT_FREQUENCY = 1_000
"""For words of two characters, which could tear others."""

TAUGHT_STEP = 60_000_000
"""jieba weighs a word by its share of all words, so one more word moves the border between two
ways to cut a text that does not contain it. What is taught therefore always adds up to a multiple
of this, which is what jieba's dictionary itself weighs."""
_BALLAST = "\ue000\ue000"
"""Takes up what is missing to that sum; no run of Han characters holds it."""


class Cutter(Protocol):
    """Cuts runs of Han characters; knows which words are in its dictionary."""

    name: str

    def cut(self, text: str) -> list[str]: ...

    def has(self, word: str) -> bool: ...

    def add(self, word: str, frequency: int) -> int:
        """Teach a word; gives by how much all words together became more."""
        ...


def teach(cutter: Cutter, forms: Iterable[str]) -> int:
    """Make words of `forms`; gives the weight of all that was taught, `_BALLAST` included.

    Short ones come first, so that whether a form has to be taught depends on nothing but the
    forms inside it. What the dictionary keeps whole keeps its weight.
    """
    taught = 0
    for form in sorted(forms, key=lambda form: (len(form), form)):
        if cutter.cut(form) != [form]:
            taught += cutter.add(form, _frequency(form))
    missing = -taught % TAUGHT_STEP or TAUGHT_STEP
    return taught + cutter.add(_BALLAST, missing)


def _frequency(word: str) -> int:
    return LEXICON_FREQUENCY if len(word) > 2 else SHORT_FREQUENCY


class JiebaCutter:
    """jieba itself, through a tokenizer of its own: the reference."""

    name = "jieba"

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in jieba 0.42.1, its last release
            import jieba  # noqa: PLC0415 - a second to load, and not always needed

        jieba.setLogLevel("ERROR")
        self._tokenizer = jieba.Tokenizer()

    def cut(self, text: str) -> list[str]:
        return list(self._tokenizer.cut(text, HMM=False))

    def has(self, word: str) -> bool:
        self._tokenizer.check_initialized()
        return bool(self._tokenizer.FREQ.get(word))

    def add(self, word: str, frequency: int) -> int:
        self._tokenizer.check_initialized()
        known: int = self._tokenizer.FREQ.get(word, 0)
        self._tokenizer.add_word(word, frequency)
        self._tokenizer.total -= known  # jieba would count it twice
        return frequency - known


class RjiebaCutter:
    """The same algorithm and dictionary in Rust, some ten times faster."""

    name = "rjieba"

    def __init__(self) -> None:
        import rjieba  # noqa: PLC0415 - optional

        self._jieba = rjieba.Jieba()

    def cut(self, text: str) -> list[str]:
        words: list[str] = self._jieba.cut(text, False)
        return words

    def has(self, word: str) -> bool:
        return bool(self._jieba.has_word(word))

    def add(self, word: str, frequency: int) -> int:
        known = dictionary_frequency(word) if self.has(word) else 0
        self._jieba.add_word(word, frequency, "nz")
        return frequency - known


def default_cutter() -> Cutter:
    return RjiebaCutter() if find_spec("rjieba") else JiebaCutter()
