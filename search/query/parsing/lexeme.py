"""The elements of a query that the lexer gives to the parser."""

from dataclasses import dataclass, field
from enum import Enum, auto


class LexemeKind(Enum):
    WORD = auto()
    WILDCARD = auto()
    QUOTED = auto()
    FIELD = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    OPEN = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One element of a query.

    `text`: a word as typed, with `*` in a wildcard; a quotation without quotes and escapes; the
    canonical name of a field; the characters that NEAR allows. `normalized`: a word normalised.
    `start`: its offset in the squeezed query. `stands_alone`: a word that no hyphen or star is
    joined to. A FIELD is followed by a WORD, WILDCARD, QUOTED or OPEN.
    """

    kind: LexemeKind
    text: str = ""
    normalized: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    stands_alone: bool = field(default=False, compare=False)
