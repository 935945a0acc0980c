"""The words that every peer but the stock recipe gets: jieba's search mode, stock dictionary.

Segmented by `rjieba` if it is installed (some ten times faster, the same words but for unknown
ones), which favours the peers. Long words and the shorter ones inside them follow each other, so a
snippet made of them shows some words twice.
"""

import logging
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def _jieba() -> Any:
    if find_spec("rjieba"):
        return import_module("rjieba")
    logging.getLogger("jieba").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in jieba 0.42.1, its last release
        return import_module("jieba")


jieba = _jieba()


def words_of(text: str) -> list[str]:
    """Of an article: words, words inside words, and punctuation; lower case, no white space."""
    return [word for word in jieba.cut_for_search(text.lower()) if not word.isspace()]


def words_asked(query: str) -> list[str]:
    """Of a query: its words, none inside another, without punctuation."""
    return [word for word in jieba.cut(query.lower()) if any(map(str.isalnum, word))]


def spaced(text: str) -> str:
    """An article's words for an analyzer that splits at white space."""
    return " ".join(words_of(text))


def closed(snippet: str) -> str:
    """A snippet of such words as shown to readers: without spaces."""
    return snippet.replace(" ", "")
