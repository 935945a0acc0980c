"""Texts that are one typing error apart, as pure functions."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def transposed(text: str) -> Iterator[str]:
    """The texts with two adjacent characters swapped."""
    for at in range(len(text) - 1):
        if text[at] != text[at + 1]:
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def look_alikes(text: str) -> Iterator[str]:
    """The texts with one character replaced by one that looks like it."""
    table = _look_alikes()
    for at, character in enumerate(text):
        for other in table.get(character, ()):
            yield text[:at] + other + text[at + 1 :]


def one_slip_apart(typed: str, meant: str) -> bool:
    """Whether one letter is missing, extra, wrong or swapped with the next (Damerau 1964). The
    first letter must be equal, for it is seldom mistyped; so must digits (web2 is not web3)."""
    if typed[:1] != meant[:1] or _digits(typed) != _digits(meant) or typed == meant:
        return False
    pairs = enumerate(zip(typed, meant, strict=False))
    before = next((at for at, (a, b) in pairs if a != b), min(len(typed), len(meant)))
    left, right = typed[before:], meant[before:]
    if left[2:] == right[2:] and left[:2] == right[1::-1]:
        return True
    return right[1:] in (left, left[1:]) or left[1:] == right


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


@cache
def _look_alikes() -> dict[str, str]:
    lines = files("search").joinpath("data/lookalikes.txt").read_text("utf-8").splitlines()
    table: dict[str, str] = {}
    for group in (group for line in lines if line[:1] != "#" for group in line.split()):
        for character in group:
            table[character] = table.get(character, "") + group.replace(character, "")
    return table
