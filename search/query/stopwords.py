"""Function words and linking words, read from data files."""

from functools import cache
from importlib.resources import files


@cache
def function_words() -> frozenset[str]:
    """Words without a subject of their own: 的, 了, 吗, 什么 …"""
    return _words_in("function_words.txt")


@cache
def linking_words() -> frozenset[str]:
    """Function words that link others and are hardly ever part of a name: 的, 和, 是 …"""
    return _words_in("linking_words.txt")


def _words_in(name: str) -> frozenset[str]:
    text = files("search").joinpath(f"data/{name}").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if line[:1] != "#" for word in line.split())
