"""Characters as tokens, for engines that cut a field at spaces and look for tokens in a row.

White space, borders of blocks and halves of surrogate pairs become private characters, so that
every character of a folded text is a token that no engine cuts, drops or refuses.
"""

from itertools import pairwise

_BORDER, _END = "\U00100000", "\U00100001"
_FIRST_SPACE = 0x100010
_SPACES = [c for c in map(chr, range(0x3001)) if c.isspace() and c != "\n"]
_FIRST_SURROGATE = 0x10F800
_TO_TOKEN = {ord("\n"): _BORDER}
_TO_TOKEN |= {ord(space): chr(_FIRST_SPACE + at) for at, space in enumerate(_SPACES)}
_SURROGATES = {at: chr(_FIRST_SURROGATE + at - 0xD800) for at in range(0xD800, 0xE000)}
_TO_TOKEN |= _SURROGATES
_BACK = {ord(private): chr(at) for at, private in _SURROGATES.items()}


def written(text: str) -> str:
    """A string that is UTF-8: half of a surrogate pair alone becomes a private character."""
    return text if text.isascii() else text.translate(_SURROGATES)


def read(text: str) -> str:
    """What `written` was given."""
    return text if text.isascii() else text.translate(_BACK)


def characters(text: str) -> str:
    """Characters as tokens, one for one."""
    return text.translate(_TO_TOKEN)


def pairs(characters_: str) -> list[str]:
    """Every two neighbours; the last character stands with the end."""
    return [first + second for first, second in pairwise(characters_ + _END)]
