"""Cuts runs of Han characters into words, with jieba or its Rust port rjieba.

The only module that imports either. `teach` adds the lexicon's words to a cutter in a way that
leaves texts without those words unchanged.
"""
# mypy: allow-untyped-calls

import warnings
from collections.abc import Iterable
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any, Protocol

from index.analysis.dictionary import dictionary_frequency, respelled_words

LEXICON_FREQUENCY = 20_000
"""Frequency given to lexicon words, about that of 银行 in jieba's dictionary: such a word wins over
its parts and does not split longer words (人民币安全 stays 人民币 / 安全 though 币安 is a word)."""
SHORT_FREQUENCY = 1_000
"""The same for words of two characters, which split others more easily."""

TAUGHT_STEP = 60_000_000
"""All taught frequencies add up to a multiple of this, about the total of jieba's dictionary.

jieba weighs a word by its share of the total, so without it each added word would change how texts
are cut that do not contain the word."""
_BALLAST = "\ue000\ue000"
"""Gets the frequency missing to that multiple; no run of Han characters contains it."""


class Cutter(Protocol):
    """Cuts runs of Han characters; knows which words are in its dictionary."""

    name: str

    def cut(self, text: str) -> list[str]: ...

    def has(self, word: str) -> bool: ...

    def add(self, word: str, frequency: int) -> int:
        """Teach a word; returns by how much the total frequency grew."""
        ...


def teach(cutter: Cutter, forms: Iterable[str], ordinary: Iterable[str] = ()) -> int:
    """Make every form a word, and every word of the dictionary that is not in normal form; returns
    the total frequency taught, `_BALLAST` included.

    Short forms first: whether a form has to be taught then depends only on forms inside it. Forms
    that the dictionary already keeps whole are not changed. `ordinary`: words that should not win
    over others as names of concepts do.
    """
    taught = sum(cutter.add(word, count) for word, (_, count) in respelled_words().items())
    frequencies = dict.fromkeys(ordinary, SHORT_FREQUENCY)
    frequencies |= {form: _frequency(form) for form in forms}
    for form in sorted(frequencies, key=lambda form: (len(form), form)):
        if cutter.cut(form) != [form]:
            taught += cutter.add(form, frequencies[form])
    missing = -taught % TAUGHT_STEP or TAUGHT_STEP
    return taught + cutter.add(_BALLAST, missing)


def _frequency(word: str) -> int:
    return LEXICON_FREQUENCY if len(word) > 2 else SHORT_FREQUENCY


class JiebaCutter:
    """jieba with a private tokenizer: the reference implementation."""

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
        self._tokenizer.total -= known  # add_word counted it a second time
        return frequency - known


class RjiebaCutter:
    """The same algorithm and dictionary in Rust, about ten times faster."""

    name = "rjieba"

    def __init__(self) -> None:
        self._jieba = _rjieba().Jieba()

    def cut(self, text: str) -> list[str]:
        words: list[str] = self._jieba.cut(text, False)
        return words

    def has(self, word: str) -> bool:
        return bool(self._jieba.has_word(word))

    def add(self, word: str, frequency: int) -> int:
        known = dictionary_frequency(word) if self.has(word) else 0
        self._jieba.add_word(word, frequency, "nz")
        return frequency - known


@cache
def _rjieba() -> Any:
    """rjieba's compiled module without the package around it, which loads a second dictionary that
    nobody asks: 0.1 s and 25 MB."""
    package = find_spec("rjieba")
    assert package
    spec = PathFinder.find_spec("rjieba", package.submodule_search_locations)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def default_cutter() -> Cutter:
    return RjiebaCutter() if find_spec("rjieba") else JiebaCutter()
