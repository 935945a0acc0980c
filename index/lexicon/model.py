"""The lexicon: concepts, each with all its names. Its data is in `seeds/lexicon/`."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

from index.text.normalize import normalize

ORGANISATION_KINDS = frozenset(("company", "regulator", "organisation"))
CONCEPT_KINDS = ORGANISATION_KINDS | frozenset(
    ("technology", "asset", "protocol", "product", "person", "event", "policy", "term", "indicator")
)
LABELS = frozenset(("always", "title", "never"))


MAX_SPELLED = 4_096
"""Concepts whose normalised names are cached."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """Where a name was found: an authority, a standard, a law, a glossary."""

    id: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing people write about.

    `aliases`: other names of the same thing. `related`: names of closely related concepts, also of
    interest to someone searching for this one. `topic`: the label readers filter by; a ministry or
    a sports brand has none. `labels`: when a mention may label an article: "always"; "title" (only
    there), for what is mentioned in passing everywhere (微信); "never", for what says nothing about
    the subject (美元). `sources`: ids of attestations.
    """

    name: str
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    topic: str = ""
    kind: str = "term"
    labels: str = "always"
    sources: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """The concept as one index term."""
        return token_of(normalize(self.name))

    def forms(self) -> Iterator[str]:
        """All names, the main one first, as written."""
        yield self.name
        yield from self.aliases

    def spellings(self) -> tuple[str, ...]:
        """All names, normalised."""
        return _spellings(self)


@lru_cache(MAX_SPELLED)
def _spellings(concept: Concept) -> tuple[str, ...]:
    return tuple(map(normalize, concept.forms()))


def token_of(form: str) -> str:
    """A normalised name as an index token, which must not contain white space."""
    return "_".join(form.split())


def form_key(form: str) -> str:
    """The key under which all spellings of one name are equal."""
    return " ".join(normalize(form).split())


@dataclass(frozen=True)
class Lexicon:
    """All concepts, and `masks`: ordinary words in which no concept may be found. `regional`:
    groups of ordinary words, as written, that are one word in different regions (软件, 軟體)."""

    concepts: tuple[Concept, ...] = ()
    masks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[Attestation, ...] = ()
    regional: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def by_form(self) -> Mapping[str, Concept]:
        """Normalised form → concept."""
        return {form_key(form): concept for concept in self.concepts for form in concept.forms()}

    @cached_property
    def by_token(self) -> Mapping[str, Concept]:
        return {concept.token: concept for concept in self.concepts}

    @cached_property
    def opaque(self) -> frozenset[str]:
        """Normalised masks."""
        return frozenset(normalize(word) for word in self.masks)

    @cached_property
    def regional_words(self) -> Mapping[str, tuple[str, ...]]:
        """Normalised word → the others of its group, as written."""
        return {
            normalize(word): tuple(other for other in group if other != word)
            for group in self.regional
            for word in group
        }

    @cached_property
    def version(self) -> str:
        """16 hex digits over the content."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=8).hexdigest()

    def find(self, text: str) -> Concept | None:
        """The concept with this name, ignoring width, case and script."""
        return self.by_form.get(form_key(text))

    def related(self, concept: Concept) -> list[Concept]:
        return [self.by_form[form_key(name)] for name in concept.related]

    def neighbours(self, concept: Concept) -> list[Concept]:
        """Concepts it names as related, then those that name it, in the lexicon's order."""
        named = self.related(concept)
        naming = [c for c in self._named_by.get(concept.token, ()) if c not in named]
        return [*named, *naming]

    @cached_property
    def _named_by(self) -> Mapping[str, list[Concept]]:
        """Token of a concept → concepts that name it as related."""
        found: dict[str, list[Concept]] = {}
        for concept in self.concepts:
            for other in self.related(concept):
                found.setdefault(other.token, []).append(concept)
        return found

    def to_json(self) -> str:
        # `asdict` copies every string, which takes three times as long as all this.
        return json.dumps(_values(self), default=_values, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Lexicon":
        data = json.loads(text)
        concepts = tuple(concept_of(row) for row in data["concepts"])
        sources = tuple(Attestation(**row) for row in data["sources"])
        regional = tuple(map(tuple, data["regional"]))
        return cls(concepts, tuple(data["masks"]), tuple(data["topics"]), sources, regional)


def _values(part: "Lexicon | Concept | Attestation") -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def concept_of(row: Mapping[str, Any]) -> Concept:
    values = dict(row)
    for key in ("aliases", "related", "sources"):
        # tuple() would take a string apart into characters.
        if not isinstance(values.get(key, []), list):
            raise TypeError(f"{key} 要写成列表")
        values[key] = tuple(values.get(key, ()))
    concept = Concept(**values)
    if not all(isinstance(form, str) and form.strip() for form in concept.forms()):
        raise ValueError("name 和 aliases 要是不为空的字符串")
    return concept
