"""Loads the lexicon from TOML files; refuses unknown kinds, doubled names, missing concepts."""

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from index.errors import LexiconError
from index.lexicon.model import (
    CONCEPT_KINDS,
    LABELS,
    Attestation,
    Concept,
    Lexicon,
    concept_of,
    form_key,
)

_KEYS = ("concept", "source", "words", "topics", "regional")


def load_lexicon() -> Lexicon:
    """The lexicon in `seeds/lexicon/`; raises LexiconError naming file and entry."""
    folder = files("seeds").joinpath("lexicon")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return read_lexicon((name, folder.joinpath(name).read_text("utf-8")) for name in names)


def read_lexicon(files_read: Iterable[tuple[str, str]]) -> Lexicon:
    """Lexicon from (file name, TOML text) pairs. Raises LexiconError naming file and entry."""
    concepts: list[Concept] = []
    masks: list[str] = []
    topics: list[str] = []
    named: list[Attestation] = []
    regional: list[tuple[str, ...]] = []
    places: list[str] = []
    for name, text in files_read:
        data = _read_toml(name, text)
        masks += data.get("words", ())
        topics += data.get("topics", ())
        regional += [tuple(group.split()) for group in data.get("regional", ())]
        named += _sources(name, data.get("source", ()))
        for number, row in enumerate(data.get("concept", ()), 1):
            try:
                concepts.append(concept_of(row))
            except (TypeError, ValueError) as error:
                raise LexiconError(f"{name} 的第 {number} 个概念无法读取：{error}。") from error
            places.append(f"{name} 的“{concepts[-1].name}”")
    lexicon = Lexicon(tuple(concepts), tuple(masks), tuple(topics), tuple(named), tuple(regional))
    _check(lexicon, places)
    return lexicon


def _read_toml(name: str, text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name} 不是有效的 TOML：{error}。") from error
    for key, value in data.items():
        if key not in ("concept", "source", "words", "topics", "regional") or not isinstance(
            value, list
        ):
            raise LexiconError(
                f"{name} 里只能有 [[concept]]、[[source]] 以及列表 words、topics 和 regional，"
                f"不能有 {key}。"
            )
    return data


def _sources(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Attestation]:
    try:
        return [Attestation(**row) for row in rows]
    except TypeError as error:
        raise LexiconError(f"{name} 的一个来源无法读取：{error}。") from error


def _check(lexicon: Lexicon, places: Sequence[str]) -> None:
    owner: dict[str, str] = {}
    known = {source.id for source in lexicon.sources}
    for concept, place in zip(lexicon.concepts, places, strict=True):
        for fault in _faults(concept, lexicon.topics, known):
            raise LexiconError(f"{place}：{fault}。")
        for form in concept.forms():
            key = form_key(form)
            if key in owner:
                raise LexiconError(f"“{form}”同时属于 {owner[key]}和 {place}。")
            owner[key] = place
    for concept, place in zip(lexicon.concepts, places, strict=True):
        for name in concept.related:
            if form_key(name) not in owner:
                raise LexiconError(f"{place}：相关概念“{name}”不存在。")
    grouped: set[str] = set()
    for group in lexicon.regional:
        words = {form_key(word) for word in group}
        if len(words) < max(len(group), 2) or words & grouped:
            raise LexiconError(
                f"地区词“{' '.join(group)}”要有两个以上不同的词，每个词只能在一组里。"
            )
        grouped |= words


def _faults(concept: Concept, topics: Sequence[str], sources: Container[str]) -> Iterator[str]:
    if concept.kind not in CONCEPT_KINDS:
        yield f"kind“{concept.kind}”不在允许的范围内"
    if concept.labels not in LABELS:
        yield "labels 只能是 always、title 或 never"
    if concept.topic and concept.topic not in topics:
        yield f"话题“{concept.topic}”不在 topics.toml 里"
    for source in concept.sources:
        if source not in sources:
            yield f"来源“{source}”不在 sources.toml 里"
