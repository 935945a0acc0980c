"""Reads the word lists and tables in index/data/, and writes words as one regular expression."""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any


def data_table(name: str) -> dict[str, Any]:
    """A file in TOML; `name` without its ending."""
    return tomllib.loads(_text(f"{name}.toml"))


def data_lines(name: str) -> list[str]:
    """The lines of a text file that are no comments; `name` without its ending."""
    return [line for line in _text(f"{name}.txt").splitlines() if not line.startswith("#")]


def alternation(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first: it stops at the first that fits."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _text(file: str) -> str:
    return files("index").joinpath(f"data/{file}").read_text("utf-8")
