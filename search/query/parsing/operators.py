"""Operators that are written as words: AND in capitals wherever it stands, 且 or `and` where it
stands on its own between two operands."""

import re
from collections.abc import Sequence

from search.query.parsing.lexeme import Lexeme, LexemeKind

DEFAULT_GAP, MAX_GAP = 10, 100
"""Characters between the two sides of NEAR: where no number is written, and at most."""

_CAPITALS = {"AND": LexemeKind.AND, "OR": LexemeKind.OR, "NOT": LexemeKind.NOT}
_WORDS = {
    "and": LexemeKind.AND,
    "且": LexemeKind.AND,
    "并且": LexemeKind.AND,
    "or": LexemeKind.OR,
    "或": LexemeKind.OR,
    "或者": LexemeKind.OR,
    "not": LexemeKind.NOT,
    "非": LexemeKind.NOT,
    "不含": LexemeKind.NOT,
    "不包含": LexemeKind.NOT,
    "near": LexemeKind.NEAR,
}
_NEAR = re.compile(r"(?i:near)/?([0-9]{1,4})|(?:WITHIN|W|N)/([0-9]{1,4})")
_NARROW = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
_BETWEEN = (LexemeKind.AND, LexemeKind.OR, LexemeKind.NEAR)
_ENDINGS = (LexemeKind.WORD, LexemeKind.WILDCARD, LexemeKind.QUOTED, LexemeKind.CLOSE)
BEGINNINGS = (
    *(LexemeKind.WORD, LexemeKind.WILDCARD, LexemeKind.QUOTED),
    *(LexemeKind.FIELD, LexemeKind.OPEN, LexemeKind.NOT),
)
"""What an operand, also a negated one, begins with."""


def operator_of(word: str) -> Lexeme | None:
    """The operator that a word is wherever it stands: AND, OR, NOT, NEAR/5."""
    narrow = word.translate(_NARROW)
    if kind := _CAPITALS.get(narrow):
        return Lexeme(kind)
    near = _NEAR.fullmatch(narrow)
    return Lexeme(LexemeKind.NEAR, str(min(int(near[1] or near[2]), MAX_GAP))) if near else None


def with_word_operators(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """The lexemes, with 或, `or`, NEAR and their like as operators where two operands stand beside
    them, and 非 and its like where one follows.

    `and`, `not` and `near` between two Latin words are words of an English phrase.
    """
    read: list[Lexeme] = []
    for lexeme, following in zip(lexemes, [*lexemes[1:], None], strict=False):
        kind = _WORDS.get(lexeme.text.translate(_NARROW).lower()) if lexeme.stands_alone else None
        before = read[-1] if read else None
        if kind and following and _operates(kind, lexeme, before, following):
            read.append(Lexeme(kind, str(DEFAULT_GAP) if kind is LexemeKind.NEAR else ""))
        else:
            read.append(lexeme)
    return read


def _operates(kind: LexemeKind, lexeme: Lexeme, before: Lexeme | None, following: Lexeme) -> bool:
    if following.kind not in BEGINNINGS or (before and before.kind is LexemeKind.FIELD):
        return False
    if kind in _BETWEEN and (before is None or before.kind not in _ENDINGS):
        return False
    lower = lexeme.text.isascii() and not lexeme.text.isupper() and kind is not LexemeKind.OR
    return not (lower and _is_latin(following) and (before is None or _is_latin(before)))


def _is_latin(lexeme: Lexeme) -> bool:
    return lexeme.kind is LexemeKind.WORD and lexeme.text.isascii()
