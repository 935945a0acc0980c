"""Words one slip of the hand away: pure functions from a text to its neighbours."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def transposed(text: str) -> Iterator[str]:
    """Two neighbouring characters changed places."""
    for at in range(len(text) - 1):
        if text[at] != text[at + 1]:
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def look_alikes(text: str) -> Iterator[str]:
    """One character is another that looks like it."""
    table = _look_alikes()
    for at, character in enumerate(text):
        for other in table.get(character, ()):
            yield text[:at] + other + text[at + 1 :]


def one_slip_apart(typed: str, meant: str) -> bool:
    """One letter missing, too many, another, or changed places with the next (Damerau 1964). The
    first letter is seldom mistyped, and another digit is another version (web2, web3)."""
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
