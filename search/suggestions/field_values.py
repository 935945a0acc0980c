"""Completes the value of a field: `来源：新` → `来源：新华社`."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from index.analysis.kinds import KINDS, kind_names
from index.engines.api import Snapshot
from index.text.normalize import normalize
from search.query.parsing.field_names import query_fields
from search.query.parsing.lexeme import LexemeKind
from search.query.parsing.lexer import lex
from search.query.parsing.quotation import MARKS, quote
from search.query.planner import MAX_FIELD_VALUES, Plan
from search.suggestions.name_index import Fit, NameIndex
from search.suggestions.typed_text import TypedText
from search.vocabulary import VocabularyEntry

COMPLETED_FIELDS = ("source", "author", "category", "topic", "organisation", "kind")
_BEGUN = re.compile(
    rf"(?:^|(?<=[\s(（\-－]))([^\W\d_]{{2,10}}[:：])(?:[{MARKS}]([^{MARKS}]*)|([^\s{MARKS}()（）]*))$"
)


class BegunField(NamedTuple):
    """A field at the end of what is typed. `before`: all before its value, its name included.
    `condition`: what stands before the field."""

    name: str
    before: str
    condition: str
    value: str


def begun_field(typed: str) -> BegunField | None:
    """The field whose value is being typed, if values of it can be offered."""
    found = _BEGUN.search(typed)
    name = query_fields().get(normalize(found[1][:-1])) if found else None
    if found is None or name not in COMPLETED_FIELDS:
        return None
    before = typed[: found.start()]
    return BegunField(name, before + found[1], before.rstrip("-－"), found[2] or found[3] or "")


class FieldValues:
    """Values of the fields of one generation."""

    def __init__(self, snapshot: Snapshot, plan: Callable[[str], Plan]) -> None:
        self._snapshot = snapshot
        self._plan = plan
        # By field; a generation does not change, so its values are read once.
        self._index = lru_cache(len(COMPLETED_FIELDS))(self._read)
        self._values = lru_cache(len(COMPLETED_FIELDS))(self._read_values)

    def complete(self, begun: BegunField, limit: int) -> list[str]:
        """Whole queries: values by fit, then by the articles that have them and meet the
        condition; at most `limit`."""
        typed = TypedText.read(begun.value)
        if any(map(str.isalnum, typed.text)):
            matching = list(self._index(begun.name).matching(typed))
        else:
            matching = [(Fit.EXACT, value) for value in self._values(begun.name)]
        best: dict[str, Fit] = {}
        for fit, value in matching:
            best.setdefault(value.written, fit)
        counts = self._counts(begun)
        ranked = sorted((fit, -counts.get(value, 0), value) for value, fit in best.items())
        found = [value for _, count, value in ranked if count]
        return [begun.before + _as_value(value) for value in found[:limit]]

    def _counts(self, begun: BegunField) -> dict[str, int]:
        if begun.name != "kind" and begun.condition.strip():
            query = self._plan(begun.condition).query
            counted = self._snapshot.facet_counts(query, {}, (begun.name,), MAX_FIELD_VALUES)
            return dict(counted[begun.name])
        return {value.written: value.articles for value in self._values(begun.name)}

    def _read(self, name: str) -> NameIndex:
        return NameIndex(self._values(name))

    def _read_values(self, name: str) -> list[VocabularyEntry]:
        counts = self._snapshot.terms(name, limit=MAX_FIELD_VALUES)
        if name == "kind":
            names = dict(zip(KINDS, kind_names(), strict=True))
            counts = [(names[kind], articles) for kind, articles in counts]
        return [
            VocabularyEntry(value, " ".join(normalize(value).split()), articles, value, False)
            for value, articles in counts
        ]


def _as_value(value: str) -> str:
    """The value as it is written behind a field, in quotes where it would not be read whole."""
    lexemes, _ = lex(f"source:{value}")
    kinds = [lexeme.kind for lexeme in lexemes]
    whole = kinds == [LexemeKind.FIELD, LexemeKind.WORD] and lexemes[1].text == value
    return value if whole else quote(value)
