"""Characters as tokens, for engines that split fields at white space and find tokens in a row.

White space, the borders of blocks and halves of surrogate pairs become private characters, so that
each character of a normalised text is a token that no engine splits, drops or refuses.
"""

from operator import add

import numpy as np

CHARACTERS = "characters"
"""Field: every visible character of title and text, without positions. Finds one character."""
PAIRS = {"title": "title_pairs", "text": "text_pairs"}
"""Fields: every two neighbouring characters, with positions. Finds strings, as phrases of pairs."""

_BORDER, _END = "\U00100000", "\U00100001"
_FIRST_SPACE = 0x100010
_SPACES = [c for c in map(chr, range(0x3001)) if c.isspace() and c != "\n"]
_FIRST_SURROGATE = 0x10F800
_TOKENS_OF_WHITE = {"\n": _BORDER}
_TOKENS_OF_WHITE |= {space: chr(_FIRST_SPACE + at) for at, space in enumerate(_SPACES)}
_SURROGATES = {at: chr(_FIRST_SURROGATE + at - 0xD800) for at in range(0xD800, 0xE000)}
_FROM_PRIVATE = {ord(private): chr(at) for at, private in _SURROGATES.items()}


def encode_surrogates(text: str) -> str:
    """A string that UTF-8 can hold: half of a surrogate pair becomes a private character."""
    try:
        text.encode()  # a hundredth of the time of `str.translate`, and hardly a text has any
    except UnicodeEncodeError:
        return text.translate(_SURROGATES)
    return text


def decode_surrogates(text: str) -> str:
    """Undoes `encode_surrogates`."""
    return text if text.isascii() else text.translate(_FROM_PRIVATE)


def characters(text: str) -> str:
    """One token, of one character, for each character."""
    for white, token in _TOKENS_OF_WHITE.items():
        text = text.replace(white, token)
    return encode_surrogates(text)


def pairs(characters_: str) -> list[str]:
    """Every two neighbours. The last character is paired with a mark of the end."""
    return [*map(add, characters_, f"{characters_[1:]}{_END}")]


def _joined_pairs(characters_: str) -> str:
    """The same, joined by spaces, in a tenth of the time: an article has a thousand pairs."""
    codes = np.frombuffer(f"{characters_}{_END}".encode("utf-32-le"), np.uint32)
    rows = np.full((len(characters_), 3), ord(" "), np.uint32)
    rows[:, 0], rows[:, 1] = codes[:-1], codes[1:]
    return rows.tobytes().decode("utf-32-le")[:-1]


def _distinct(text: str) -> str:
    """The characters of a text, each once, in the order of their code points."""
    codes = np.sort(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
    firsts = np.concatenate(([True], codes[1:] != codes[:-1]))[: len(codes)]
    return codes[firsts].tobytes().decode("utf-32-le", "surrogatepass")


def character_fields(normalised: str) -> dict[str, str]:
    """The values of the fields above, tokens joined by spaces.

    `normalised`: the title, a line break, and the text.
    """
    title, _, text = normalised.partition("\n")
    visible = _distinct(normalised).replace("\n", "")
    return {
        CHARACTERS: " ".join(characters(visible)),
        PAIRS["title"]: _joined_pairs(characters(title)),
        PAIRS["text"]: _joined_pairs(characters(text)),
    }
