"""The domain's concepts: one thing, many names. Data in `seeds/lexicon/`, versioned by hash."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from index.errors import LexiconError
from index.normalize import normalize

ORGANISATION_KINDS = frozenset(("company", "regulator", "organisation"))
KINDS = ORGANISATION_KINDS | frozenset(
    ("technology", "asset", "protocol", "product", "person", "event", "policy", "term", "indicator")
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing people write about.

    `aliases` are other names of the same thing; `related` are names of concepts so near that who
    searches this one wants to see them too; `topic` is a label readers filter by.
    """

    name: str
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    topic: str = ""
    kind: str = "term"

    @property
    def token(self) -> str:
        """The concept as one index term."""
        return token_of(normalize(self.name))

    def forms(self) -> Iterator[str]:
        """Every way it is written, as written."""
        yield self.name
        yield from self.aliases


def token_of(form: str) -> str:
    """A normalised form as an index term, which may hold no white space."""
    return "_".join(form.split())


@dataclass(frozen=True)
class Lexicon:
    """All concepts, and `masks`: ordinary words in which no concept may be seen."""

    concepts: tuple[Concept, ...] = ()
    masks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @cached_property
    def by_form(self) -> Mapping[str, Concept]:
        """Normalised form → concept."""
        return {
            " ".join(normalize(form).split()): concept
            for concept in self.concepts
            for form in concept.forms()
        }

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
        return self.by_form.get(" ".join(normalize(text).split()))

    def related(self, concept: Concept) -> list[Concept]:
        return [self.by_form[normalize(name)] for name in concept.related]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Lexicon":
        data = json.loads(text)
        concepts = tuple(_concept(row) for row in data["concepts"])
        return cls(concepts, tuple(data["masks"]), tuple(data["topics"]))


def load_lexicon() -> Lexicon:
    """The lexicon in `seeds/lexicon/`; raises LexiconError naming file and entry."""
    folder = files("seeds").joinpath("lexicon")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return read_lexicon((name, folder.joinpath(name).read_text("utf-8")) for name in names)


def read_lexicon(sources: Iterable[tuple[str, str]]) -> Lexicon:
    """Lexicon from (file name, TOML text) pairs; checked as a whole."""
    concepts: list[Concept] = []
    masks: list[str] = []
    topics: list[str] = []
    for name, text in sources:
        try:
            data = tomllib.loads(text)
            concepts += [_concept(row) for row in data.get("concept", ())]
        except (tomllib.TOMLDecodeError, TypeError) as error:
            raise LexiconError(f"词库文件 {name} 无法读取：{error}") from error
        masks += data.get("words", ())
        topics += data.get("topics", ())
    lexicon = Lexicon(tuple(concepts), tuple(masks), tuple(topics))
    _check(lexicon)
    return lexicon


def _concept(row: Mapping[str, Any]) -> Concept:
    values = dict(row)
    for key in ("aliases", "related"):
        values[key] = tuple(values.get(key, ()))
    return Concept(**values)


def _check(lexicon: Lexicon) -> None:
    owner: dict[str, str] = {}
    for concept in lexicon.concepts:
        if concept.kind not in KINDS:
            raise LexiconError(f"概念“{concept.name}”的 kind“{concept.kind}”不在允许的范围内。")
        if concept.topic not in lexicon.topics:
            raise LexiconError(f"概念“{concept.name}”的话题“{concept.topic}”不在 topics.toml 里。")
        for form in concept.forms():
            key = " ".join(normalize(form).split())
            if key in owner:
                raise LexiconError(f"“{form}”同时属于“{owner[key]}”和“{concept.name}”。")
            owner[key] = concept.name
    for concept in lexicon.concepts:
        for name in concept.related:
            if normalize(name) not in owner:
                raise LexiconError(f"概念“{concept.name}”的相关概念“{name}”不存在。")
