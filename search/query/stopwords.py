"""Words that say nothing of a subject, from data files: function words and linking words."""

from functools import cache
from importlib.resources import files


@cache
def function_words() -> frozenset[str]:
    """Words that say nothing about a subject: 的, 了, 吗, 什么 …"""
    return _words_in("function_words.txt")


@cache
def linking_words() -> frozenset[str]:
    """Those that stand between words and hardly ever in a name: 的, 和, 是 …"""
    return _words_in("linking_words.txt")


def _words_in(name: str) -> frozenset[str]:
    text = files("search").joinpath(f"data/{name}").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if line[:1] != "#" for word in line.split())
