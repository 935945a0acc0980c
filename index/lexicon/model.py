"""The domain's concepts: one thing, many names. Data in `seeds/lexicon/`, versioned by hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any

from index.text.normalize import normalize

ORGANISATION_KINDS = frozenset(("company", "regulator", "organisation"))
KINDS = ORGANISATION_KINDS | frozenset(
    ("technology", "asset", "protocol", "product", "person", "event", "policy", "term", "indicator")
)
LABELS = frozenset(("always", "title", "never"))


MAX_SPELLED = 4_096
"""Concepts whose normalised names are kept."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """Where words are attested: a body, a standard, a law, a glossary."""

    id: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing people write about.

    `aliases` are other names of the same thing; `related` are names of concepts so near that who
    searches this one wants to see them too; `topic` is a label readers filter by; a ministry or a
    sports brand has none. `labels` says
    when a mention may label an article: always; only in a title, for what is named in passing
    everywhere (微信); never, for what says nothing of a subject (美元). `sources`: ids.
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
        """Every way it is written, as written."""
        yield self.name
        yield from self.aliases

    def spellings(self) -> tuple[str, ...]:
        """The same normalised."""
        return _spellings(self)


@lru_cache(MAX_SPELLED)
def _spellings(concept: Concept) -> tuple[str, ...]:
    return tuple(map(normalize, concept.forms()))


def token_of(form: str) -> str:
    """A normalised form as an index term, which may hold no white space."""
    return "_".join(form.split())


def form_key(form: str) -> str:
    """What two spellings of one form have in common."""
    return " ".join(normalize(form).split())


@dataclass(frozen=True)
class Lexicon:
    """All concepts, and `masks`: ordinary words in which no concept may be seen."""

    concepts: tuple[Concept, ...] = ()
    masks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[Attestation, ...] = ()

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
    def version(self) -> str:
        """16 hex digits over the content."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=8).hexdigest()

    def find(self, text: str) -> Concept | None:
        """The concept that is written exactly so, whatever the width, case or script."""
        return self.by_form.get(form_key(text))

    def related(self, concept: Concept) -> list[Concept]:
        return [self.by_form[form_key(name)] for name in concept.related]

    def neighbours(self, concept: Concept) -> list[Concept]:
        """What it names as related, then what names it, in the lexicon's order."""
        named = self.related(concept)
        naming = [c for c in self._named_by.get(concept.token, ()) if c not in named]
        return [*named, *naming]

    @cached_property
    def _named_by(self) -> Mapping[str, list[Concept]]:
        """Concept → those that name it as related."""
        found: dict[str, list[Concept]] = {}
        for concept in self.concepts:
            for other in self.related(concept):
                found.setdefault(other.token, []).append(concept)
        return found

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Lexicon":
        data = json.loads(text)
        concepts = tuple(concept_of(row) for row in data["concepts"])
        sources = tuple(Attestation(**row) for row in data["sources"])
        return cls(concepts, tuple(data["masks"]), tuple(data["topics"]), sources)


def concept_of(row: Mapping[str, Any]) -> Concept:
    values = dict(row)
    for key in ("aliases", "related", "sources"):
        # A string is a sequence of strings too, each a character long.
        if not isinstance(values.get(key, []), list):
            raise TypeError(f"{key} 要写成列表")
        values[key] = tuple(values.get(key, ()))
    concept = Concept(**values)
    if not all(isinstance(form, str) and form.strip() for form in concept.forms()):
        raise ValueError("name 和 aliases 要是不为空的字符串")
    return concept
