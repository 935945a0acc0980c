"""What one query may hold at most. What is beyond a bound is left out, and a warning names it.

The bounds hold a query's cost to about that of a dozen ordinary ones: a wildcard is expanded to
hundreds of words, and each text on a page is looked through for everything that was typed.
(MAX_QUERY in search/request.py bounds the characters of a query.)
"""

from dataclasses import dataclass, field

from index.messages import Message, msg
from search.query.parsing.lexeme import LexemeKind

MAX_BRACKET_DEPTH = 20
"""Parentheses within parentheses; deeper ones are left out."""
MAX_WORDS = 64
"""Words, as white space parts them. The longest pasted headline has a third of that."""
MAX_WILDCARDS = 5
MAX_QUOTATIONS = 16
MAX_CONDITIONS = 32
"""Fields and times."""
MAX_NEAR = 8
MAX_NAMED = 3
"""Of what was left out, so many are named in a warning, each by at most MAX_REPEATED characters."""
MAX_REPEATED = 30

_MOST = {
    LexemeKind.WORD: MAX_WORDS,
    LexemeKind.WILDCARD: MAX_WILDCARDS,
    LexemeKind.QUOTED: MAX_QUOTATIONS,
    LexemeKind.FIELD: MAX_CONDITIONS,
    LexemeKind.NEAR: MAX_NEAR,
}


@dataclass(slots=True)
class Allowance:
    """Counts what a query holds, by kind, and remembers what was too much."""

    taken: dict[LexemeKind, int] = field(default_factory=dict)
    left_out: dict[LexemeKind, list[str]] = field(default_factory=dict)

    def takes(self, kind: LexemeKind, typed: str) -> bool:
        """Whether one more of a kind is allowed. `typed`: how a warning names it."""
        taken = self.taken[kind] = self.taken.get(kind, 0) + 1
        if taken <= _MOST[kind]:
            return True
        self.left_out.setdefault(kind, []).append(typed)
        return False

    def warnings(self) -> list[Message]:
        return [_too_many(kind, typed) for kind, typed in self.left_out.items()]


def _too_many(kind: LexemeKind, typed: list[str]) -> Message:
    named = "、".join(text[:MAX_REPEATED] for text in typed[:MAX_NAMED])
    named += "…" if len(typed) > MAX_NAMED else ""
    values = {"most": _MOST[kind], "typed": named, "n": len(typed)}
    match kind:
        case LexemeKind.WILDCARD:
            return msg("一次最多查 %(most)s 个带 * 的词，略去 %(n)s 个：%(typed)s", **values)
        case LexemeKind.QUOTED:
            return msg("一次最多查 %(most)s 处引号，略去 %(n)s 处：%(typed)s", **values)
        case LexemeKind.FIELD:
            return msg("一次最多用 %(most)s 个条件，略去 %(n)s 个：%(typed)s", **values)
        case LexemeKind.NEAR:
            return msg(
                "一次最多用 %(most)s 个 NEAR，其余 %(n)s 个只要求两边都有：%(typed)s", **values
            )
        case _:
            return msg("一次最多查 %(most)s 个词，略去 %(n)s 个：%(typed)s", **values)
